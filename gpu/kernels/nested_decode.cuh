#pragma once

#include "gpu/kernels/nested_layout.h"

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

/// Adds all planes of a tile: sums of the lane's column.
__device__ inline void addPlanes(const NestedListing& list, const NestedListPart& part,
                                 uint32_t tile, float (&sums)[kNestedTileRows])
{
    eachPlaneOf(list, part, tile, [&](const uint8_t* plane, float gain, bool plain) {
        uint32_t before = wordOfRow(plane, kNestedTileRows - 1);
        uint32_t own = wordOfRow(plane, 0);
        uint32_t next = wordOfRow(plane, 1);
        uint32_t second = wordOfRow(plane, 2);
#pragma unroll
        for (unsigned row = 0; row < kNestedTileRows; ++row) {
            const uint32_t third = wordOfRow(plane, row + 3);
            sums[row] += levelOf(before, own, second, third, gain, plain);
            before = own;
            own = next;
            next = second;
            second = third;
        }
    });
}

/// The same of single weights of a row; `place` is that of the part (row of tiles, part).
__device__ inline float outliersOf(const NestedMatrixView& matrix, uint32_t place, unsigned row,
                                   uint32_t col)
{
    const uint32_t* ends = matrix.outlierEnds + std::size_t{place} * kNestedTileRows + row;
    float sum = 0;
    for (uint32_t i = ends[0]; i < ends[1]; ++i)
        if (matrix.outliers[i].col == col) sum += matrix.outliers[i].value;
    return sum;
}

inline constexpr unsigned kDecodeWarps = 4;

/// W [rows, 32 tileCols] f16 = the matrix times `factor`, its columns in the codec's order and
/// without their scales, which belong to x (HalvesColumns). A warp for each tile.
__global__ void __launch_bounds__(kDecodeWarps * 32)
    nestedDecode(NestedMatrixView matrix, NestedListing list, float factor, Half* W)
{
    letFollowersStart();
    const uint32_t tile = blockIdx.x * kDecodeWarps + threadIdx.x / 32;
    if (tile >= matrix.tileCols) return;
    const uint32_t tileRow = blockIdx.y;
    const unsigned lane = threadIdx.x % 32;
    const uint32_t place = tileRow * list.count + partOf(matrix, list.count, tile);
    const NestedListPart part = list.parts[place];
    float sums[kNestedTileRows] = {};
    addPlanes(list, part, tile, sums);
    const uint32_t col = (tile - part.firstTile) * kNestedTileCols + lane;
    waitForEarlier();
#pragma unroll
    for (unsigned row = 0; row < kNestedTileRows; ++row) {
        const uint32_t at = tileRow * kNestedTileRows + row;
        if (at >= matrix.rows) continue;
        W[std::size_t{matrix.rowOrder[at]} * matrix.tileCols * kNestedTileCols +
          tile * kNestedTileCols + lane] =
            toHalf((sums[row] + outliersOf(matrix, place, row, col)) * matrix.rowScale[at] *
                   factor);
    }
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
    sum += outliersOf(matrix, place, inTile, (tile - part.firstTile) * kNestedTileCols + lane);
    if (col < matrix.cols)
        row[matrix.colOrder[col]] = sum * matrix.rowScale[at] * matrix.colScale[col];
}

} // namespace bs::gpu
