#pragma once

#include "gpu/kernels/bitstack_steps.cuh"

#include <algorithm>

// Weights of blocks, in registers: matrix units multiply u and vt (16 rows, 16 ranks, 8 columns an
// instruction), signs are applied and blocks added up in f32, three instructions a weight. What a
// lane then holds of 16 rows and 16 columns is just what the matrix units want of their first
// factor, so for 2 to 32 tokens the weights are rounded to f16 and multiplied with x at once, an
// instruction for eight tokens. Longer prompts want them in memory.
//
// Lane 4 g + t has columns 8 t .. 8 t + 7 of each 32, of rows g and g + 8.

namespace bs::gpu {

inline constexpr uint32_t kBitstackPieceSteps = 4; ///< of 16 columns, in a piece of 64

/// Weights of a piece: [step] row g, columns 8t + 4h, + 1, row g + 8, the same; then columns + 2,
/// + 3; step = 2 (column / 32) + h.
struct BitstackWeights
{
    float step[kBitstackPieceSteps][8];
};

/// vt of a stage as the matrix units want it: [slots, 4 steps, 32 lanes], lanes of every other
/// eight in another order, for stores to different banks.
__device__ inline uint32_t placeOfLane(uint32_t lane)
{
    return lane ^ (lane / 8 % 2 * 4);
}

/// Columns c and c + 2 of an octet, ranks r, r + 1, r + 8, r + 9: what a lane needs of both tiles.
__device__ inline uint4 pairsOf(const uint4 (&ranks)[4], uint32_t column)
{
    const auto word = [](const uint4& octet, uint32_t c) {
        return c < 4 ? (c < 2 ? octet.x : octet.y) : (c < 6 ? octet.z : octet.w);
    };
    const auto pair = [&](int rank, uint32_t c) {
        return __byte_perm(word(ranks[rank], c), word(ranks[rank + 1], c),
                           c % 2 == 0 ? 0x5410 : 0x7632);
    };
    return {pair(0, column), pair(2, column), pair(0, column + 2), pair(2, column + 2)};
}

/// A slot: 64 columns of vt from `col` on, 16 ranks from `rank` on. Made by a warp.
__device__ inline void makeSlot(const BitstackMatrixView& matrix, const uint16_t* vt, uint32_t rank,
                                uint32_t col, uint4* to)
{
    const unsigned lane = threadIdx.x % 32;
    const unsigned pair = lane % 4;
    const unsigned octet = lane / 4 % 4;
    const unsigned word = lane / 16;
    uint4 ranks[4];
#pragma unroll
    for (uint32_t i = 0; i < 4; ++i)
        ranks[i] = loadColumns(matrix, vt, rank + 2 * pair + i / 2 * 8 + i % 2,
                               col + 32 * word + 8 * octet);
#pragma unroll
    for (uint32_t h = 0; h < 2; ++h)
#pragma unroll
        for (uint32_t e = 0; e < 2; ++e)
            to[(2 * word + h) * 32 + placeOfLane(8 * octet + 4 * e + pair)] =
                pairsOf(ranks, 4 * h + e);
}

/// Adds signs times weights of a step: `upper`, `lower` have the lane's eight signs of both rows in
/// their highest bits, first column first.
__device__ inline void addSigned(float (&to)[8], const float (&of)[8], uint32_t upper,
                                 uint32_t lower, unsigned h)
{
#pragma unroll
    for (unsigned i = 0; i < 8; ++i) {
        const uint32_t word = i / 2 % 2 == 0 ? upper : lower;
        const unsigned column = 4 * h + i / 4 * 2 + i % 2;
        const uint32_t sign = withSigns(word << column, 0x80000000U, 0x3F800000U);
        to[i] = fmaf(__uint_as_float(sign), of[i], to[i]);
    }
}

/// mmaF16 of sums that are 0 so far, which need not be cleared.
__device__ inline void mmaF16First(float* sums, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3,
                                   uint32_t b0, uint32_t b1)
{
#ifdef __CUDA_ARCH__
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, "
                 "{%8,%9}, {%10,%10,%10,%10};"
                 : "=f"(sums[0]), "=f"(sums[1]), "=f"(sums[2]), "=f"(sums[3])
                 : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1), "f"(0.0F));
#else
    std::fill(sums, sums + 4, 0.0F);
    mmaF16(sums, a0, a1, a2, a3, b0, b1);
#endif
}

/// Where a lane's two rows are in a block.
template <bool kWide>
struct BitstackWarpRows
{
    uint32_t rowBytes, rank;
    std::size_t upperSign, lowerSign; ///< in bytes
    uint32_t upperU, lowerU;          ///< in numbers; the lane's first rank

    __device__ BitstackWarpRows(const BitstackMatrixView& matrix, uint32_t upper, uint32_t lower)
        : rowBytes(matrix.cols / 8)
        , rank(matrix.rank)
        , upperSign(std::size_t{upper} * rowBytes)
        , lowerSign(std::size_t{lower} * rowBytes)
        , upperU(upper * rank)
        , lowerU(lower * rank)
    {
    }

    /// Adds weights of 16 ranks from `first` on of a piece to one block's, or begins with them.
    template <bool kBegins>
    __device__ void addRanks(BitstackWeights& to, const uint16_t* u, uint32_t first,
                             const uint4* slot) const
    {
        const uint32_t own = first + threadIdx.x % 4 * 2;
        const uint32_t a0 = loadFactors<kWide>(u + upperU, own, rank);
        const uint32_t a1 = loadFactors<kWide>(u + lowerU, own, rank);
        const uint32_t a2 = loadFactors<kWide>(u + upperU, own + 8, rank);
        const uint32_t a3 = loadFactors<kWide>(u + lowerU, own + 8, rank);
        slot += placeOfLane(threadIdx.x % 32);
#pragma unroll
        for (uint32_t step = 0; step < kBitstackPieceSteps; ++step) {
            const uint4 b = slot[step * 32];
            const auto mma = kBegins ? mmaF16First : mmaF16;
            mma(to.step[step], a0, a1, a2, a3, b.x, b.y);
            mma(to.step[step] + 4, a0, a1, a2, a3, b.z, b.w);
        }
    }

    /// Adds a block's weights of a piece with their signs.
    __device__ void addBlock(BitstackWeights& to, const BitstackWeights& of, uint2 upperSigns,
                             uint2 lowerSigns) const
    {
        const unsigned left = 24 - threadIdx.x % 4 * 8; // the lane's byte comes first
#pragma unroll
        for (unsigned step = 0; step < kBitstackPieceSteps; ++step)
            addSigned(to.step[step], of.step[step],
                      (step < 2 ? upperSigns.x : upperSigns.y) << left,
                      (step < 2 ? lowerSigns.x : lowerSigns.y) << left, step % 2);
    }
};

/// Calls sink.stage(first piece, count) by all threads and sink.take(piece in the stage, piece,
/// weights) by each warp, for all pieces of the columns. A pass is up to 16 ranks of a block.
/// `slots`: shared memory for kBitstackSlots of them.
template <bool kWide, class Sink>
__device__ inline void decodeStrip(const BitstackMatrixView& matrix, uint32_t warpRow,
                                   uint32_t lastRow, const BitstackColumns& columns, uint4* slots,
                                   Sink& sink)
{
    constexpr uint32_t kSlot = kBitstackPieceSteps * 32;
    const unsigned g = threadIdx.x % 32 / 4;
    const BitstackWarpRows<kWide> rows(matrix, min(warpRow + g, lastRow - 1),
                                       min(warpRow + g + 8, lastRow - 1));
    const uint32_t groups = (matrix.rank + 15) / 16;
    // blocks whose slots are held together: all of as many pieces as fit, or some of one piece
    const uint32_t batch = min(matrix.blocks, kBitstackSlots / groups);
    const uint32_t pieces = batch < matrix.blocks ? 1 : kBitstackSlots / (batch * groups);
    BitstackWeights sum{};
    for (uint32_t first = columns.first; first < columns.last; first += pieces)
        for (uint32_t block = 0; block < matrix.blocks; block += batch) {
            const uint32_t count = min(pieces, columns.last - first);
            const uint32_t blocks = min(batch, matrix.blocks - block);
            __syncthreads(); // all have done with the stage before
            if (block == 0) sink.stage(first, count);
            for (uint32_t slot = threadIdx.x / 32; slot < count * blocks * groups;
                 slot += kBitstackWarps) {
                const uint32_t pass = slot % (blocks * groups);
                makeSlot(matrix, matrix.entries[block + pass / groups].vt, pass % groups * 16,
                         (first + slot / (blocks * groups)) * kBitstackTileCols,
                         slots + slot * kSlot);
            }
            __syncthreads();
            for (uint32_t i = 0; warpRow < lastRow && i < count; ++i) {
                const uint32_t at = (first + i) * (kBitstackTileCols / 8);
                const uint4* slot = slots + i * blocks * groups * kSlot;
#pragma unroll 1
                for (uint32_t b = 0; b < blocks; ++b) {
                    const BitstackBlockEntry entry = matrix.entries[block + b];
                    const uint2 upper =
                        loadSigns<kWide>(entry.sign + rows.upperSign, at, rows.rowBytes);
                    const uint2 lower =
                        loadSigns<kWide>(entry.sign + rows.lowerSign, at, rows.rowBytes);
                    BitstackWeights own;
                    rows.template addRanks<true>(own, entry.u, 0, slot);
                    slot += kSlot;
#pragma unroll 1
                    for (uint32_t rank = 16; rank < matrix.rank; rank += 16, slot += kSlot)
                        rows.template addRanks<false>(own, entry.u, rank, slot);
                    rows.addBlock(sum, own, upper, lower);
                }
                if (block + blocks < matrix.blocks) continue;
                sink.take(i, first + i, sum);
                sum = {};
            }
        }
}

/// Weights to memory as f16.
struct BitstackRowsSink
{
    uint32_t cols;
    Half* upper; ///< the lane's rows, null where there is none
    Half* lower;

    __device__ void stage(uint32_t, uint32_t) {}
    __device__ void take(uint32_t, uint32_t piece, const BitstackWeights& weights) const
    {
#pragma unroll
        for (uint32_t word = 0; word < 2; ++word) {
            const uint32_t col = piece * kBitstackTileCols + 32 * word + threadIdx.x % 4 * 8;
            if (col >= cols) continue;
            const float* low = weights.step[2 * word];
            const float* high = weights.step[2 * word + 1];
            store(upper, col, low, high);
            store(lower, col, low + 2, high + 2);
        }
    }
    __device__ static void store(Half* row, uint32_t col, const float* low, const float* high)
    {
        if (row == nullptr) return;
        *reinterpret_cast<uint4*>(row + col) =
            make_uint4(packHalves(low[0], low[1]), packHalves(low[4], low[5]),
                       packHalves(high[0], high[1]), packHalves(high[4], high[5]));
    }
};

/// W [lastRow - firstRow, cols] f16: a block of threads for each strip of rows and part of the
/// columns.
template <bool kWide>
__global__ void __launch_bounds__(kBitstackThreads, 2)
    bitstackDecodeRows(BitstackRowsArguments arguments)
{
    letFollowersStart();
    const BitstackMatrixView& matrix = arguments.matrix;
    const BitstackColumns columns = columnsOf<kBitstackTileCols>(matrix);
    const uint32_t firstRow = arguments.firstRow + blockIdx.y * kBitstackTileRows;
    const uint32_t lastRow = min(firstRow + kBitstackTileRows, arguments.lastRow);
    const uint32_t warpRow = firstRow + threadIdx.x / 32 * 16;
    prefetchStrip<kBitstackTileCols>(matrix, firstRow, lastRow, columns);
    const auto rowOf = [&](uint32_t row) {
        return row < lastRow ? arguments.W + std::size_t{row - arguments.firstRow} * matrix.cols
                             : nullptr;
    };
    const uint32_t upper = warpRow + threadIdx.x % 32 / 4;
    BitstackRowsSink sink{matrix.cols, rowOf(upper), rowOf(upper + 8)};
    waitForEarlier();
    decodeStrip<kWide>(matrix, warpRow, lastRow, columns, sharedRoom<uint4>(), sink);
}

/// Weights times x of up to 8 kSteps tokens.
template <uint32_t kSteps>
struct BitstackTokensSink
{
    const BitstackMatrixView& matrix;
    const float* x; ///< [tokens, cols]
    uint32_t tokens;
    const float* factors; ///< [8 kSteps] of x, shared
    float weightFactor;
    uint2* held; ///< x of a stage in f16, shared: [pieces, 4 steps, kSteps, 32 lanes] four columns
    float sums[kSteps][4] = {}; ///< row g, tokens 2t, 2t + 1 of eight; row g + 8, the same

    __device__ void stage(uint32_t first, uint32_t count)
    {
        for (uint32_t i = threadIdx.x; i < count * kBitstackPieceSteps * kSteps * 32;
             i += kBitstackThreads) {
            const uint32_t token = i / 32 % kSteps * kBitstackTokens + i % 32 / 4;
            const uint32_t step = i / (32 * kSteps) % kBitstackPieceSteps;
            const uint32_t piece = first + i / (32 * kSteps * kBitstackPieceSteps);
            const uint32_t col =
                piece * kBitstackTileCols + step / 2 * 32 + i % 4 * 8 + step % 2 * 4;
            uint2 four = make_uint2(0, 0);
            if (token < tokens && col < matrix.cols) {
                const float4 values =
                    *reinterpret_cast<const float4*>(x + std::size_t{token} * matrix.cols + col);
                const float factor = factors[token];
                four = make_uint2(packHalves(values.x * factor, values.y * factor),
                                  packHalves(values.z * factor, values.w * factor));
            }
            held[i] = four;
        }
    }

    __device__ void take(uint32_t own, uint32_t, const BitstackWeights& weights)
    {
        const uint2* piece = held + own * kBitstackPieceSteps * kSteps * 32 + threadIdx.x % 32;
#pragma unroll
        for (uint32_t step = 0; step < kBitstackPieceSteps; ++step) {
            const float* of = weights.step[step];
            uint32_t pairs[4];
#pragma unroll
            for (int i = 0; i < 4; ++i)
                pairs[i] = packHalves(of[2 * i] * weightFactor, of[2 * i + 1] * weightFactor);
#pragma unroll
            for (uint32_t eight = 0; eight < kSteps; ++eight) {
                const uint2 b = piece[(step * kSteps + eight) * 32];
                mmaF16(sums[eight], pairs[0], pairs[1], pairs[2], pairs[3], b.x, b.y);
            }
        }
    }
};

/// What x of each token is multiplied by to stay below 2^15, and the inverse. Warps take turns.
__device__ inline void powersOfTokens(const BitstackProductArguments& arguments,
                                      const BitstackColumns& columns, float* down, float* up)
{
    const uint32_t last = min(columns.last * kBitstackTileCols, arguments.matrix.cols);
    for (uint32_t token = threadIdx.x / 32; token < arguments.tokens; token += kBitstackWarps) {
        const float* x = arguments.x + std::size_t{token} * arguments.matrix.cols;
        unsigned most = 0;
        for (uint32_t col = columns.first * kBitstackTileCols + threadIdx.x % 32; col < last;
             col += 32)
            most = max(most, magnitudeOf(x[col]));
        most = mostOfWarp(most);
        if (threadIdx.x % 32 != 0) continue;
        const PowerOfTwo power = powerFor(most);
        down[token] = power.down * 8192.0F;
        up[token] = power.up * (1.0F / 8192.0F);
    }
}

/// Brings weights below 2^14.
__device__ inline PowerOfTwo powerOfWeights(const BitstackMatrixView& matrix)
{
    float most = 0;
    for (uint32_t b = 0; b < matrix.blocks; ++b)
        most = fmaf(static_cast<float>(matrix.rank) * __ldcg(matrix.most + 2 * b),
                    __ldcg(matrix.most + 2 * b + 1), most);
    PowerOfTwo power = powerFor(magnitudeOf(most));
    power.down *= 8192.0F;
    power.up *= 1.0F / 8192.0F;
    return power;
}

/// Dynamic shared memory: vt of a stage, and x of as many pieces as it can have, for 8 `steps` tokens.
inline constexpr std::size_t bitstackTokensShared(std::size_t steps)
{
    return kBitstackSlots * kBitstackPieceSteps * 32 * (sizeof(uint4) + steps * sizeof(uint2));
}
inline constexpr std::size_t kBitstackRowsShared =
    kBitstackSlots * kBitstackPieceSteps * 32 * sizeof(uint4);

/// y of up to 8 kSteps tokens: a block of threads for each strip of 128 rows and part of its columns.
template <uint32_t kSteps, bool kWide>
__global__ void __launch_bounds__(kBitstackThreads, 2)
    bitstackProductTokens(BitstackProductArguments arguments)
{
    __shared__ float down[kSteps * kBitstackTokens];
    __shared__ float up[kSteps * kBitstackTokens];
    letFollowersStart();
    const BitstackMatrixView& matrix = arguments.matrix;
    const BitstackColumns columns = columnsOf<kBitstackTileCols>(matrix);
    const uint32_t firstRow = blockIdx.y * kBitstackTileRows;
    const uint32_t lastRow = min(firstRow + kBitstackTileRows, matrix.rows);
    const uint32_t warpRow = threadIdx.x / 32 * 16;
    prefetchStrip<kBitstackTileCols>(matrix, firstRow, lastRow, columns);
    auto* slots = sharedRoom<uint4>();
    waitForEarlier();
    powersOfTokens(arguments, columns, down, up);
    const PowerOfTwo power = powerOfWeights(matrix);
    BitstackTokensSink<kSteps> sink{
        matrix,
        arguments.x,
        arguments.tokens,
        down,
        power.down,
        reinterpret_cast<uint2*>(slots + kBitstackSlots * kBitstackPieceSteps * 32)};
    decodeStrip<kWide>(matrix, firstRow + warpRow, lastRow, columns, slots, sink);
#pragma unroll
    for (uint32_t i = 0; i < 4 * kSteps; ++i) {
        const uint32_t token = i / 4 * kBitstackTokens + threadIdx.x % 4 * 2 + i % 2;
        if (token < arguments.tokens)
            leaveSum<kBitstackTileRows>(arguments, token,
                                        warpRow + threadIdx.x % 32 / 4 + i / 2 % 2 * 8,
                                        sink.sums[i / 4][i % 4] * power.up * up[token]);
    }
    addParts<kBitstackTileRows>(arguments);
}

} // namespace bs::gpu
