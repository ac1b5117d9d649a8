#pragma once

#include "gpu/kernels/cuda.h"

// Small pieces that several kernels are made of.

namespace bs::gpu {

/// Four numbers from `at` on, or the `count` that there are; the others are 0.
template <bool kVector>
__device__ inline float4 loadFour(const float* at, std::size_t count)
{
    if (kVector && count >= 4) return *reinterpret_cast<const float4*>(at);
    return make_float4(count > 0 ? at[0] : 0.0F, count > 1 ? at[1] : 0.0F, count > 2 ? at[2] : 0.0F,
                       count > 3 ? at[3] : 0.0F);
}

template <bool kVector>
__device__ inline void storeFour(float* at, std::size_t count, float4 values)
{
    if (kVector && count >= 4) {
        *reinterpret_cast<float4*>(at) = values;
        return;
    }
    if (count > 0) at[0] = values.x;
    if (count > 1) at[1] = values.y;
    if (count > 2) at[2] = values.z;
    if (count > 3) at[3] = values.w;
}

__device__ inline float4 sumOf(float4 a, float4 b)
{
    return make_float4(a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w);
}

/// Two numbers as one register of a matrix instruction, the first in the lower half.
__device__ inline uint32_t pairOfHalves(float low, float high)
{
    return uint32_t{toHalf(low).bits} | uint32_t{toHalf(high).bits} << 16;
}

/// Both numbers of a register.
__device__ inline float2 numbersOf(uint32_t halves)
{
    return make_float2(toFloat(Half{static_cast<uint16_t>(halves & 0xFFFFU)}),
                       toFloat(Half{static_cast<uint16_t>(halves >> 16)}));
}

/// Whether the block is the last of `parts` to come here; then it sees what the others wrote.
/// `arrived` begins as 0 and is 0 again behind it.
__device__ inline bool isLastOf(unsigned* arrived, uint32_t parts)
{
    __shared__ bool last;
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) last = atomicInc(arrived, parts - 1) == parts - 1; // counts round to 0
    __syncthreads();
    __threadfence();
    return last;
}

/// The sum of both numbers of two registers, rounded.
__device__ inline uint32_t sumOfPairs(uint32_t a, uint32_t b)
{
#ifdef __CUDA_ARCH__
    uint32_t sum;
    asm("add.rn.f16x2 %0, %1, %2;" : "=r"(sum) : "r"(a), "r"(b));
    return sum;
#else
    const float2 x = numbersOf(a);
    const float2 y = numbersOf(b);
    return pairOfHalves(x.x + y.x, x.y + y.y);
#endif
}

/// The highest bit of each half of a register in all of its bits.
__device__ inline uint32_t maskOfSigns(uint32_t halves)
{
#ifdef __CUDA_ARCH__
    uint32_t mask;
    asm("prmt.b32 %0, %1, 0, 0xBB99;" : "=r"(mask) : "r"(halves));
    return mask;
#else
    return (halves >> 31) * 0xFFFF0000U | (halves >> 15 & 1U) * 0xFFFFU;
#endif
}

} // namespace bs::gpu
