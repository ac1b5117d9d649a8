#pragma once

#include "gpu/kernels/nested_visit_layout.h"
#include "gpu/kernels/ring_search.cuh"

// How the columns of a matrix get their planes (core/codecs/nested/passes_cpu.cpp has the plain
// form). A launch does one column of tiles, a block of 64 threads one tile, a thread one row: its 32
// columns one after the other, as each changes what those behind it are to become.

namespace bs::gpu {

struct VisitRoom
{
    RingRoom ring;
    VisitTile tile;
    double sums[kNestedTileRows];
    float aim[kNestedTileCols][kNestedTileRows];
    float mix[kNestedTileCols][kNestedTileCols];
};

/// Sum over the block's 64 threads, in a fixed order.
__device__ inline double visitSum(VisitRoom& room, double value)
{
    __syncthreads(); // the sum before this one may still be read
    room.sums[threadIdx.x] = value;
    __syncthreads();
    double sum = 0;
    for (const double part : room.sums)
        sum += part;
    return sum;
}

__device__ inline float visitMost(VisitRoom& room, float value)
{
    __syncthreads();
    room.sums[threadIdx.x] = value;
    __syncthreads();
    double most = 0;
    for (const double part : room.sums)
        most = most < part ? part : most;
    return static_cast<float>(most);
}

/// nearestGain of core/codecs/nested/tables.h
__device__ inline uint8_t visitGain(float level, int most)
{
    if (!(level > 0)) return 0;
    const int steps = static_cast<int>(roundf(fminf(fmaxf(log2f(level) * 8, -1000.0F), 1000.0F)));
    return static_cast<uint8_t>(min(max(steps + 128, 0), most));
}

/// Gains of the planes that the pass adds, from what is left over before any feedback in the tile.
__device__ inline void startTile(const Visit& v, VisitRoom& room, uint32_t begin, uint32_t width,
                                 uint32_t row)
{
    double power = 0;
    const double weight = v.weight[row];
    for (uint32_t c = 0; c < width; ++c) {
        const double rest =
            room.aim[c][threadIdx.x] - v.coded[std::size_t{begin + c} * v.stride + row];
        power += weight * rest * rest;
    }
    power = visitSum(room, power);
    const double all = visitSum(room, weight * width);
    if (threadIdx.x == 0) {
        VisitTile& tile = room.tile;
        float deviation = static_cast<float>(sqrt(power / (all > 1e-300 ? all : 1e-300)));
        if (tile.before == 0) tile.deviation = deviation;
        uint32_t p = tile.before;
        const auto setGain = [&](uint32_t plane, float level) {
            tile.gains[plane] = visitGain(level, plane == 0 ? 255 : tile.gains[0]);
        };
        if (tile.planes - p > 1) {
            setGain(p, v.tables->plain[p] * deviation);
            setGain(p + 1, v.tables->together[p] * deviation);
            tile.plain = static_cast<uint16_t>(tile.plain | 1U << p);
            deviation *= sqrtf(v.tables->meanSquare[p + 2] / v.tables->meanSquare[p]);
            p += 2;
        }
        if (p < tile.planes) setGain(p, v.tables->alone[p] * deviation);
    }
    __syncthreads();
}

/// A thread's row of a tile while its columns are coded.
struct VisitRow
{
    uint32_t bits[kVisitAdded]; ///< signs of the planes that are added, column by column
    float weight, mostWeight;

    /// Remembers a sign of plane number `added` of the pass.
    __device__ void keep(uint32_t added, uint32_t col, bool negative)
    {
#pragma unroll
        for (uint32_t p = 0; p < kVisitAdded; ++p)
            if (p == added) bits[p] |= (negative ? 1U : 0U) << col;
    }
};

/// Adds the pass's planes to a column: what is decoded of the thread's row becomes as near to `target`
/// as they can.
__device__ inline float codeColumn(const Visit& v, VisitRoom& room, VisitRow& row, uint32_t col,
                                   float target, float coded)
{
    const VisitTile& tile = room.tile;
    const float scale = v.tables->scale[tile.gains[0]];
    const auto below = [&](uint32_t plane) { return tile.gains[0] - tile.gains[plane]; };
    for (uint32_t p = tile.before; p < tile.planes; ++p) {
        const bool pair = ((tile.plain >> p) & 1U) != 0;
        const int plain = pair ? v.tables->major[below(p)] : 0;
        if (pair) ++p;
        const int minor = v.tables->minor[below(p)];
        const int major = v.tables->major[below(p)];
        const RingLevels levels{scale * static_cast<float>(minor),
                                scale * static_cast<float>(major),
                                scale * static_cast<float>(plain)};
        const RingSigns signs =
            searchRing(room.ring, levels, target - coded, row.weight, row.mostWeight);
        if (pair) {
            row.keep(p - 1 - tile.before, col, signs.plain());
            coded += scale * static_cast<float>(signs.plain() ? -plain : plain);
        }
        row.keep(p - tile.before, col, signs.own());
        coded += scale * static_cast<float>((signs.own() ? -minor : minor) +
                                            (signs.product() ? -major : major));
    }
    return coded;
}

/// Keeps an error by itself if that is worth its bytes and there is room; returns what is kept.
__device__ inline float buyWeight(const Visit& v, float weight, uint32_t row, uint32_t col,
                                  float rest)
{
    if (!(0.5F * v.own[col] * weight * (rest * rest) > v.priceOfWeight)) return 0;
    const uint32_t place = atomicAdd(v.boughtCount, 1U);
    if (place >= v.boughtMost) return 0;
    const float kept = toFloat(toHalf(fminf(fmaxf(rest, -65504.0F), 65504.0F)));
    v.bought[place] = {static_cast<uint16_t>(row), static_cast<uint16_t>(col), kept};
    return kept;
}

/// The bits of a thread's row to where planes have them (planeByte of core/codecs/nested/layout.h).
__device__ inline void storePlanes(const Visit& v, const VisitRoom& room, const VisitRow& row,
                                   std::size_t tile)
{
    const uint32_t i = threadIdx.x;
#pragma unroll
    for (uint32_t p = 0; p < kVisitAdded; ++p) {
        if (room.tile.before + p >= room.tile.planes) break;
        uint8_t* plane = v.planes + (tile * kVisitAdded + p) * kNestedPlaneBytes;
        for (uint32_t octet = 0; octet < kNestedTileCols / 8; ++octet)
            plane[octet / 2 * 128 + i / 16 * 32 + octet % 2 * 16 + i % 16] =
                static_cast<uint8_t>(row.bits[p] >> (8 * octet));
    }
}

/// The tile's own part of `mix`, and its columns of `aim`.
__device__ inline void loadTile(const Visit& v, VisitRoom& room, uint32_t begin, uint32_t width,
                                uint32_t row)
{
    for (uint32_t at = threadIdx.x; at < width * width; at += kNestedTileRows)
        room.mix[at / width][at % width] =
            v.mix[std::size_t{begin + at / width} * v.cols + begin + at % width];
    for (uint32_t c = 0; c < width; ++c)
        room.aim[c][threadIdx.x] = v.aim[std::size_t{begin + c} * v.stride + row];
}

__device__ inline float within(float value, float middle, float limit)
{
    return fminf(fmaxf(value, middle - limit), middle + limit);
}

/// kAgain: the second visit, in which tiles that get nothing are left alone.
template <bool kAgain>
__global__ void __launch_bounds__(kNestedTileRows) visitTilesKernel(Visit v, uint32_t tileCol)
{
    __shared__ VisitRoom room;
    const uint32_t i = threadIdx.x;
    const uint32_t row = blockIdx.x * kNestedTileRows + i;
    const std::size_t t = std::size_t{blockIdx.x} * v.tileCols + tileCol;
    const uint32_t begin = tileCol * kNestedTileCols;
    const uint32_t width = min(kNestedTileCols, v.cols - begin);
    if (i == 0) room.tile = v.tiles[t];
    if (kAgain && v.tiles[t].before == v.tiles[t].planes) {
        for (uint32_t c = 0; c < width; ++c)
            v.change[std::size_t{begin + c - v.firstChange} * v.stride + row] = 0;
        return;
    }
    loadTile(v, room, begin, width, row);
    VisitRow mine{{0, 0, 0}, v.weight[row], visitMost(room, v.weight[row])};
    const VisitTile& tile = room.tile;
    const float limit = (kAgain ? v.tables->limitAgain : v.tables->limit)[tile.planes];
    if (!kAgain) {
        for (uint32_t c = 0; c < width; ++c)
            room.aim[c][i] =
                within(room.aim[c][i], v.z[std::size_t{begin + c} * v.stride + row], limit);
        if (tile.planes > tile.before) startTile(v, room, begin, width, row);
    }
    const float far = v.tables->farOfSquare[tile.planes] *
                      (tile.planes == 0 ? 1.0F : tile.deviation * tile.deviation);
    double loss = 0;
    for (uint32_t c = 0; c < width; ++c) {
        const std::size_t at = std::size_t{begin + c} * v.stride + row;
        const float z = v.z[at];
        float target = room.aim[c][i];
        if (kAgain) target = z + target / fmaxf(room.mix[c][c], 1e-30F) - v.error[at];
        target = within(target, z, limit);
        float coded = codeColumn(v, room, mine, c, target, kAgain ? v.start[at] : v.coded[at]);
        if (v.buys && (target - coded) * (target - coded) > far)
            coded += buyWeight(v, mine.weight, row, begin + c, target - coded);
        const float rest = target - coded;
        loss += 0.5 * double{v.own[begin + c]} * double{mine.weight} * double{rest} * double{rest};
        const float error = z - coded;
        const float moved = kAgain ? error - v.error[at] : error;
        v.coded[at] = coded;
        v.error[at] = error;
        if (kAgain) v.change[std::size_t{begin + c - v.firstChange} * v.stride + row] = moved;
        for (uint32_t k = c + 1; k < width; ++k)
            room.aim[k][i] += room.mix[c][k] * moved;
    }
    storePlanes(v, room, mine, t);
    if (kAgain) return;
    loss = visitSum(room, loss);
    if (i == 0) {
        v.loss[t] = loss;
        v.tiles[t] = room.tile;
    }
}

} // namespace bs::gpu
