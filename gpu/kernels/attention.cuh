#pragma once

#include "gpu/kernels/mma.h"
#include "gpu/kernels/pieces.cuh"
#include "gpu/ops/sequence.h"

// Causal attention on the matrix units, one kernel for single tokens and for prompts.
//
// A tile is 16 rows that read the same keys: row r = token * group + g is head g of the `group`
// heads that share a key-value head. The warps of a block take turns over blocks of 32 keys; each
// keeps the largest score, the sum of the exponentials and what they gave of its own keys (online
// softmax: Milakov and Gimelshein, arXiv 1805.02867, as in flash attention: Dao et al., arXiv
// 2205.14135), and they are merged in shared memory. Where tiles are few, blocks share the keys of
// a tile, and the one that arrives last merges what all have found, in their order.
//
// Nothing of the cache goes through shared memory: the order of the numbers of a head does not
// matter as long as queries have the same, so a lane takes 8 neighbours of a key (16 bytes, used as
// 2 rows of each of two instructions), and of a value, whose 8 numbers are columns of 8
// instructions; two keys' numbers come together in a register by a byte permutation.

namespace bs::gpu {

inline constexpr uint32_t kAttentionWarps = 4;
inline constexpr uint32_t kAttentionRows = 16; ///< of a tile
inline constexpr uint32_t kAttentionKeys = 32; ///< of a block of keys
/// Parts of a tile's keys, at most: what the last block merges has room where warps merged before.
inline constexpr uint32_t kAttentionMostParts = 128;
inline constexpr float kLog2OfE = 1.44269504088896F;

struct AttentionArguments
{
    const DeviceSequence* sequences;
    const float* q;    ///< [n, heads * headDim]
    float* out;        ///< [n, heads * headDim]
    float* partial;    ///< [tiles, parts, attentionPartFloats]
    unsigned* arrived; ///< [tiles], 0 between kernels
    uint32_t layer, each, group, kvHeads, headDim, window;
    float scale;
};

/// Floats of what a block found of a tile, of 64 * chunks numbers a row: [rows, 64 * chunks], the
/// rows' largest scores, and their sums.
__host__ __device__ constexpr uint32_t attentionPartFloats(uint32_t chunks)
{
    return kAttentionRows * (64 * chunks + 2);
}
/// A row's floats in shared memory: not a multiple of all banks.
__host__ __device__ constexpr uint32_t attentionStride(uint32_t chunks)
{
    return 64 * chunks + 4;
}
/// Bytes of dynamic shared memory: queries, what each warp found, and the rows' maxima and sums.
__host__ __device__ constexpr uint32_t attentionShared(uint32_t chunks)
{
    return chunks * 4 * 32 * 16 +
           kAttentionWarps * kAttentionRows * (attentionStride(chunks) + 2) * 4;
}

/// What a block works on.
struct AttentionTile
{
    const Half *keys, *values; ///< [capacity, headDim] of one key-value head
    std::size_t firstRow;      ///< of q and out: the sequence's first
    uint32_t head;             ///< the first of the group
    uint32_t index;            ///< of tiles of the same keys
    uint32_t firstPosition;
    uint32_t begin, end;       ///< keys that any row sees
    uint32_t allBegin, allEnd; ///< keys that all rows see
};

/// Keys that a position does not see any more.
__device__ inline uint32_t firstSeen(uint32_t position, uint32_t window)
{
    return window != 0 && position + 1 > window ? position + 1 - window : 0;
}

__device__ inline AttentionTile tileOf(const AttentionArguments& of)
{
    AttentionTile tile;
    const uint32_t sequenceIndex = blockIdx.y / of.kvHeads;
    const uint32_t kvHead = blockIdx.y % of.kvHeads;
    const DeviceSequence sequence = of.sequences[sequenceIndex];
    const std::size_t headNumbers = std::size_t{sequence.capacity} * of.headDim;
    tile.keys = sequence.cache + (2 * std::size_t{of.layer} * of.kvHeads + kvHead) * headNumbers;
    tile.values = tile.keys + of.kvHeads * headNumbers;
    tile.firstRow = std::size_t{sequenceIndex} * of.each;
    tile.head = kvHead * of.group;
    tile.index = gridDim.x - 1 - blockIdx.x; // those with most keys begin first
    tile.firstPosition = sequence.firstPosition;
    const uint32_t row = tile.index * kAttentionRows;
    const uint32_t first = tile.firstPosition + row / of.group;
    const uint32_t last =
        tile.firstPosition + min((row + kAttentionRows - 1) / of.group, of.each - 1);
    tile.begin = firstSeen(first, of.window);
    tile.end = last + 1;
    tile.allBegin = firstSeen(last, of.window);
    tile.allEnd = first + 1;
    return tile;
}

/// Where row `row` of a tile lies in q and out: -1 behind the last one.
__device__ inline int64_t placeOfRow(const AttentionArguments& of, const AttentionTile& tile,
                                     uint32_t row)
{
    const uint32_t at = tile.index * kAttentionRows + row;
    const uint32_t token = at / of.group;
    if (token >= of.each) return -1;
    const std::size_t heads = std::size_t{of.kvHeads} * of.group;
    return static_cast<int64_t>(((tile.firstRow + token) * heads + tile.head + at % of.group) *
                                of.headDim);
}

/// Queries as matrix instructions want them, [4 * chunks, 32 lanes] of four registers: instructions
/// 2 c and 2 c + 1 have numbers 32 c .. 32 c + 31, of which lane 4 g + t has 8 t .. 8 t + 7.
template <int kChunks, bool kWide>
__device__ inline void stageQueries(const AttentionArguments& of, const AttentionTile& tile,
                                    uint4* queries)
{
    for (uint32_t i = threadIdx.x; i < kChunks * 4 * 32; i += kAttentionWarps * 32) {
        const uint32_t g = i % 32 / 4;
        const uint32_t dim = i / 64 * 32 + i % 4 * 8 + i / 32 % 2 * 4;
        uint32_t low[2], high[2]; // of rows g and g + 8
#pragma unroll
        for (uint32_t half = 0; half < 2; ++half) {
            const int64_t place = placeOfRow(of, tile, g + 8 * half);
            const float4 four =
                place < 0 || dim >= of.headDim
                    ? make_float4(0, 0, 0, 0)
                    : loadFour<kWide>(of.q + place + dim, std::size_t{of.headDim} - dim);
            low[half] = pairOfHalves(four.x * of.scale, four.y * of.scale);
            high[half] = pairOfHalves(four.z * of.scale, four.w * of.scale);
        }
        queries[i] = make_uint4(low[0], low[1], high[0], high[1]);
    }
}

/// Eight numbers of a key or a value from `dim` on, in pairs; what is not there is 0. kWide:
/// headDim is a multiple of 8. The first-level cache is passed by: nothing comes twice in time.
template <bool kWide>
__device__ inline uint4 loadEight(const Half* head, uint32_t dim, uint32_t headDim, bool isThere)
{
    if constexpr (kWide) {
        if (!isThere || dim >= headDim) return make_uint4(0, 0, 0, 0);
        return __ldcg(reinterpret_cast<const uint4*>(head + dim));
    }
    const auto* pairs = reinterpret_cast<const uint32_t*>(head + dim);
    const auto pair = [&](uint32_t i) {
        return isThere && dim + 2 * i < headDim ? __ldcg(pairs + i) : 0U;
    };
    return make_uint4(pair(0), pair(1), pair(2), pair(3));
}

/// What a warp has found of its keys: lane 4 g + t of rows g and g + 8.
template <int kChunks>
struct AttentionFound
{
    /// Numbers 64 c + 16 t + j (+ 8) of row g: [c][j][0] ([1]); of row g + 8: [2] ([3]). Times the
    /// exponentials that sums adds up.
    float out[kChunks][8][4] = {};
    float sums[4] = {}; ///< of rows g, g, g + 8, g + 8
    float most[2] = {-INFINITY, -INFINITY};
};

/// Scores of keys key + 8 j .. + 7.
template <int kChunks, bool kWide>
__device__ inline void scoreKeys(const AttentionArguments& of, const AttentionTile& tile,
                                 const uint4* queries, uint32_t key, float (&scores)[4][4])
{
    const uint32_t lane = threadIdx.x % 32;
#pragma unroll
    for (uint32_t c = 0; c < 2 * kChunks; ++c) {
        if (!kWide && 32 * c >= of.headDim) break;
        const uint4 first = queries[2 * c * 32 + lane];
        const uint4 second = queries[(2 * c + 1) * 32 + lane];
#pragma unroll
        for (int j = 0; j < 4; ++j) {
            const uint32_t at = key + 8 * j + lane / 4;
            const uint4 k = loadEight<kWide>(tile.keys + std::size_t{at} * of.headDim,
                                             32 * c + lane % 4 * 8, of.headDim, at < tile.end);
            mmaF16(scores[j], first.x, first.y, first.z, first.w, k.x, k.y);
            mmaF16(scores[j], second.x, second.y, second.z, second.w, k.z, k.w);
        }
    }
}

/// Leaves out what rows do not see. `seenFrom`, `seenTo`: of rows g and g + 8.
__device__ inline void hideUnseen(float (&scores)[4][4], uint32_t key,
                                  const uint32_t (&seenFrom)[2], const uint32_t (&seenTo)[2])
{
#pragma unroll
    for (int j = 0; j < 4; ++j)
#pragma unroll
        for (int i = 0; i < 4; ++i) {
            const uint32_t at = key + 8 * j + threadIdx.x % 4 * 2 + i % 2;
            if (at < seenFrom[i / 2] || at >= seenTo[i / 2]) scores[j][i] = -INFINITY;
        }
}

/// exp(score - most), where `most` may be that of nothing at all.
__device__ inline float shareOf(float score, float most)
{
    return exp2f((score - (most == -INFINITY ? 0.0F : most)) * kLog2OfE);
}

/// Scores become their exponentials; what was found before is made to fit where a row's largest
/// score has grown. A NaN is never the largest, but its exponential is NaN.
template <int kChunks>
__device__ inline void takeExponentials(float (&scores)[4][4], AttentionFound<kChunks>& found)
{
    bool grown = false;
    float factor[2];
#pragma unroll
    for (int row = 0; row < 2; ++row) {
        float most = found.most[row];
#pragma unroll
        for (int j = 0; j < 4; ++j)
            most = fmaxf(most, fmaxf(scores[j][2 * row], scores[j][2 * row + 1]));
        most = fmaxf(most, __shfl_xor_sync(~0U, most, 1));
        most = fmaxf(most, __shfl_xor_sync(~0U, most, 2));
        grown = grown || most > found.most[row];
        factor[row] = shareOf(found.most[row], most);
        found.most[row] = most;
#pragma unroll
        for (int j = 0; j < 4; ++j)
#pragma unroll
            for (int i = 2 * row; i < 2 * row + 2; ++i)
                scores[j][i] = shareOf(scores[j][i], most);
    }
    if (__ballot_sync(~0U, grown) == 0) return; // all factors are 1, or of zeros
#pragma unroll
    for (int i = 0; i < 4; ++i) {
        found.sums[i] *= factor[i / 2];
#pragma unroll
        for (int c = 0; c < kChunks; ++c)
#pragma unroll
            for (int j = 0; j < 8; ++j)
                found.out[c][j][i] *= factor[i / 2];
    }
}

/// Values of 16 keys as a lane has them: numbers 64 c + 8 g .. of keys 2 t, 2 t + 1, 2 t + 8 and 2
/// t
/// + 9.
template <int kChunks>
struct AttentionValues
{
    uint32_t of[kChunks][4][4]; ///< [chunk][key][pair]
};

template <int kChunks, bool kWide>
__device__ inline AttentionValues<kChunks> loadValues(const AttentionArguments& of,
                                                      const AttentionTile& tile, uint32_t key)
{
    const uint32_t lane = threadIdx.x % 32;
    AttentionValues<kChunks> values;
#pragma unroll
    for (uint32_t c = 0; c < kChunks; ++c)
#pragma unroll
        for (uint32_t i = 0; i < 4; ++i) {
            const uint32_t at = key + lane % 4 * 2 + i % 2 + i / 2 * 8;
            const uint4 eight = loadEight<kWide>(tile.values + std::size_t{at} * of.headDim,
                                                 64 * c + lane / 4 * 8, of.headDim, at < tile.end);
            values.of[c][i][0] = eight.x;
            values.of[c][i][1] = eight.y;
            values.of[c][i][2] = eight.z;
            values.of[c][i][3] = eight.w;
        }
    return values;
}

/// Adds the exponentials of 16 keys, rounded to f16, times their values. The sum is that of the
/// rounded ones: a column of ones more.
template <int kChunks>
__device__ inline void addValues(const float (&first)[4], const float (&second)[4],
                                 const AttentionValues<kChunks>& values,
                                 AttentionFound<kChunks>& found)
{
    const uint32_t a0 = pairOfHalves(first[0], first[1]);
    const uint32_t a1 = pairOfHalves(first[2], first[3]);
    const uint32_t a2 = pairOfHalves(second[0], second[1]);
    const uint32_t a3 = pairOfHalves(second[2], second[3]);
    constexpr uint32_t kOnes = 0x3C003C00U;
    mmaF16(found.sums, a0, a1, a2, a3, kOnes, kOnes);
#pragma unroll
    for (int c = 0; c < kChunks; ++c) {
        const uint32_t(&v)[4][4] = values.of[c];
#pragma unroll
        for (int pair = 0; pair < 4; ++pair) {
            mmaF16(found.out[c][2 * pair], a0, a1, a2, a3,
                   __byte_perm(v[0][pair], v[1][pair], 0x5410),
                   __byte_perm(v[2][pair], v[3][pair], 0x5410));
            mmaF16(found.out[c][2 * pair + 1], a0, a1, a2, a3,
                   __byte_perm(v[0][pair], v[1][pair], 0x7632),
                   __byte_perm(v[2][pair], v[3][pair], 0x7632));
        }
    }
}

/// What a warp finds in blocks `block`, `block` + kAttentionWarps, .. below `end`, counted from the
/// tile's first key.
template <int kChunks, bool kWide>
__device__ inline AttentionFound<kChunks>
attendBlocks(const AttentionArguments& of, const AttentionTile& tile, const uint4* queries,
             uint32_t block, uint32_t end)
{
    uint32_t seenFrom[2], seenTo[2];
#pragma unroll
    for (uint32_t half = 0; half < 2; ++half) {
        const uint32_t row = tile.index * kAttentionRows + threadIdx.x % 32 / 4 + 8 * half;
        const uint32_t position = tile.firstPosition + min(row / of.group, of.each - 1);
        seenFrom[half] = firstSeen(position, of.window);
        seenTo[half] = position + 1;
    }
    AttentionFound<kChunks> found;
    for (; block < end; block += kAttentionWarps) {
        const uint32_t key = tile.begin + block * kAttentionKeys;
        // Values are asked for together with keys, where registers hold all of them.
        constexpr bool kEarly = kChunks <= 2;
        AttentionValues<kChunks> values[2];
#pragma unroll
        for (uint32_t half = 0; kEarly && half < 2; ++half)
            values[half] = loadValues<kChunks, kWide>(of, tile, key + 16 * half);
        float scores[4][4] = {};
        scoreKeys<kChunks, kWide>(of, tile, queries, key, scores);
        if (key < tile.allBegin || key + kAttentionKeys > tile.allEnd)
            hideUnseen(scores, key, seenFrom, seenTo);
        takeExponentials(scores, found);
#pragma unroll
        for (uint32_t half = 0; half < 2; ++half) {
            if constexpr (!kEarly)
                values[half] = loadValues<kChunks, kWide>(of, tile, key + 16 * half);
            addValues(scores[2 * half], scores[2 * half + 1], values[half], found);
        }
    }
    return found;
}

/// What several have found of a tile, side by side: [count][rows, stride] numbers, and the rows'
/// largest scores and sums, [count][rows].
struct AttentionFindings
{
    float *out, *most, *sums;
};

/// What a lane has found, to its warp's place.
template <int kChunks>
__device__ inline void leaveFound(const AttentionFound<kChunks>& found, AttentionFindings to)
{
    const uint32_t t = threadIdx.x % 4;
#pragma unroll
    for (uint32_t half = 0; half < 2; ++half) {
        const uint32_t row = threadIdx.x / 32 * kAttentionRows + threadIdx.x % 32 / 4 + 8 * half;
        if (t == 0) {
            to.most[row] = found.most[half];
            to.sums[row] = found.sums[2 * half];
        }
        float* out = to.out + row * attentionStride(kChunks) + 16 * t;
#pragma unroll
        for (int c = 0; c < kChunks; ++c)
#pragma unroll
            for (int four = 0; four < 4; ++four) {
                const float(&of)[8][4] = found.out[c];
                const int j = four % 2 * 4;
                const uint32_t i = 2 * half + four / 2;
                *reinterpret_cast<float4*>(out + 64 * c + 4 * four) =
                    make_float4(of[j][i], of[j + 1][i], of[j + 2][i], of[j + 3][i]);
            }
    }
}

/// Four numbers of a row, not yet over the sum, and what belongs to the row.
struct AttentionMerged
{
    float4 out;
    float most, sum;
};

/// Merges what `count` have found of a row; load(i): the four numbers of finding i.
template <class Load>
__device__ inline AttentionMerged mergeRow(AttentionFindings from, uint32_t count, uint32_t row,
                                           const Load& load)
{
    AttentionMerged merged{make_float4(0, 0, 0, 0), -INFINITY, 0.0F};
    for (uint32_t i = 0; i < count; ++i)
        merged.most = fmaxf(merged.most, from.most[i * kAttentionRows + row]);
#pragma unroll 8
    for (uint32_t i = 0; i < count; ++i) {
        const float share = shareOf(from.most[i * kAttentionRows + row], merged.most);
        const float4 four = load(i);
        merged.sum += share * from.sums[i * kAttentionRows + row];
        merged.out = sumOf(merged.out, make_float4(share * four.x, share * four.y, share * four.z,
                                                   share * four.w));
    }
    return merged;
}

template <bool kWide>
__device__ inline void writeOut(const AttentionArguments& of, int64_t place, uint32_t dim,
                                const AttentionMerged& merged)
{
    storeFour<kWide>(of.out + place + dim, std::size_t{of.headDim} - dim,
                     make_float4(merged.out.x / merged.sum, merged.out.y / merged.sum,
                                 merged.out.z / merged.sum, merged.out.w / merged.sum));
}

/// Calls work(row, its place, first of four numbers) for all that a tile writes.
template <int kChunks, class Work>
__device__ inline void eachResult(const AttentionArguments& of, const AttentionTile& tile,
                                  const Work& work)
{
    for (uint32_t i = threadIdx.x; i < kAttentionRows * 16 * kChunks; i += kAttentionWarps * 32) {
        const uint32_t row = i / (16 * kChunks);
        const uint32_t dim = i % (16 * kChunks) * 4;
        const int64_t place = placeOfRow(of, tile, row);
        if (place >= 0 && dim < of.headDim) work(row, place, dim);
    }
}

/// Blocks: (tiles, sequences * kvHeads, parts). 64 * kChunks >= headDim. kWide: headDim is a
/// multiple of 8, q and out are aligned to 16 bytes.
template <int kChunks, bool kWide>
__global__ void __launch_bounds__(kAttentionWarps * 32, 2) attentionKernel(AttentionArguments of)
{
    letFollowersStart();
    waitForEarlier();
    const AttentionTile tile = tileOf(of);
    const uint32_t blocks = (tile.end - tile.begin + kAttentionKeys - 1) / kAttentionKeys;
    const uint32_t parts = max(min(blocks / kAttentionWarps, gridDim.z), 1U); // a block a warp
    const uint32_t part = blockIdx.z;
    if (part >= parts) return;

    auto* queries = sharedRoom<uint4>();
    auto* room = reinterpret_cast<float*>(queries + kChunks * 4 * 32);
    constexpr uint32_t kRowsOfWarps = kAttentionWarps * kAttentionRows;
    const AttentionFindings ofWarps{room, room + kRowsOfWarps * attentionStride(kChunks),
                                    room + kRowsOfWarps * (attentionStride(kChunks) + 1)};
    stageQueries<kChunks, kWide>(of, tile, queries);
    __syncthreads();
    const uint32_t firstBlock = part * blocks / parts;
    leaveFound(attendBlocks<kChunks, kWide>(of, tile, queries, firstBlock + threadIdx.x / 32,
                                            (part + 1) * blocks / parts),
               ofWarps);
    __syncthreads();

    const uint32_t tileAt = blockIdx.y * gridDim.x + blockIdx.x;
    float* const partial =
        of.partial + std::size_t{tileAt} * gridDim.z * attentionPartFloats(kChunks);
    constexpr uint32_t kMost = kAttentionRows * 64 * kChunks; // where maxima of a part lie
    eachResult<kChunks>(of, tile, [&](uint32_t row, int64_t place, uint32_t dim) {
        const AttentionMerged merged = mergeRow(ofWarps, kAttentionWarps, row, [&](uint32_t warp) {
            return *reinterpret_cast<const float4*>(
                ofWarps.out + (warp * kAttentionRows + row) * attentionStride(kChunks) + dim);
        });
        if (parts == 1) return writeOut<kWide>(of, place, dim, merged);
        float* const to = partial + part * attentionPartFloats(kChunks);
        *reinterpret_cast<float4*>(to + row * 64 * kChunks + dim) = merged.out;
        if (dim != 0) return;
        to[kMost + row] = merged.most;
        to[kMost + kAttentionRows + row] = merged.sum;
    });
    if (parts == 1 || !isLastOf(of.arrived + tileAt, parts)) return;

    const AttentionFindings ofParts{nullptr, room, room + parts * kAttentionRows};
    for (uint32_t i = threadIdx.x; i < parts * kAttentionRows; i += kAttentionWarps * 32) {
        const uint32_t row = i % kAttentionRows;
        if (placeOfRow(of, tile, row) < 0) continue;
        const float* from =
            partial + i / kAttentionRows * attentionPartFloats(kChunks) + kMost + row;
        ofParts.most[i] = __ldcg(from);
        ofParts.sums[i] = __ldcg(from + kAttentionRows);
    }
    __syncthreads();
    eachResult<kChunks>(of, tile, [&](uint32_t row, int64_t place, uint32_t dim) {
        writeOut<kWide>(
            of, place, dim, mergeRow(ofParts, parts, row, [&](uint32_t i) {
                return __ldcg(reinterpret_cast<const float4*>(
                    partial + i * attentionPartFloats(kChunks) + row * 64 * kChunks + dim));
            }));
    });
}

} // namespace bs::gpu
