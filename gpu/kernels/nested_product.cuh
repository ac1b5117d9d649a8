#pragma once

#include "gpu/kernels/mma.h"
#include "gpu/kernels/nested_layout.h"
#include "gpu/kernels/pieces.cuh"

// Products of a nested matrix with one or two tokens, straight from its planes: signs are bits, x
// is slices of bits, and the matrix units add up how many they have in common (BMMA: 16 rows, 256
// columns, 8 slices an instruction). No sign ever becomes a number.
//
// A strip is eight planes of a row of tiles. Lane l = 4 g + t has rows 8 g + i, i < 8, of planes t
// and t + 4: a word of 32 columns each. Of the ring of signs that gives a trellis plane's products
// most neighbours are other words of the lane, the rest come from lanes 4 apart. x times the
// plane's gain is rounded to 16 bits in steps that all planes of a block share, so sums stay whole
// numbers to the end, whatever the gains. Each lane rounds 8 columns of one plane, turns the bits
// of their 8 x 8 (twice: low and high bytes), and 8 lanes exchange bytes: that is what costs, and
// it is made once for 64 rows.
//
// Bits are 1 where the sign is -1: sum of +-x = sum of x - 2 * what the bits find.

namespace bs::gpu {

/// Bit i of byte j becomes bit j of byte i, of two words.
__device__ inline void turnBits(uint32_t& low, uint32_t& high)
{
    const auto swap = [](uint32_t w, int by, uint32_t mask) {
        const uint32_t t = (w ^ (w >> by)) & mask;
        return w ^ t ^ (t << by);
    };
    low = swap(swap(low, 7, 0x00AA00AAU), 14, 0x0000CCCCU);
    high = swap(swap(high, 7, 0x00AA00AAU), 14, 0x0000CCCCU);
    const uint32_t up = (low & 0xF0F0F0F0U) >> 4;
    low = (low & 0x0F0F0F0FU) | ((high & 0x0F0F0F0FU) << 4);
    high = (high & 0xF0F0F0F0U) | up;
}

/// Byte n of lane 4 m + t, of two words, becomes byte m of lane 4 n + t.
__device__ inline void turnBytes(uint32_t& low, uint32_t& high)
{
    const unsigned m = threadIdx.x % 32 / 4;
    const bool upper = (m & 4) != 0;
    const uint32_t got = __shfl_xor_sync(~0U, upper ? low : high, 16);
    (upper ? low : high) = got;
    const auto step = [](uint32_t word, bool above, int lanes, uint32_t below, uint32_t over) {
        const uint32_t other = __shfl_xor_sync(~0U, word, lanes);
        return above ? __byte_perm(other, word, over) : __byte_perm(word, other, below);
    };
    low = step(step(low, (m & 2) != 0, 8, 0x5410, 0x7632), (m & 1) != 0, 4, 0x6240, 0x7351);
    high = step(step(high, (m & 2) != 0, 8, 0x5410, 0x7632), (m & 1) != 0, 4, 0x6240, 0x7351);
}

/// Planes as blocks have them (core/codecs/nested/layout.h) become planes as the products want
/// them, in their places. A warp for each.
__global__ void nestedPlace(uint8_t* planes, uint32_t count)
{
    const uint32_t plane = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
    if (plane >= count) return;
    uint8_t* bytes = planes + std::size_t{plane} * kNestedPlaneBytes;
    uint32_t words[2];
    for (unsigned half = 0; half < 2; ++half) {
        const unsigned row = threadIdx.x % 32 + 32 * half;
        words[half] = 0;
        for (unsigned octet = 0; octet < 4; ++octet)
            words[half] |=
                uint32_t{bytes[octet / 2 * 128 + row / 16 * 32 + octet % 2 * 16 + row % 16]}
                << (8 * octet);
    }
    __syncwarp();
    for (unsigned half = 0; half < 2; ++half)
        *reinterpret_cast<uint32_t*>(bytes + placeOf(threadIdx.x % 32 + 32 * half)) = words[half];
}

/// x [tokens, cols] f32 in the codec's order and times the column scales. A warp for each tile and
/// token.
__global__ void nestedPrepare(NestedMatrixView matrix, const float* x, NestedInputTile* to)
{
    letFollowersStart();
    const uint32_t tile = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
    if (tile >= matrix.tileCols) return;
    const unsigned lane = threadIdx.x % 32;
    const uint32_t col = tile * kNestedTileCols + lane;
    const bool isCol = col < matrix.cols;
    const uint32_t source = isCol ? matrix.colOrder[col] : 0;
    const float scale = isCol ? matrix.colScale[col] : 0.0F;
    waitForEarlier();
    const float value = isCol ? x[std::size_t{blockIdx.y} * matrix.cols + source] * scale : 0.0F;
    // magnitudes order as their bits do, and infinities and NaN lie above all numbers
    unsigned most = __float_as_uint(value) & 0x7FFFFFFFU;
    float sum = value;
    for (int step = 16; step > 0; step /= 2) {
        most = max(most, __shfl_xor_sync(~0U, most, step));
        sum += __shfl_xor_sync(~0U, sum, step);
    }
    NestedInputTile& out = to[std::size_t{blockIdx.y} * matrix.tileCols + tile];
    out.values[lane % 8 / 4][lane / 8][lane % 4] = value;
    if (lane == 0) {
        out.most = __uint_as_float(most);
        out.sum = sum;
    }
}

/// Slices of a strip's x times gains for one token: bit n of the number of column 32 t + c of the
/// strip's first (second) four planes is bit c of low[0] (low[1]) in lane 4 n + t; bit 8 + n of
/// high.
struct NestedSlices
{
    uint32_t low[2], high[2];
};

/// A lane rounds octet g % 4 of plane t + 4 (g / 4), whose tile this is; `factor`: its gain over
/// the step.
__device__ inline NestedSlices slicesOf(const NestedInputTile& tile, float factor)
{
    const unsigned octet = threadIdx.x % 16 / 4;
    uint32_t pairs[4]; // two numbers of 16 bits each
#pragma unroll
    for (int half = 0; half < 2; ++half) {
        const float4 x = *reinterpret_cast<const float4*>(tile.values[half][octet]);
        constexpr float kWhole = 12582912.0F; // 1.5 * 2^23: the number stands in the lowest bits
        pairs[2 * half] = __byte_perm(__float_as_uint(fmaf(x.x, factor, kWhole)),
                                      __float_as_uint(fmaf(x.y, factor, kWhole)), 0x5410);
        pairs[2 * half + 1] = __byte_perm(__float_as_uint(fmaf(x.z, factor, kWhole)),
                                          __float_as_uint(fmaf(x.w, factor, kWhole)), 0x5410);
    }
    NestedSlices slices;
#pragma unroll
    for (int half = 0; half < 2; ++half) {
        slices.low[half] = __byte_perm(pairs[2 * half], pairs[2 * half + 1], 0x6420);
        slices.high[half] = __byte_perm(pairs[2 * half], pairs[2 * half + 1], 0x7531);
    }
    turnBits(slices.low[0], slices.low[1]);
    turnBits(slices.high[0], slices.high[1]);
    turnBytes(slices.low[0], slices.low[1]);
    turnBytes(slices.high[0], slices.high[1]);
    return slices;
}

/// Rows 8 g + i of a plane: signs.
struct NestedRows
{
    uint32_t row[8];
};

__device__ inline NestedRows loadRows(const uint8_t* plane)
{
    const unsigned g = threadIdx.x % 32 / 4;
    const uint4 low = loadOnce(reinterpret_cast<const uint4*>(plane) + g);
    const uint4 high = loadOnce(reinterpret_cast<const uint4*>(plane) + 8 + g);
    return {{low.x, low.y, low.z, low.w, high.x, high.y, high.z, high.w}};
}

/// Products of signs s(r-1) s(r) s(r+2) s(r+3).
__device__ inline NestedRows ringProducts(const NestedRows& signs)
{
    const unsigned lane = threadIdx.x % 32;
    uint32_t pairs[11]; // s(r-1) s(r) of the lane's rows and of three behind
    pairs[0] = signs.row[0] ^ __shfl_sync(~0U, signs.row[7], (lane + 28) % 32);
#pragma unroll
    for (int i = 1; i < 8; ++i)
        pairs[i] = signs.row[i] ^ signs.row[i - 1];
#pragma unroll
    for (int i = 0; i < 3; ++i)
        pairs[8 + i] = __shfl_sync(~0U, pairs[i], (lane + 4) % 32);
    NestedRows products;
#pragma unroll
    for (int i = 0; i < 8; ++i)
        products.row[i] = pairs[i] ^ pairs[i + 3];
    return products;
}

/// What bits and slices have in common: [i / 2][2 (i % 2) + n % 2] of rows 8 g + i and slices n = 2
/// t, 2 t + 1; of low and high slices.
struct NestedCounts
{
    int low[4][4] = {};
    int high[4][4] = {};
};

__device__ inline void addCommon(NestedCounts& counts, const NestedRows& first,
                                 const NestedRows& second, const NestedSlices& slices)
{
#pragma unroll
    for (int i = 0; i < 4; ++i) {
        mmaBits(counts.low[i], first.row[2 * i], first.row[2 * i + 1], second.row[2 * i],
                second.row[2 * i + 1], slices.low[0], slices.low[1]);
        mmaBits(counts.high[i], first.row[2 * i], first.row[2 * i + 1], second.row[2 * i],
                second.row[2 * i + 1], slices.high[0], slices.high[1]);
    }
}

/// A token's sums of a warp: of own signs of trellis planes, of their products and of plain planes'
/// signs, and what all rows have.
struct NestedSums
{
    NestedCounts own, full;
    float all = 0;
};

/// The number of row 8 g + i that the quad's lanes have counted, in steps.
__device__ inline float wholeOf(const NestedCounts& counts, int i)
{
    const unsigned t = threadIdx.x % 4;
    const int* low = counts.low[i / 2] + i % 2 * 2;
    const int* high = counts.high[i / 2] + i % 2 * 2;
    int lowSum = (low[0] << (2 * t)) + (low[1] << (2 * t + 1));
    int highSum = (high[0] << (2 * t)) +
                  (t == 3 ? -(high[1] << 7) : high[1] << (2 * t + 1)); // bit 15 counts negative
    lowSum += __shfl_xor_sync(~0U, lowSum, 1);
    highSum += __shfl_xor_sync(~0U, highSum, 1);
    lowSum += __shfl_xor_sync(~0U, lowSum, 2);
    highSum += __shfl_xor_sync(~0U, highSum, 2);
    return fmaf(static_cast<float>(highSum), 256.0F,
                static_cast<float>(lowSum)); // both exact but for the last bit
}

/// Two words of a list's entry.
struct NestedEntries
{
    uint2 first, second; ///< of planes t and t + 4 of a strip
};

__device__ inline NestedEntries loadEntries(const NestedListEntry* strip)
{
    const auto* words = reinterpret_cast<const uint2*>(strip) + threadIdx.x % 4;
    return {__ldg(words), __ldg(words + 4)};
}

__device__ inline float gainOf(uint32_t entry)
{
    return entry >> 24 != 0
               ? 0.0F
               : exp2f(static_cast<float>(static_cast<int>((entry >> 16) & 0xFFU) - 128) * 0.125F);
}

/// x of one token as a block has it: the part's tiles, and one over the step.
struct NestedPartInput
{
    const NestedInputTile* tiles;
    float inverseStep;
};

template <int kTokens, bool kPlain>
__device__ inline void multiplyStrip(const NestedRows& first, const NestedRows& second,
                                     uint32_t entry, const NestedPartInput (&x)[kTokens],
                                     NestedSums (&sums)[kTokens])
{
    const float gain = gainOf(entry);
    NestedSlices slices[kTokens];
#pragma unroll
    for (int token = 0; token < kTokens; ++token) {
        const NestedInputTile& tile = x[token].tiles[entry & 0xFFFFU];
        slices[token] = slicesOf(tile, gain * x[token].inverseStep);
        sums[token].all +=
            gain * (kPlain ? 1.0F : 1.0F + kNestedMinor) * tile.sum; // by four lanes each
    }
    if constexpr (kPlain) {
#pragma unroll
        for (int token = 0; token < kTokens; ++token)
            addCommon(sums[token].full, first, second, slices[token]);
    } else {
#pragma unroll
        for (int token = 0; token < kTokens; ++token)
            addCommon(sums[token].own, first, second, slices[token]);
        const NestedRows firstProducts = ringProducts(first);
        const NestedRows secondProducts = ringProducts(second);
#pragma unroll
        for (int token = 0; token < kTokens; ++token)
            addCommon(sums[token].full, firstProducts, secondProducts, slices[token]);
    }
}

/// Brings all planes near that the warp will work on; x need not be there for it.
template <int kWarps>
__device__ inline void prefetchPlanes(const NestedProductArguments& arguments,
                                      const NestedListPart& list, unsigned warp)
{
    const unsigned lane = threadIdx.x % 32;
    for (uint32_t strip = list.begin + kNestedStrip * warp; strip < list.end;
         strip += 2 * kNestedStrip * kWarps) { // 16 planes of two lines each
        const uint32_t entry = strip + lane / 16 * kNestedStrip * kWarps + lane / 2 % kNestedStrip;
        if (entry < list.end)
            prefetch(arguments.bytes + std::size_t{__ldg(&arguments.list[entry].at)} * 64 +
                     lane % 2 * 128);
    }
}

/// What single weights add to a row of the part: lanes of a quad share them, and all get the sum.
__device__ inline float outliersOf(const NestedOutlierEntry* outliers, uint32_t begin, uint32_t end,
                                   const NestedOutlierEntry& first, const NestedInputTile* x)
{
    const auto valueOf = [x](uint32_t col) {
        return x[col / kNestedTileCols].values[col % 8 / 4][col % kNestedTileCols / 8][col % 4];
    };
    const uint32_t own = begin + threadIdx.x % 4;
    float sum = own < end ? first.value * valueOf(first.col) : 0.0F;
    for (uint32_t i = own + 4; i < end; i += 4)
        sum += outliers[i].value * valueOf(outliers[i].col);
    sum += __shfl_xor_sync(~0U, sum, 1);
    return sum + __shfl_xor_sync(~0U, sum, 2);
}

/// The largest number of a part's tiles times their gains is kNestedMost steps. Of the warp, lanes
/// share the tiles.
__device__ inline float stepOf(const NestedInputTile* tiles, uint32_t count, float mostGain)
{
    unsigned most = 0;
    for (uint32_t i = threadIdx.x % 32; i < count; i += 32)
        most = max(most, __float_as_uint(tiles[i].most));
    for (int lanes = 16; lanes > 0; lanes /= 2)
        most = max(most, __shfl_xor_sync(~0U, most, lanes));
    return __uint_as_float(most) * mostGain * (1.0F / kNestedMost);
}

/// y [tokens, rows]: a block for each row of tiles and part of its columns. The last block of a row
/// adds up what all parts left.
template <int kTokens, int kWarps>
__global__ void __launch_bounds__(kWarps * 32, kTokens == 1 ? 16 / kWarps : 1)
    nestedProduct(NestedProductArguments arguments)
{
    static_assert(kWarps >= 8, "four threads for each row");
    __shared__ float sumsOf[kWarps][kTokens][kNestedTileRows];
    __shared__ float single[kTokens][kNestedTileRows];
    letFollowersStart();
    const NestedMatrixView& matrix = arguments.matrix;
    const uint32_t part = blockIdx.x;
    const uint32_t tileRow = blockIdx.y;
    const unsigned warp = threadIdx.x / 32;
    const unsigned lane = threadIdx.x % 32;
    const NestedListPart list = arguments.parts[std::size_t{tileRow} * gridDim.x + part];
    const uint32_t tiles = list.tiles;
    auto* tilesOf = sharedRoom<NestedInputTile>(); // [tokens, tiles]

    // Everything that does not take x first: the planes' bytes, single weights, the rows' places.
    prefetchPlanes<kWarps>(arguments, list, warp);
    uint32_t strip = list.begin + kNestedStrip * warp;
    NestedEntries next{};
    if (strip < list.end) next = loadEntries(arguments.list + strip);
    uint32_t outlierBegin = 0;
    uint32_t outlierEnd = 0;
    NestedOutlierEntry outlier{0, 0.0F};
    if (threadIdx.x < 4 * kNestedTileRows) {
        const uint32_t* ends = matrix.outlierEnds +
                               (std::size_t{tileRow} * gridDim.x + part) * kNestedTileRows +
                               threadIdx.x / 4;
        outlierBegin = __ldg(ends);
        outlierEnd = __ldg(ends + 1);
        if (outlierBegin + threadIdx.x % 4 < outlierEnd)
            outlier = matrix.outliers[outlierBegin + threadIdx.x % 4];
    }
    const uint32_t at = tileRow * kNestedTileRows + threadIdx.x % kNestedTileRows;
    const bool isRow = at < matrix.rows;
    const uint32_t row = isRow ? __ldg(matrix.rowOrder + at) : 0;
    const float rowScale = isRow ? __ldg(matrix.rowScale + at) : 0.0F;

    waitForEarlier();
    for (int token = 0; token < kTokens; ++token) {
        const auto* from = reinterpret_cast<const uint4*>(
            arguments.input + std::size_t(token) * matrix.tileCols + list.firstTile);
        auto* to = reinterpret_cast<uint4*>(tilesOf + std::size_t(token) * tiles);
        for (uint32_t i = threadIdx.x; i < tiles * (sizeof(NestedInputTile) / 16); i += kWarps * 32)
            to[i] = __ldcg(from + i);
    }
    __syncthreads();

    NestedPartInput x[kTokens];
    float steps[kTokens];
#pragma unroll
    for (int token = 0; token < kTokens; ++token) {
        x[token].tiles = tilesOf + std::size_t(token) * tiles;
        steps[token] = stepOf(x[token].tiles, tiles, list.mostGain);
        x[token].inverseStep = steps[token] > 1e-35F ? 1.0F / steps[token] : 0.0F;
    }

    NestedSums sums[kTokens];
    while (strip < list.end) {
        const NestedRows first = loadRows(arguments.bytes + std::size_t{next.first.x} * 64);
        const NestedRows second = loadRows(arguments.bytes + std::size_t{next.second.x} * 64);
        const uint32_t entry = lane < 16 ? next.first.y : next.second.y;
        const bool plain = strip < list.plainEnd;
        strip += kNestedStrip * kWarps;
        if (strip < list.end) next = loadEntries(arguments.list + strip);
        if (plain)
            multiplyStrip<kTokens, true>(first, second, entry, x, sums);
        else
            multiplyStrip<kTokens, false>(first, second, entry, x, sums);
    }

#pragma unroll
    for (int token = 0; token < kTokens; ++token) {
        float all = sums[token].all;
        for (int lanes = 16; lanes > 0; lanes /= 2)
            all += __shfl_xor_sync(~0U, all, lanes);
        all *= 0.25F;
#pragma unroll
        for (int i = 0; i < 8; ++i) {
            const float found =
                (wholeOf(sums[token].own, i) * kNestedMinor + wholeOf(sums[token].full, i)) *
                steps[token];
            if (lane % 4 == 0) sumsOf[warp][token][lane / 4 * 8 + i] = all - 2 * found;
        }
    }
    if (threadIdx.x < 4 * kNestedTileRows)
        for (int token = 0; token < kTokens; ++token) {
            const float sum =
                outliersOf(matrix.outliers, outlierBegin, outlierEnd, outlier, x[token].tiles);
            if (threadIdx.x % 4 == 0) single[token][threadIdx.x / 4] = sum;
        }
    __syncthreads();

    const uint32_t paddedRows = matrix.tileRows * kNestedTileRows;
    if (threadIdx.x < kTokens * kNestedTileRows) {
        const uint32_t token = threadIdx.x / kNestedTileRows;
        float sum = single[token][threadIdx.x % kNestedTileRows];
#pragma unroll
        for (int w = 0; w < kWarps; ++w)
            sum += sumsOf[w][token][threadIdx.x % kNestedTileRows];
        if (gridDim.x > 1)
            arguments.partial[(std::size_t{part} * kTokens + token) * paddedRows + at] = sum;
        else if (isRow)
            arguments.y[token * arguments.yStride + row] = sum * rowScale;
    }
    if (gridDim.x == 1 || !isLastOf(arguments.arrived + tileRow, gridDim.x)) return;
    if (threadIdx.x >= kTokens * kNestedTileRows || !isRow) return;
    const uint32_t token = threadIdx.x / kNestedTileRows;
    float sum = 0;
    for (uint32_t p = 0; p < gridDim.x; ++p)
        sum += __ldcg(arguments.partial + (std::size_t{p} * kTokens + token) * paddedRows + at);
    arguments.y[token * arguments.yStride + row] = sum * rowScale;
}

} // namespace bs::gpu
