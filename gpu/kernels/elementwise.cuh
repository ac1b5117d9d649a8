#pragma once

#include "gpu/kernels/pieces.cuh"

// What is done number by number. Each thread has four neighbours: one 16-byte access where both
// arrays are aligned to it (kVector), else one by one.

namespace bs::gpu {

inline constexpr unsigned kElementThreads = 256;

/// The thread's first number; behind `count`: nothing to do.
__device__ inline std::size_t firstElement()
{
    return (std::size_t{blockIdx.x} * blockDim.x + threadIdx.x) * 4;
}

template <bool kVector>
__global__ void addToKernel(float* hidden, const float* delta, std::size_t count)
{
    letFollowersStart();
    waitForEarlier();
    const std::size_t at = firstElement();
    if (at >= count) return;
    storeFour<kVector>(hidden + at, count - at,
                       sumOf(loadFour<kVector>(hidden + at, count - at),
                             loadFour<kVector>(delta + at, count - at)));
}

/// As the CPU's kernels compute it: where exp(-gate) is infinite the result is 0.
__device__ inline float gated(float gate, float up)
{
    return gate / (1.0F + expf(-gate)) * up;
}

template <bool kVector>
__global__ void swigluKernel(float* gate, const float* up, std::size_t count)
{
    letFollowersStart();
    waitForEarlier();
    const std::size_t at = firstElement();
    if (at >= count) return;
    const float4 g = loadFour<kVector>(gate + at, count - at);
    const float4 u = loadFour<kVector>(up + at, count - at);
    storeFour<kVector>(
        gate + at, count - at,
        make_float4(gated(g.x, u.x), gated(g.y, u.y), gated(g.z, u.z), gated(g.w, u.w)));
}

template <bool kVector>
__global__ void toHalvesKernel(const float* from, Half* to, std::size_t count)
{
    letFollowersStart();
    waitForEarlier();
    const std::size_t at = firstElement();
    if (at >= count) return;
    const float4 values = loadFour<kVector>(from + at, count - at);
    if (kVector && count - at >= 4) {
        *reinterpret_cast<uint2*>(to + at) =
            make_uint2(pairOfHalves(values.x, values.y), pairOfHalves(values.z, values.w));
        return;
    }
    to[at] = toHalf(values.x);
    if (count - at > 1) to[at + 1] = toHalf(values.y);
    if (count - at > 2) to[at + 2] = toHalf(values.z);
    if (count - at > 3) to[at + 3] = toHalf(values.w);
}

/// A block for some columns of a row; the matrix is read number by number, for it is little.
__global__ void gatherRowsKernel(const Half* matrix, const int32_t* tokens, std::size_t width,
                                 float* out)
{
    letFollowersStart();
    waitForEarlier();
    const std::size_t col = std::size_t{blockIdx.y} * blockDim.x + threadIdx.x;
    if (col >= width) return;
    const auto token = static_cast<std::size_t>(tokens[blockIdx.x]);
    out[blockIdx.x * width + col] = toFloat(matrix[token * width + col]);
}

} // namespace bs::gpu
