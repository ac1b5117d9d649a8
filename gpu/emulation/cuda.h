#pragma once

// What kernels use of CUDA's language and library, for a plain compiler: gpu/kernels/cuda.h
// includes it when nvcc does not compile.
#include "core/tensor/float16.h"
#include "gpu/emulation/block.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __shared__ static
#define threadIdx (::bs::gpu::emulation::place().threadIdx)
#define blockIdx (::bs::gpu::emulation::place().blockIdx)
#define blockDim (::bs::gpu::emulation::place().blockDim)
#define gridDim (::bs::gpu::emulation::place().gridDim)

// NOLINTBEGIN(bugprone-reserved-identifier): CUDA's names

struct dim3
{
    unsigned x, y, z;
    constexpr dim3(unsigned ofX = 1, unsigned ofY = 1, unsigned ofZ = 1)
        : x(ofX)
        , y(ofY)
        , z(ofZ)
    {
    } // NOLINT(google-explicit-constructor)
    constexpr operator bs::gpu::emulation::Index() const
    {
        return {x, y, z};
    } // NOLINT(google-explicit-constructor)
};

struct alignas(8) uint2
{
    unsigned x, y;
};
struct alignas(16) uint4
{
    unsigned x, y, z, w;
};
struct alignas(8) float2
{
    float x, y;
};
struct alignas(16) float4
{
    float x, y, z, w;
};
inline uint2 make_uint2(unsigned x, unsigned y)
{
    return {x, y};
}
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w)
{
    return {x, y, z, w};
}
inline float2 make_float2(float x, float y)
{
    return {x, y};
}
inline float4 make_float4(float x, float y, float z, float w)
{
    return {x, y, z, w};
}

using std::max;
using std::min;

namespace bs::gpu {

struct Half
{
    std::uint16_t bits;
};

template <class T>
T* sharedRoom()
{
    return static_cast<T*>(emulation::place().shared);
}

namespace emulation {

template <class T>
Words wordsOf(T value)
{
    static_assert(sizeof(T) <= 8);
    Words words{};
    std::memcpy(words.data(), &value, sizeof(T));
    return words;
}
template <class T>
T valueOf(const Words& words)
{
    T value;
    std::memcpy(&value, words.data(), sizeof(T));
    return value;
}

} // namespace emulation

} // namespace bs::gpu

inline float __half2float(bs::gpu::Half value)
{
    return bs::halfToFloat(value.bits);
}
inline bs::gpu::Half __float2half_rn(float value)
{
    return {bs::floatToHalf(value)};
}

inline void __syncthreads()
{
    bs::gpu::emulation::blockBarrier();
}
inline void __syncwarp(unsigned = ~0U)
{
    bs::gpu::emulation::exchange("__syncwarp", {});
}
inline void __threadfence()
{
}

template <class T>
T __shfl_sync(unsigned, T value, unsigned lane)
{
    return bs::gpu::emulation::valueOf<T>(
        bs::gpu::emulation::exchange("__shfl_sync", bs::gpu::emulation::wordsOf(value))[lane % 32]);
}
template <class T>
T __shfl_xor_sync(unsigned, T value, unsigned lanes)
{
    const unsigned lane = bs::gpu::emulation::place().lane;
    return bs::gpu::emulation::valueOf<T>(bs::gpu::emulation::exchange(
        "__shfl_xor_sync", bs::gpu::emulation::wordsOf(value))[(lane ^ lanes) % 32]);
}
/// As the instruction does: a lane too high keeps its own value.
template <class T>
T __shfl_down_sync(unsigned, T value, unsigned lanes)
{
    const unsigned lane = bs::gpu::emulation::place().lane;
    const auto& all =
        bs::gpu::emulation::exchange("__shfl_down_sync", bs::gpu::emulation::wordsOf(value));
    return bs::gpu::emulation::valueOf<T>(all[lane + lanes < 32 ? lane + lanes : lane]);
}
inline unsigned __ballot_sync(unsigned, bool vote)
{
    const auto& all =
        bs::gpu::emulation::exchange("__ballot_sync", bs::gpu::emulation::wordsOf(vote ? 1U : 0U));
    unsigned votes = 0;
    for (unsigned lane = 0; lane < 32; ++lane)
        votes |= all[lane][0] << lane;
    return votes;
}

inline unsigned __byte_perm(unsigned low, unsigned high, unsigned selector)
{
    const std::uint64_t bytes = (std::uint64_t{high} << 32) | low;
    unsigned result = 0;
    for (unsigned i = 0; i < 4; ++i)
        result |= static_cast<unsigned>((bytes >> (8 * ((selector >> (4 * i)) & 7U))) & 0xFFU)
                  << (8 * i);
    return result;
}
inline unsigned __float_as_uint(float value)
{
    return std::bit_cast<unsigned>(value);
}
inline float __uint_as_float(unsigned value)
{
    return std::bit_cast<float>(value);
}
/// One more than the place of the lowest bit that is set; 0 if none is.
inline int __ffs(int value)
{
    return value == 0 ? 0 : std::countr_zero(static_cast<unsigned>(value)) + 1;
}
inline int __popc(unsigned value)
{
    return std::popcount(value);
}

/// Blocks run one after the other and fibers in one thread, so nothing comes between.
template <class T>
T atomicAdd(T* at, T value)
{
    const T before = *at;
    *at += value;
    return before;
}
inline unsigned atomicInc(unsigned* at, unsigned most)
{
    const unsigned before = *at;
    *at = before >= most ? 0 : before + 1;
    return before;
}

inline unsigned atomicMax(unsigned* at, unsigned value)
{
    const unsigned before = *at;
    *at = std::max(before, value);
    return before;
}

template <class T>
T __ldg(const T* at)
{
    return *at;
}
template <class T>
T __ldcg(const T* at)
{
    return *at;
}

// NOLINTEND(bugprone-reserved-identifier)
