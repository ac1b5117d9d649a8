#pragma once

#include "gpu/kernels/nested_layout.h"
#include "gpu/kernels/pieces.cuh"

// Weights of a nested matrix as numbers, for prompts (whose products are matrix products) and for
// rows of an embedding. Lanes are the columns of a tile. Its planes are not neighbours on the list:
// a warp looks for them, 32 entries at a time.

namespace bs::gpu {

__device__ inline uint32_t wordOfRow(const uint8_t* plane, unsigned row)
{
    return __ldg(reinterpret_cast<const uint32_t*>(plane + placeOf(row % kNestedTileRows)));
}

/// +value where the bit is 0, -value where it is 1.
__device__ inline float signedBy(uint32_t bit, float value)
{
    return __uint_as_float(__float_as_uint(value) ^ (bit << 31));
}

/// Of the part of a tile's columns that a tile is in.
__device__ inline uint32_t partOf(const NestedMatrixView& matrix, uint32_t parts, uint32_t tile)
{
    return (tile * parts + parts - 1) / matrix.tileCols;
}

/// Calls body(plane, gain, whether plain) for each plane of a tile; all lanes together.
template <class Body>
__device__ inline void eachPlaneOf(const NestedListing& list, const NestedListPart& part,
                                   uint32_t tile, const Body& body)
{
    const unsigned lane = threadIdx.x % 32;
    const uint32_t wanted = tile - part.firstTile;
    for (uint32_t base = part.begin; base < part.end; base += 32) {
        const uint32_t at = base + lane;
        uint2 entry = make_uint2(0, 0);
        if (at < part.end) entry = __ldg(reinterpret_cast<const uint2*>(list.entries + at));
        const bool is = at < part.end && (entry.y & 0xFFFFU) == wanted && entry.y >> 24 == 0;
        for (unsigned found = __ballot_sync(~0U, is); found != 0; found &= found - 1) {
            const int from = __ffs(static_cast<int>(found)) - 1;
            const uint32_t place = __shfl_sync(~0U, entry.x, from);
            const uint32_t gain = (__shfl_sync(~0U, entry.y, from) >> 16) & 0xFFU;
            body(list.bytes + std::size_t{place} * 64,
                 exp2f(static_cast<float>(static_cast<int>(gain) - 128) * 0.125F),
                 base + static_cast<unsigned>(from) < part.plainEnd);
        }
    }
}

/// What a plane adds to the weight of the lane's column in a row whose words are given.
__device__ inline float levelOf(uint32_t before, uint32_t own, uint32_t second, uint32_t third,
                                float gain, bool plain)
{
    const unsigned lane = threadIdx.x % 32;
    const uint32_t sign = (own >> lane) & 1U;
    if (plain) return signedBy(sign, gain);
    const uint32_t product = ((before ^ own ^ second ^ third) >> lane) & 1U;
    return signedBy(sign, kNestedMinor * gain) + signedBy(product, gain);
}

inline constexpr uint32_t kSignsOfPair = 0x80008000U;
inline constexpr unsigned kTilePairs = kNestedTileRows / 2;

/// A tile's sums of the lane's column, in pairs of f16: rows 2 i and 2 i + 1, in units of the
/// part's gains.
struct DecodedTile
{
    uint32_t pairs[kTilePairs] = {};
};

/// The signs of a plane in the lane's column, one in the highest bit of each half: rows r and r + 1
/// for r even in even[r / 2], for r odd in odd[r / 2]; the other bits mean nothing.
struct PlaneSigns
{
    uint32_t even[kTilePairs], odd[kTilePairs];

    __device__ explicit PlaneSigns(const uint8_t* plane)
    {
        const unsigned left = 31 - threadIdx.x % 32;
        uint32_t rows[kNestedTileRows];
#pragma unroll
        for (unsigned row = 0; row < kNestedTileRows; row += 4) {
            const uint4 four = __ldg(reinterpret_cast<const uint4*>(plane + placeOf(row)));
            rows[row] = four.x << left;
            rows[row + 1] = four.y << left;
            rows[row + 2] = four.z << left;
            rows[row + 3] = four.w << left;
        }
#pragma unroll
        for (unsigned i = 0; i < kTilePairs; ++i) {
            even[i] = __byte_perm(rows[2 * i], rows[2 * i + 1], 0x7733);
            odd[i] = __byte_perm(rows[2 * i + 1], rows[(2 * i + 2) % kNestedTileRows], 0x7733);
        }
    }
};

/// What brings gains of a part below 2^11: f16 has room for nine planes then, and for what is 2^-24
/// of them.
__device__ inline int shiftOf(const NestedListPart& part)
{
    return 137 - static_cast<int>(__float_as_uint(part.mostGain) >> 23);
}

/// Adds all planes of a tile, two rows an instruction: a plane's level is +-1.6 gains where its own
/// sign and that of its product agree, +-0.4 where they do not, with the product's sign.
__device__ inline void addPlanes(const NestedListing& list, const NestedListPart& part,
                                 uint32_t tile, DecodedTile& sums)
{
    const float unit = exp2f(static_cast<float>(shiftOf(part)));
    eachPlaneOf(list, part, tile, [&](const uint8_t* plane, float gain, bool plain) {
        const PlaneSigns signs(plane);
        gain *= unit;
        if (plain) {
            const uint32_t level = pairOfHalves(gain, gain);
#pragma unroll
            for (unsigned i = 0; i < kTilePairs; ++i)
                sums.pairs[i] = sumOfPairs(sums.pairs[i], (signs.even[i] & kSignsOfPair) ^ level);
            return;
        }
        const float more = gain * (1 + kNestedMinor);
        const float less = gain * (1 - kNestedMinor);
        const uint32_t large = pairOfHalves(more, more);
        const uint32_t small = pairOfHalves(less, less);
#pragma unroll
        for (unsigned i = 0; i < kTilePairs; ++i) {
            constexpr unsigned kLast = kTilePairs - 1;
            const uint32_t differ = signs.odd[(i + kLast) % kTilePairs] ^
                                    signs.even[(i + 1) % kTilePairs] ^
                                    signs.odd[(i + 1) % kTilePairs];
            const uint32_t product = differ ^ signs.even[i];
            const uint32_t mask = maskOfSigns(differ);
            const uint32_t level = (mask & small) | (~mask & large);
            sums.pairs[i] = sumOfPairs(sums.pairs[i], (product & kSignsOfPair) ^ level);
        }
    });
}

/// Calls body(row of the tile, value) by the lane whose column a single weight of the tile is in;
/// all lanes together. `place` is that of the part (row of tiles, part), `firstCol` counts within
/// it.
template <class Body>
__device__ inline void eachOutlierOf(const NestedMatrixView& matrix, uint32_t place,
                                     uint32_t firstCol, const Body& body)
{
    const unsigned lane = threadIdx.x % 32;
    const uint32_t* ends = matrix.outlierEnds + std::size_t{place} * kNestedTileRows;
    const uint32_t last = __ldg(ends + kNestedTileRows);
    for (uint32_t base = __ldg(ends); base < last; base += 32) {
        const uint32_t at = base + lane;
        const uint32_t col = at < last ? __ldg(&matrix.outliers[at].col) : 0;
        const bool is = at < last && col - firstCol < kNestedTileCols;
        for (unsigned found = __ballot_sync(~0U, is); found != 0; found &= found - 1) {
            const int from = __ffs(static_cast<int>(found)) - 1;
            const uint32_t one = base + static_cast<unsigned>(from);
            // Rows that end at or before it come before its own.
            const unsigned row =
                static_cast<unsigned>(__popc(__ballot_sync(~0U, __ldg(ends + 1 + lane) <= one)) +
                                      __popc(__ballot_sync(~0U, __ldg(ends + 33 + lane) <= one)));
            if (__ldg(&matrix.outliers[one].col) - firstCol == lane)
                body(row, __ldg(&matrix.outliers[one].value));
        }
    }
}

/// What brings decoded pairs back to the size of weights.
__device__ inline float unitOf(const NestedListPart& part)
{
    return exp2f(static_cast<float>(-shiftOf(part)));
}

inline constexpr unsigned kDecodeWarps = 4;

/// W [rows, 32 tileCols] f16 = the matrix times `factor`, its columns in the codec's order and
/// without their scales, which belong to x (HalvesColumns). A warp for each tile.
__global__ void __launch_bounds__(kDecodeWarps * 32)
    nestedDecode(NestedMatrixView matrix, NestedListing list, float factor, Half* W)
{
    __shared__ float scaleOf[kNestedTileRows];
    __shared__ uint32_t rowOf[kNestedTileRows];
    letFollowersStart();
    const uint32_t rows = min(matrix.rows - blockIdx.y * kNestedTileRows, kNestedTileRows);
    if (threadIdx.x < rows) {
        const uint32_t at = blockIdx.y * kNestedTileRows + threadIdx.x;
        scaleOf[threadIdx.x] = matrix.rowScale[at] * factor;
        rowOf[threadIdx.x] = matrix.rowOrder[at];
    }
    __syncthreads();
    const uint32_t tile = blockIdx.x * kDecodeWarps + threadIdx.x / 32;
    if (tile >= matrix.tileCols) return;
    const uint32_t place = blockIdx.y * list.count + partOf(matrix, list.count, tile);
    const NestedListPart part = list.parts[place];
    DecodedTile sums;
    addPlanes(list, part, tile, sums);
    const float unit = unitOf(part);
    Half* const column = W + tile * kNestedTileCols + threadIdx.x % 32;
    const std::size_t pitch = std::size_t{matrix.tileCols} * kNestedTileCols;
    const auto store = [&](unsigned row, float sum) {
        column[rowOf[row] * pitch] = toHalf(sum * unit * scaleOf[row]);
    };
    const bool full = rows == kNestedTileRows; // nearly always: without questions for each row
    waitForEarlier();
#pragma unroll
    for (unsigned i = 0; i < kTilePairs; ++i) {
        const float2 pair = numbersOf(sums.pairs[i]);
        if (full || 2 * i < rows) store(2 * i, pair.x);
        if (full || 2 * i + 1 < rows) store(2 * i + 1, pair.y);
    }
    eachOutlierOf(matrix, place, (tile - part.firstTile) * kNestedTileCols,
                  [&](unsigned row, float value) {
                      Half& to = column[rowOf[row] * pitch];
                      to = toHalf(toFloat(to) + value * scaleOf[row]);
                  });
}

/// out [n, cols] f32: rows of W. A warp for each tile, blockIdx.y the token.
__global__ void __launch_bounds__(kDecodeWarps * 32)
    nestedRows(const NestedRowSource* slabs, uint32_t slabCount, const int32_t* tokens, float* out)
{
    letFollowersStart();
    waitForEarlier();
    const auto token = static_cast<uint32_t>(tokens[blockIdx.y]);
    uint32_t slab = 0;
    while (slab + 1 < slabCount && slabs[slab + 1].firstRow <= token)
        ++slab;
    const NestedRowSource& source = slabs[slab];
    const NestedMatrixView& matrix = source.matrix;
    const uint32_t tile = blockIdx.x * kDecodeWarps + threadIdx.x / 32;
    if (tile >= matrix.tileCols) return;
    const unsigned lane = threadIdx.x % 32;
    const uint32_t col = tile * kNestedTileCols + lane;
    float* row = out + std::size_t{blockIdx.y} * matrix.cols;
    if (source.list.entries == nullptr) {
        if (col < matrix.cols) row[col] = 0.0F;
        return;
    }
    const uint32_t at = source.rowPlace[token - source.firstRow];
    const unsigned inTile = at % kNestedTileRows;
    const uint32_t place =
        at / kNestedTileRows * source.list.count + partOf(matrix, source.list.count, tile);
    const NestedListPart part = source.list.parts[place];
    float sum = 0;
    eachPlaneOf(source.list, part, tile, [&](const uint8_t* plane, float gain, bool plain) {
        sum += levelOf(wordOfRow(plane, inTile + kNestedTileRows - 1), wordOfRow(plane, inTile),
                       wordOfRow(plane, inTile + 2), wordOfRow(plane, inTile + 3), gain, plain);
    });
    const uint32_t* ends = matrix.outlierEnds + std::size_t{place} * kNestedTileRows + inTile;
    for (uint32_t i = ends[0]; i < ends[1]; ++i)
        if (matrix.outliers[i].col == (tile - part.firstTile) * kNestedTileCols + lane)
            sum += matrix.outliers[i].value;
    if (col < matrix.cols)
        row[matrix.colOrder[col]] = sum * matrix.rowScale[at] * matrix.colScale[col];
}

} // namespace bs::gpu
