#pragma once

#include "gpu/kernels/pieces.cuh"

// RMS norm, a block for each row. What comes before this in a token's way is short, so one row must
// not take long: its numbers stay in registers between the sum and the result, the weights are
// fetched before the row is there.

namespace bs::gpu {

inline constexpr unsigned kNormThreads = 1024;
/// Fours that a thread holds: rows of up to 16384 columns. Of wider ones the rest is read again.
inline constexpr unsigned kNormHeld = 4;

/// Sum over the block, in every thread. The order is fixed.
__device__ inline float blockSum(float value)
{
    __shared__ float ofWarps[kNormThreads / 32];
    for (int lanes = 16; lanes > 0; lanes /= 2)
        value += __shfl_xor_sync(~0U, value, lanes);
    if (threadIdx.x % 32 == 0) ofWarps[threadIdx.x / 32] = value;
    __syncthreads();
    float sum = 0;
    for (unsigned warp = 0; warp < blockDim.x / 32; ++warp)
        sum += ofWarps[warp];
    return sum;
}

__device__ inline float squares(float4 v)
{
    return v.x * v.x + v.y * v.y + (v.z * v.z + v.w * v.w);
}

__device__ inline float4 scaled(float4 v, float scale, float4 weight)
{
    return make_float4(v.x * scale * weight.x, v.y * scale * weight.y, v.z * scale * weight.z,
                       v.w * scale * weight.w);
}

/// A row's four numbers at `at`, to which delta's are added first, if there are any.
template <bool kVector>
__device__ inline float4 addFour(float* hidden, const float* delta, std::size_t at,
                                 std::size_t width)
{
    float4 values = loadFour<kVector>(hidden + at, width - at);
    if (delta == nullptr) return values;
    values = sumOf(values, loadFour<kVector>(delta + at, width - at));
    storeFour<kVector>(hidden + at, width - at, values);
    return values;
}

/// kVector: rows of all arrays are aligned to 16 bytes.
template <bool kVector>
__global__ void __launch_bounds__(kNormThreads)
    addAndNormKernel(float* hidden, const float* delta, const float* weight, float epsilon,
                     std::size_t width, float* normed)
{
    letFollowersStart();
    const std::size_t step = std::size_t{blockDim.x} * 4;
    const std::size_t first = std::size_t{threadIdx.x} * 4;
    float4 weights[kNormHeld];
#pragma unroll
    for (unsigned i = 0; i < kNormHeld; ++i)
        if (first + i * step < width)
            weights[i] = loadFour<kVector>(weight + first + i * step, width - (first + i * step));
    waitForEarlier();

    hidden += blockIdx.x * width;
    normed += blockIdx.x * width;
    if (delta != nullptr) delta += blockIdx.x * width;
    float4 values[kNormHeld];
    float sum = 0;
#pragma unroll
    for (unsigned i = 0; i < kNormHeld; ++i)
        if (first + i * step < width) {
            values[i] = addFour<kVector>(hidden, delta, first + i * step, width);
            sum += squares(values[i]);
        }
    for (std::size_t at = first + kNormHeld * step; at < width; at += step)
        sum += squares(addFour<kVector>(hidden, delta, at, width));

    const float scale = 1.0F / sqrtf(blockSum(sum) / static_cast<float>(width) + epsilon);
#pragma unroll
    for (unsigned i = 0; i < kNormHeld; ++i)
        if (first + i * step < width)
            storeFour<kVector>(normed + first + i * step, width - (first + i * step),
                               scaled(values[i], scale, weights[i]));
    for (std::size_t at = first + kNormHeld * step; at < width; at += step)
        storeFour<kVector>(normed + at, width - at,
                           scaled(loadFour<kVector>(hidden + at, width - at), scale,
                                  loadFour<kVector>(weight + at, width - at)));
}

} // namespace bs::gpu
