#pragma once

#include "gpu/kernels/mma.h"
#include "gpu/kernels/nested_decode.cuh"

// Products of a nested matrix with 9 to 32 tokens: short prompts, for which a decoded matrix would
// be written to memory and read again for little. A warp decodes a tile into shared memory and
// multiplies it with the tokens' x at once; sums of 64 rows and all tokens stay in its registers.

namespace bs::gpu {

inline constexpr uint32_t kBatchWarps = 4;
/// Pairs of weights from one row of a decoded tile to the next: fragments of the matrix units then
/// lie in different banks.
inline constexpr uint32_t kBatchPitch = kNestedTileCols / 2 + 4;
inline constexpr uint32_t kBatchRowSteps = kNestedTileRows / 16;

/// A lane's sums (mmaF16) of 64 rows and 8 kSteps tokens.
template <int kSteps>
struct BatchSums
{
    float of[kBatchRowSteps][kSteps][4];

    /// Calls body(row of the tile, token, sum).
    template <class Body>
    __device__ void each(const Body& body)
    {
#pragma unroll
        for (uint32_t rows = 0; rows < kBatchRowSteps; ++rows)
#pragma unroll
            for (uint32_t step = 0; step < kSteps; ++step)
#pragma unroll
                for (uint32_t i = 0; i < 4; ++i)
                    body(16 * rows + threadIdx.x % 32 / 4 + i / 2 * 8,
                         kNestedBatchStep * step + threadIdx.x % 4 * 2 + i % 2, of[rows][step][i]);
    }
};

/// Adds a decoded tile [64, kBatchPitch] times x, which begins at the tile's columns.
template <int kSteps>
__device__ inline void addTile(BatchSums<kSteps>& sums, const uint32_t* tile, const uint32_t* x,
                               std::size_t xPitch, uint32_t tokens)
{
    const unsigned g = threadIdx.x % 32 / 4;
    const unsigned t = threadIdx.x % 4;
#pragma unroll
    for (uint32_t half = 0; half < 2; ++half) {
        uint32_t b[kSteps][2];
#pragma unroll
        for (uint32_t step = 0; step < kSteps; ++step) {
            const uint32_t token = kNestedBatchStep * step + g;
            const uint32_t* at = x + token * xPitch + 8 * half + t;
            b[step][0] = token < tokens ? at[0] : 0;
            b[step][1] = token < tokens ? at[4] : 0;
        }
#pragma unroll
        for (uint32_t rows = 0; rows < kBatchRowSteps; ++rows) {
            const uint32_t* upper = tile + (16 * rows + g) * kBatchPitch + 8 * half + t;
            const uint32_t* lower = upper + 8 * kBatchPitch;
#pragma unroll
            for (uint32_t step = 0; step < kSteps; ++step)
                mmaF16(sums.of[rows][step], upper[0], lower[0], upper[4], lower[4], b[step][0],
                       b[step][1]);
        }
    }
}

/// y [tokens, yStride]: a block of threads for each row of tiles and part of its columns.
template <int kSteps>
__global__ void __launch_bounds__(kBatchWarps * 32) nestedBatch(NestedBatchArguments a)
{
    constexpr uint32_t kTokens = kNestedBatchStep * kSteps;
    __shared__ uint32_t tiles[kBatchWarps][kNestedTileRows * kBatchPitch];
    __shared__ float total[kTokens][kNestedTileRows];
    __shared__ float rowScale[kNestedTileRows];
    letFollowersStart();
    const NestedMatrixView& matrix = a.matrix;
    const uint32_t tileRow = blockIdx.y;
    const uint32_t place = tileRow * gridDim.x + blockIdx.x;
    const unsigned warp = threadIdx.x / 32;
    const unsigned lane = threadIdx.x % 32;
    const NestedListPart part = a.list.parts[place];
    if (threadIdx.x < kNestedTileRows) {
        const uint32_t at = tileRow * kNestedTileRows + threadIdx.x;
        rowScale[threadIdx.x] = at < matrix.rows ? matrix.rowScale[at] * a.factor : 0.0F;
    }
    __syncthreads();
    waitForEarlier();

    const std::size_t xPitch = std::size_t{matrix.tileCols} * (kNestedTileCols / 2);
    const auto* x = reinterpret_cast<const uint32_t*>(a.x);
    auto* own = reinterpret_cast<Half*>(tiles[warp]);
    const float unit = unitOf(part);
    BatchSums<kSteps> sums{};
    for (uint32_t tile = warp; tile < part.tiles; tile += kBatchWarps) {
        DecodedTile decoded;
        addPlanes(a.list, part, part.firstTile + tile, decoded);
        __syncwarp(); // all have done with the tile before
#pragma unroll
        for (unsigned i = 0; i < kTilePairs; ++i) {
            const float2 pair = numbersOf(decoded.pairs[i]);
            own[2 * i * 2 * kBatchPitch + lane] = toHalf(pair.x * rowScale[2 * i] * unit);
            own[(2 * i + 1) * 2 * kBatchPitch + lane] = toHalf(pair.y * rowScale[2 * i + 1] * unit);
        }
        eachOutlierOf(matrix, place, tile * kNestedTileCols, [&](unsigned row, float value) {
            Half& to = own[row * 2 * kBatchPitch + lane];
            to = toHalf(toFloat(to) + value * rowScale[row]);
        });
        __syncwarp();
        addTile(sums, tiles[warp], x + (part.firstTile + tile) * (kNestedTileCols / 2), xPitch,
                a.tokens);
    }
    for (uint32_t turn = 0; turn < kBatchWarps; ++turn) { // always in this order
        if (warp == turn)
            sums.each([&](uint32_t row, uint32_t token, float sum) {
                total[token][row] = turn == 0 ? sum : total[token][row] + sum;
            });
        __syncthreads();
    }
    const std::size_t paddedRows = std::size_t{matrix.tileRows} * kNestedTileRows;
    const std::size_t firstRow = std::size_t{tileRow} * kNestedTileRows;
    const auto store = [&](uint32_t row, uint32_t token, float sum) {
        if (firstRow + row < matrix.rows)
            a.y[token * a.yStride + matrix.rowOrder[firstRow + row]] = sum * *a.scale;
    };
    for (uint32_t i = threadIdx.x; i < a.tokens * kNestedTileRows; i += kBatchWarps * 32) {
        const uint32_t token = i / kNestedTileRows;
        const uint32_t row = i % kNestedTileRows;
        if (gridDim.x == 1)
            store(row, token, total[token][row]);
        else
            a.partial[(std::size_t{blockIdx.x} * a.tokens + token) * paddedRows + firstRow + row] =
                total[token][row];
    }
    if (gridDim.x == 1 || !isLastOf(a.arrived + tileRow, gridDim.x)) return;
    for (uint32_t i = threadIdx.x; i < a.tokens * kNestedTileRows; i += kBatchWarps * 32) {
        const uint32_t token = i / kNestedTileRows;
        const uint32_t row = i % kNestedTileRows;
        float sum = 0;
        for (uint32_t p = 0; p < gridDim.x; ++p)
            sum += __ldcg(a.partial + (std::size_t{p} * a.tokens + token) * paddedRows + firstRow +
                          row);
        store(row, token, sum);
    }
}

} // namespace bs::gpu
