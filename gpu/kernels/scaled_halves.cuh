#pragma once

#include "gpu/kernels/cuda.h"

namespace bs::gpu {

// x [n, cols] f32 becomes f16 for a matrix product, in steps of a power of two that all of it
// shares: whatever its size, the largest number is near the top of f16's range and what is a
// billionth of it is not lost.

/// Where columns of x go.
struct HalvesOrder
{
    const uint32_t* source; ///< [cols] column of x that comes i-th; nullptr: in order
    const float* factor;    ///< [cols] of that column; nullptr: 1
    uint32_t cols;
    uint32_t paddedCols; ///< columns of the result; zeros behind cols
};

__device__ inline float halvesValue(const HalvesOrder& order, const float* row, uint32_t col)
{
    if (col >= order.cols) return 0.0F;
    const float value = row[order.source != nullptr ? order.source[col] : col];
    return order.factor != nullptr ? value * order.factor[col] : value;
}

inline constexpr unsigned kHalvesThreads = 256;

/// *most = bits of the largest magnitude (it begins as 0). A block for each row of x.
__global__ void halvesMost(HalvesOrder order, const float* x, uint32_t xStride, unsigned* most)
{
    letFollowersStart();
    waitForEarlier();
    const float* row = x + std::size_t{blockIdx.x} * xStride;
    unsigned largest = 0;
    for (uint32_t col = threadIdx.x; col < order.cols; col += kHalvesThreads)
        largest = max(largest, __float_as_uint(halvesValue(order, row, col)) & 0x7FFFFFFFU);
    for (int lanes = 16; lanes > 0; lanes /= 2)
        largest = max(largest, __shfl_xor_sync(~0U, largest, lanes));
    // finite ones alone: a row that has others must not spoil the steps of the rest
    if (threadIdx.x % 32 == 0 && largest < 0x7F800000U) atomicMax(most, largest);
}

/// 2^14 over the power of two at or below the largest: results stay below f16's 65504.
__device__ inline float halvesFactor(unsigned most)
{
    const int exponent = static_cast<int>(most >> 23) - 127; // -127: nothing, or next to it
    const int by = min(max(14 - exponent, -126), 126);
    return __uint_as_float(static_cast<unsigned>(by + 127) << 23);
}

/// to [n, paddedCols]; scale[0]: what a product with it is to be multiplied by, times `extra`;
/// scale[1]: zero.
__global__ void halvesConvert(HalvesOrder order, const float* x, uint32_t xStride,
                              const unsigned* most, float extra, Half* to, float* scale)
{
    letFollowersStart();
    waitForEarlier();
    const float factor = halvesFactor(*most);
    const float* row = x + std::size_t{blockIdx.x} * xStride;
    Half* out = to + std::size_t{blockIdx.x} * order.paddedCols;
    for (uint32_t col = threadIdx.x; col < order.paddedCols; col += kHalvesThreads)
        out[col] = toHalf(halvesValue(order, row, col) * factor);
    if (blockIdx.x == 0 && threadIdx.x == 0) {
        scale[0] = extra / factor;
        scale[1] = 0.0F;
    }
}

} // namespace bs::gpu
