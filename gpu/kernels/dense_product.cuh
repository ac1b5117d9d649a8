#pragma once

#include "gpu/kernels/pieces.cuh"

// Products of an f16 matrix with one to eight tokens. A warp takes kRows rows, and its lanes have 8
// columns of each at a time: 16 bytes, 512 of a row side by side. Reading W is all that takes time,
// so the next columns are asked for before those at hand are multiplied, and the first ones before
// what makes x has ended. x comes from the first-level cache, where W does not go.

namespace bs::gpu {

inline constexpr unsigned kDenseWarps = 8;

struct DenseArguments
{
    const Half* W;  ///< [rows, cols]
    const float* x; ///< [n, cols]
    float* y;       ///< [n, yStride]
    std::size_t yStride;
    uint32_t rows, cols, n;
};

/// sum + eight numbers of W times x.
__device__ inline float addProducts(float sum, uint4 w, float4 low, float4 high)
{
    const float2 a = numbersOf(w.x);
    const float2 b = numbersOf(w.y);
    const float2 c = numbersOf(w.z);
    const float2 d = numbersOf(w.w);
    sum = fmaf(a.x, low.x, fmaf(a.y, low.y, sum));
    sum = fmaf(b.x, low.z, fmaf(b.y, low.w, sum));
    sum = fmaf(c.x, high.x, fmaf(c.y, high.y, sum));
    return fmaf(d.x, high.z, fmaf(d.y, high.w, sum));
}

/// Adds up kCount numbers over the lanes, a power of two up to 32: lane l gets the sum of number l
/// * kCount / 32. Lanes halve what they have between them while there is more than one, so 32
/// numbers take 31 exchanges and not 160.
template <int kCount>
__device__ inline float sumOverLanes(float (&numbers)[kCount])
{
    int count = kCount;
#pragma unroll
    for (int lanes = 16; lanes > 0; lanes /= 2) {
        const bool upper = (threadIdx.x & static_cast<unsigned>(lanes)) != 0;
        if (count == 1) {
            numbers[0] += __shfl_xor_sync(~0U, numbers[0], lanes);
            continue;
        }
        count /= 2;
#pragma unroll
        for (int i = 0; i < count; ++i) {
            const float given = upper ? numbers[i] : numbers[i + count];
            const float kept = upper ? numbers[i + count] : numbers[i];
            numbers[i] = kept + __shfl_xor_sync(~0U, given, lanes);
        }
    }
    return numbers[0];
}

/// Adds up what lanes have of tokens and rows, sums[token * kRows + r], and writes rows firstRow +
/// r from `wantedRow` on.
template <int kTokens, int kRows>
__device__ inline void finishRows(const DenseArguments& of, uint32_t firstRow, uint32_t wantedRow,
                                  float (&sums)[kTokens * kRows])
{
    constexpr uint32_t kCount = kTokens * kRows;
    const float sum = sumOverLanes(sums);
    const uint32_t lane = threadIdx.x % 32;
    const uint32_t token = lane * kCount / 32 / kRows;
    const uint32_t row = firstRow + lane * kCount / 32 % kRows;
    if (lane % (32 / kCount) == 0 && token < of.n && row >= wantedRow)
        of.y[token * of.yStride + row] = sum;
}

/// cols a multiple of 8, W and x aligned to 16 bytes, rows >= kRows, n <= kTokens. Tokens that are
/// not there are read as the last one, and the last warp takes rows of the one before it again.
template <int kTokens, int kRows>
__global__ void __launch_bounds__(kDenseWarps * 32, 2) denseProductKernel(DenseArguments of)
{
    letFollowersStart();
    const uint32_t wantedRow = (blockIdx.x * kDenseWarps + threadIdx.x / 32) * kRows;
    const uint32_t firstRow = min(wantedRow, of.rows - kRows);
    const uint32_t pieces = of.cols / 8;
    const auto* W = reinterpret_cast<const uint4*>(of.W) + std::size_t{firstRow} * pieces;
    uint32_t at = threadIdx.x % 32;
    uint4 next[kRows];
#pragma unroll
    for (int r = 0; r < kRows; ++r)
        next[r] = at < pieces && wantedRow < of.rows ? loadOnce(W + (r * pieces + at))
                                                     : make_uint4(0, 0, 0, 0);
    waitForEarlier();
    if (wantedRow >= of.rows) return;

    const auto* x = reinterpret_cast<const float4*>(of.x);
    float sums[kTokens * kRows] = {};
    for (; at < pieces; at += 32) {
        uint4 w[kRows];
#pragma unroll
        for (int r = 0; r < kRows; ++r) {
            w[r] = next[r];
            if (at + 32 < pieces) next[r] = loadOnce(W + (r * pieces + at + 32));
        }
#pragma unroll
        for (int token = 0; token < kTokens; ++token) {
            const uint32_t piece = min(static_cast<uint32_t>(token), of.n - 1) * pieces + at;
            const float4 low = x[2 * piece];
            const float4 high = x[2 * piece + 1];
#pragma unroll
            for (int r = 0; r < kRows; ++r)
                sums[token * kRows + r] = addProducts(sums[token * kRows + r], w[r], low, high);
        }
    }
    finishRows<kTokens, kRows>(of, firstRow, wantedRow, sums);
}

/// The same for any number of columns and any place: a row of a warp, number by number.
template <int kTokens>
__global__ void __launch_bounds__(kDenseWarps * 32) denseProductAnywhereKernel(DenseArguments of)
{
    letFollowersStart();
    waitForEarlier();
    const uint32_t row = blockIdx.x * kDenseWarps + threadIdx.x / 32;
    if (row >= of.rows) return;
    float sums[kTokens] = {};
    for (uint32_t col = threadIdx.x % 32; col < of.cols; col += 32) {
        const float w = toFloat(of.W[std::size_t{row} * of.cols + col]);
#pragma unroll
        for (int token = 0; token < kTokens; ++token)
            if (static_cast<uint32_t>(token) < of.n)
                sums[token] = fmaf(w, of.x[std::size_t(token) * of.cols + col], sums[token]);
    }
    finishRows<kTokens, 1>(of, row, row, sums);
}

} // namespace bs::gpu
