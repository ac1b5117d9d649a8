#pragma once

#include "gpu/kernels/bitstack_layout.h"
#include "gpu/kernels/mma.h"
#include "gpu/kernels/pieces.cuh"

// What the kernels of codec `bitstack` share: numbers of 16 bits, powers of two, signs and factors
// as lanes want them, and the sums of parts.

namespace bs::gpu {

__device__ inline float halfBitsToFloat(uint32_t bits)
{
#ifdef __CUDACC__
    return __half2float(__ushort_as_half(static_cast<unsigned short>(bits)));
#else
    return halfToFloat(static_cast<uint16_t>(bits));
#endif
}

/// The numbers in the lower and the upper half of a word.
__device__ inline float lowHalf(uint32_t pair)
{
    return halfBitsToFloat(pair & 0xFFFFU);
}
__device__ inline float highHalf(uint32_t pair)
{
    return halfBitsToFloat(pair >> 16);
}

__device__ inline uint32_t packHalves(float low, float high)
{
#ifdef __CUDACC__
    const __half2 pair = __floats2half2_rn(low, high);
    return *reinterpret_cast<const uint32_t*>(&pair);
#else
    return floatToHalf(low) | uint32_t{floatToHalf(high)} << 16;
#endif
}

/// +-1 in f32 or twice in f16: `one` with the signs that stand in the bits of `signs`, 1 is +1. One
/// instruction, where the compiler alone would take two because of the two constants.
__device__ inline uint32_t withSigns(uint32_t word, uint32_t signs, uint32_t one)
{
#ifdef __CUDA_ARCH__
    uint32_t result;
    asm("lop3.b32 %0, %1, %2, %3, 0xAE;" : "=r"(result) : "r"(word), "r"(signs), "r"(one));
    return result;
#else
    return (~word & signs) | one;
#endif
}

/// A power of two that brings numbers of at most `most` (bits of an f32 without sign) below 2, and
/// its inverse. Above 2^126 they stay below 4, and below 2^-87 they are left smaller, so that the
/// factor may be multiplied by 2^36 more.
struct PowerOfTwo
{
    float down, up;
};
__device__ inline PowerOfTwo powerFor(unsigned most)
{
    const unsigned exponent = min(max(most >> 23, 40U), 253U);
    return {__uint_as_float((254U - exponent) << 23), __uint_as_float(exponent << 23)};
}

/// Largest magnitudes order as their bits do, and infinities and NaN lie above all numbers.
__device__ inline unsigned magnitudeOf(float value)
{
    return __float_as_uint(value) & 0x7FFFFFFFU;
}
__device__ inline unsigned mostOfWarp(unsigned most)
{
    for (unsigned lanes = 16; lanes > 0; lanes /= 2)
        most = max(most, __shfl_xor_sync(~0U, most, lanes));
    return most;
}

/// Columns of a part, in pieces of kCols.
struct BitstackColumns
{
    uint32_t first, last;
};
template <uint32_t kCols>
__device__ inline BitstackColumns columnsOf(const BitstackMatrixView& matrix)
{
    const uint32_t pieces = (matrix.cols + kCols - 1) / kCols;
    return {pieces * blockIdx.x / gridDim.x, pieces * (blockIdx.x + 1) / gridDim.x};
}

/// 8 bytes of a row's signs from byte `at` on; behind the row's end anything. kWide: all rows begin
/// at multiples of 8 bytes, and rows of u at multiples of 4.
template <bool kWide>
__device__ inline uint2 loadSigns(const uint8_t* row, uint32_t at, uint32_t rowBytes)
{
    uint2 signs = make_uint2(0, 0);
    if constexpr (kWide) {
        if (at < rowBytes) signs = __ldg(reinterpret_cast<const uint2*>(row + at));
    } else {
        for (uint32_t i = 0; i < 4; ++i) {
            if (at + i < rowBytes) signs.x |= uint32_t{__ldg(row + at + i)} << (8 * i);
            if (at + 4 + i < rowBytes) signs.y |= uint32_t{__ldg(row + at + 4 + i)} << (8 * i);
        }
    }
    return signs;
}

/// u of a row, ranks `at` (even) and `at` + 1; 0 where there are none.
template <bool kWide>
__device__ inline uint32_t loadFactors(const uint16_t* row, uint32_t at, uint32_t rank)
{
    if (at >= rank) return 0;
    if constexpr (kWide) return __ldg(reinterpret_cast<const uint32_t*>(row + at));
    return __ldg(row + at) | (at + 1 < rank ? uint32_t{__ldg(row + at + 1)} << 16 : 0U);
}

/// Eight columns of vt; zeros where there are none.
__device__ inline uint4 loadColumns(const BitstackMatrixView& matrix, const uint16_t* vt,
                                    uint32_t rank, uint32_t col)
{
    if (rank >= matrix.rank || col >= matrix.cols) return make_uint4(0, 0, 0, 0);
    return __ldg(reinterpret_cast<const uint4*>(vt + std::size_t{rank} * matrix.cols + col));
}

/// Brings near what a block of threads will read of all blocks; x need not be there for it.
template <uint32_t kCols>
__device__ inline void prefetchStrip(const BitstackMatrixView& matrix, uint32_t firstRow,
                                     uint32_t lastRow, const BitstackColumns& columns)
{
    constexpr uint32_t kLine = 128;
    const uint32_t rowBytes = matrix.cols / 8;
    const uint32_t firstCol = columns.first * kCols;
    const uint32_t lastCol = min(columns.last * kCols, matrix.cols);
    const uint32_t rows = lastRow - firstRow;
    for (uint32_t b = 0; b < matrix.blocks; ++b) {
        const BitstackBlockEntry entry = matrix.entries[b];
        for (uint32_t row = threadIdx.x; row < rows; row += kBitstackThreads)
            for (uint32_t at = firstCol / 8; at < lastCol / 8; at += kLine)
                prefetch(entry.sign + std::size_t{firstRow + row} * rowBytes + at);
        const uint32_t lines = (lastCol - firstCol + kLine / 2 - 1) / (kLine / 2);
        for (uint32_t i = threadIdx.x; i < lines * matrix.rank; i += kBitstackThreads)
            prefetch(entry.vt + std::size_t{i / lines} * matrix.cols + firstCol +
                     i % lines * (kLine / 2));
        for (uint32_t i = threadIdx.x * (kLine / 2); i < rows * matrix.rank;
             i += kBitstackThreads * (kLine / 2))
            prefetch(entry.u + std::size_t{firstRow} * matrix.rank + i);
    }
}

/// Where a part leaves its sum of a strip's row for one token.
template <uint32_t kRows>
__device__ inline float* partialOf(const BitstackProductArguments& arguments, uint32_t part,
                                   uint32_t token, uint32_t row)
{
    return arguments.partial +
           ((std::size_t{part} * gridDim.y + blockIdx.y) * arguments.tokens + token) * kRows + row;
}

/// One row's sum of a part: y itself if there is no other part.
template <uint32_t kRows>
__device__ inline void leaveSum(const BitstackProductArguments& arguments, uint32_t token,
                                uint32_t row, float sum)
{
    const uint32_t at = blockIdx.y * kRows + row;
    if (gridDim.x > 1)
        *partialOf<kRows>(arguments, blockIdx.x, token, row) = sum;
    else if (at < arguments.matrix.rows)
        arguments.y[token * arguments.yStride + at] = sum;
}

/// The last block of a strip adds up what all parts left, in their order.
template <uint32_t kRows>
__device__ inline void addParts(const BitstackProductArguments& arguments)
{
    if (gridDim.x == 1 || !isLastOf(arguments.arrived + blockIdx.y, gridDim.x)) return;
    for (uint32_t i = threadIdx.x; i < arguments.tokens * kRows; i += kBitstackThreads) {
        const uint32_t at = blockIdx.y * kRows + i % kRows;
        if (at >= arguments.matrix.rows) continue;
        float sum = 0;
        for (uint32_t part = 0; part < gridDim.x; ++part)
            sum += __ldcg(partialOf<kRows>(arguments, part, i / kRows, i % kRows));
        arguments.y[i / kRows * arguments.yStride + at] = sum;
    }
}

/// The largest magnitudes of u (blockIdx.y 0) and vt (1) of each block (blockIdx.x).
__global__ void bitstackMeasure(BitstackMatrixView matrix)
{
    __shared__ unsigned mostOf[kBitstackWarps];
    const BitstackBlockEntry entry = matrix.entries[blockIdx.x];
    const uint16_t* values = blockIdx.y == 0 ? entry.u : entry.vt;
    const std::size_t count =
        std::size_t{blockIdx.y == 0 ? matrix.rows : matrix.cols} * matrix.rank;
    unsigned most = 0; // two f16 without signs: each half orders as its bits do
    for (std::size_t i = threadIdx.x; i < count / 8; i += kBitstackThreads) {
        const uint4 words = __ldg(reinterpret_cast<const uint4*>(values) + i);
        for (const uint32_t word : {words.x, words.y, words.z, words.w})
            most = max(most, max(word & 0x7FFFU, word >> 16 & 0x7FFFU));
    }
    if (threadIdx.x < count % 8) most = max(most, values[count - 1 - threadIdx.x] & 0x7FFFU);
    most = mostOfWarp(most);
    if (threadIdx.x % 32 == 0) mostOf[threadIdx.x / 32] = most;
    __syncthreads();
    if (threadIdx.x != 0) return;
    for (uint32_t w = 1; w < kBitstackWarps; ++w)
        most = max(most, mostOf[w]);
    matrix.most[2 * blockIdx.x + blockIdx.y] = halfBitsToFloat(most);
}

} // namespace bs::gpu
