// An instruction-set island, as kernels_avx2.cpp.
#include "core/linalg/cpu/nested.h"
#include "core/linalg/cpu/nested_steps.h"

#include <immintrin.h>

namespace bs {

namespace {

// The 32 columns of a tile are the lanes of a register, so that a ring stays in its lane and a byte of a plane is 8 steps of it (4 of the
// plane with two bits). An index for a look-up of 16 levels needs the four bits of a window lowest and bit 7 clear; bits 4 to 6 do not matter.
// So a byte with bit 7 clear serves four windows, moved down bit by bit. What moves bytes without dragging bits over from their
// neighbours is the average (a + b + 1) / 2: with b = 63, then 31 each time, it is floor(a / 2) + 32. Eight windows thus cost: a mask, three
// averages; the bytes' seam (four bits of the byte before, three of this one) five; three averages: 12 operations.
//
// Slot s of the sums is row s - 1: windows 0 .. 3 of a pair of bytes begin with the last row of the byte before.

constexpr int kCols = static_cast<int>(kNestedCols);
constexpr int kSlots = static_cast<int>(kNestedRows);

__m256i load(const std::uint8_t* p)
{
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}

__m256i table16(const std::uint8_t* p)
{
    return _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(p)));
}

/// Bits 4 to 7 of `before`, then bits 0 to 2 of `now`.
__m256i seamOf(__m256i before, __m256i now)
{
    const __m256i old = _mm256_and_si256(_mm256_srli_epi16(before, 4), _mm256_set1_epi8(0x0F));
    const __m256i fresh = _mm256_and_si256(_mm256_slli_epi16(now, 4), _mm256_set1_epi8(0x70));
    return _mm256_or_si256(old, fresh);
}

__m256i first(__m256i a) { return _mm256_avg_epu8(a, _mm256_set1_epi8(63)); }
__m256i next(__m256i a) { return _mm256_avg_epu8(a, _mm256_set1_epi8(31)); }

/// Levels of four slots that a byte's bits 0 to 6 give: set, or added to what is there.
template <bool Add> inline void lookUp(__m256i table, __m256i index, __m256i& level)
{
    const __m256i found = _mm256_shuffle_epi8(table, index);
    level = Add ? _mm256_add_epi8(level, found) : found;
}

template <bool Add> inline void lookUpFour(__m256i table, __m256i bits, __m256i* level)
{
    lookUp<Add>(table, bits, level[0]);
    bits = first(bits);
    lookUp<Add>(table, bits, level[1]);
    bits = next(bits);
    lookUp<Add>(table, bits, level[2]);
    lookUp<Add>(table, next(bits), level[3]);
}

/// Bits 0 to 6 of the windows of slots 4 * quad .. 4 * quad + 3 of a plane with one bit.
inline __m256i bitsOfQuad(const std::uint8_t* plane, int quad)
{
    const __m256i now = load(plane + kCols * (quad / 2));
    if (quad % 2 != 0)
        return _mm256_and_si256(now, _mm256_set1_epi8(0x7F));
    return seamOf(load(plane + kCols * ((quad / 2 + 7) & 7)), now);
}

/// Levels of the four slots from a plane with two bits a weight.
inline void lookUpTwo(const std::uint8_t* plane, int quad, __m256i table, __m256i* level)
{
    const __m256i now = load(plane + kCols * quad);
    const __m256i a = seamOf(load(plane + kCols * ((quad + 15) & 15)), now);
    const __m256i b = _mm256_and_si256(now, _mm256_set1_epi8(0x7F));
    lookUp<false>(table, a, level[0]);
    lookUp<false>(table, next(first(a)), level[1]);
    lookUp<false>(table, b, level[2]);
    lookUp<false>(table, next(first(b)), level[3]);
}

struct alignas(32) Work
{
    std::int32_t sums[kSlots][8];
    std::int8_t x[kNestedGroup][kCols];
};

__m256i* sumAt(Work& work, int slot)
{
    return reinterpret_cast<__m256i*>(work.sums[slot]);
}

__m256i loadX(const std::int8_t* x)
{
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(x));
}

constexpr short kWeights[3] = {32, 8, 1};
/// Sums that have kNestedZero added: of the first group, the first two, all.
constexpr int kZeros[4] = {0, 32 * kNestedZero, (32 + 8) * kNestedZero, (32 + 8 + 1) * kNestedZero};

constexpr bool beginsGroup(NestedBase base, unsigned plane)
{
    return plane == 0 || nestedGroup(base, plane) != nestedGroup(base, plane - 1);
}

/// One tile with `Planes` planes: each of a weight's three sums is in 0 .. 127, so a pair of products is below 2^15.
template <NestedBase Base, unsigned Planes> void addTile(const NestedRow& row, const NestedTile& tile, const std::int8_t* x8, Work& work)
{
    const std::uint8_t* plane[Planes];
    const std::uint8_t* levels[Planes];
    for (unsigned p = 0; p < Planes; ++p) {
        plane[p] = row.bytes + std::size_t{tile.at[p]} * 64;
        levels[p] = nestedLevels(*row.tables, tile, p);
    }
    const __m256i x = loadX(x8);
    for (int pair = 0; pair < 16; pair += 2)
#pragma GCC unroll 2
        for (int half = 0; half < 2; ++half) {
            const int quad = pair + half;
            __m256i level[4];
            __m256i sum[4];
#pragma GCC unroll 4
            for (int i = 0; i < 4; ++i)
                sum[i] = *sumAt(work, 4 * quad + i);
#pragma GCC unroll 8
            for (unsigned p = 0; p < Planes; ++p) {
                const __m256i table = table16(levels[p]);
                if (Base == NestedBase::Two && p == 0)
                    lookUpTwo(plane[p], quad, table, level);
                else if (beginsGroup(Base, p))
                    lookUpFour<false>(table, bitsOfQuad(plane[p], quad), level);
                else
                    lookUpFour<true>(table, bitsOfQuad(plane[p], quad), level);
                if (p + 1 == Planes || beginsGroup(Base, p + 1))
#pragma GCC unroll 4
                    for (int i = 0; i < 4; ++i)
                        sum[i] = _mm256_add_epi32(sum[i], _mm256_madd_epi16(_mm256_maddubs_epi16(level[i], x),
                                                                            _mm256_set1_epi16(kWeights[nestedGroup(Base, p)])));
            }
#pragma GCC unroll 4
            for (int i = 0; i < 4; ++i)
                *sumAt(work, 4 * quad + i) = sum[i];
        }
}

/// `Count` (2 or 4) tiles of one bit a weight: their levels are in 0 .. 64, so two pairs of products are below 2^15 together.
template <int Count> void addSingles(const NestedRow& row, const std::size_t* tiles, const std::int8_t* x8, Work& work)
{
    const __m256i table = table16(row.tables->single);
    const __m256i weight = _mm256_set1_epi16(kWeights[0]);
    const std::uint8_t* plane[Count];
    for (int t = 0; t < Count; ++t)
        plane[t] = row.bytes + std::size_t{row.tiles[tiles[t]].at[0]} * 64;
    for (int pair = 0; pair < 16; pair += 2)
#pragma GCC unroll 2
        for (int half = 0; half < 2; ++half) {
            const int quad = pair + half;
            __m256i bits[Count];
#pragma GCC unroll 4
            for (int t = 0; t < Count; ++t)
                bits[t] = bitsOfQuad(plane[t], quad);
#pragma GCC unroll 4
            for (int i = 0; i < 4; ++i) {
                __m256i sum = *sumAt(work, 4 * quad + i);
#pragma GCC unroll 2
                for (int t = 0; t < Count; t += 2) {
                    const __m256i a = _mm256_maddubs_epi16(_mm256_shuffle_epi8(table, bits[t]), loadX(x8 + kCols * t));
                    const __m256i b = _mm256_maddubs_epi16(_mm256_shuffle_epi8(table, bits[t + 1]), loadX(x8 + kCols * (t + 1)));
                    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_add_epi16(a, b), weight));
                }
                *sumAt(work, 4 * quad + i) = sum;
#pragma GCC unroll 4
                for (int t = 0; t < Count; ++t)
                    bits[t] = i == 0 ? first(bits[t]) : next(bits[t]);
            }
        }
}

using AddTile = void (*)(const NestedRow&, const NestedTile&, const std::int8_t*, Work&);

constexpr AddTile kAddTile[2][kNestedPlanes] = {
    {addTile<NestedBase::One, 1>, addTile<NestedBase::One, 2>, addTile<NestedBase::One, 3>, addTile<NestedBase::One, 4>,
     addTile<NestedBase::One, 5>, addTile<NestedBase::One, 6>, addTile<NestedBase::One, 7>, addTile<NestedBase::One, 8>},
    {addTile<NestedBase::Two, 1>, addTile<NestedBase::Two, 2>, addTile<NestedBase::Two, 3>, addTile<NestedBase::Two, 4>,
     addTile<NestedBase::Two, 5>, addTile<NestedBase::Two, 6>, addTile<NestedBase::Two, 7>, addTile<NestedBase::Two, 8>},
};

bool single(const NestedTile& tile)
{
    return tile.base == NestedBase::One && tile.planes == 1;
}

/// x * factor of a tile's columns in 8 bits; answers their sums by fours.
__m256i roundTile(const float* x, float factor, std::int8_t* rounded)
{
    const __m256 f = _mm256_set1_ps(factor);
    const auto eight = [&](int i) { return _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(x + 8 * i), f)); };
    const __m256i packed = _mm256_packs_epi16(_mm256_packs_epi32(eight(0), eight(1)), _mm256_packs_epi32(eight(2), eight(3)));
    const __m256i inOrder = _mm256_permutevar8x32_epi32(packed, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
    _mm256_store_si256(reinterpret_cast<__m256i*>(rounded), inOrder);
    return _mm256_madd_epi16(_mm256_maddubs_epi16(_mm256_set1_epi8(1), inOrder), _mm256_set1_epi16(1));
}

/// What was added to a tile's levels to make them positive, as a multiple of the sum of x.
int zeroOf(const NestedTile& tile, bool together)
{
    return together ? 32 * kNestedZeroSingle : kZeros[nestedGroups(tile.base, tile.planes)];
}

/// Sums over the lanes of 8 registers, in order; leaves zeros there.
__m256i takeSums(__m256i* v)
{
    const auto take = [](__m256i& a) {
        const __m256i taken = a;
        a = _mm256_setzero_si256();
        return taken;
    };
    const auto halves = [](__m256i a, __m256i b) { return _mm256_add_epi32(_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b)); };
    const auto quarters = [](__m256i a, __m256i b) { return _mm256_add_epi32(_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b)); };
    const __m256i a = halves(take(v[0]), take(v[1]));
    const __m256i b = halves(take(v[2]), take(v[3]));
    const __m256i c = halves(take(v[4]), take(v[5]));
    const __m256i d = halves(take(v[6]), take(v[7]));
    const __m256i low = quarters(a, b);
    const __m256i high = quarters(c, d);
    return _mm256_add_epi32(_mm256_permute2x128_si256(low, high, 0x20), _mm256_permute2x128_si256(low, high, 0x31));
}

int sumOf(__m256i v)
{
    __m128i s = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4E));
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0xB1));
    return _mm_cvtsi128_si32(s);
}

/// How many tiles from `at` are multiplied together: 4 or 2 of one bit a weight, or 1.
std::size_t together(const NestedRow& row, const NestedSteps& group, std::size_t at)
{
    std::size_t count = 0;
    while (count < 4 && at + count < group.count && single(row.tiles[group.tile[at + count]]))
        ++count;
    return count == 4 ? 4 : count >= 2 ? 2 : 1;
}

/// Planes (256 bytes each) that are asked for ahead: 32 KiB gained 5 % at 4 bits from memory, 4 KiB nothing that shows.
constexpr std::size_t kAhead = 128;

void prefetchAhead(const NestedRow& row, std::size_t at)
{
    const std::size_t ahead = at + kAhead / row.tiles[at].planes;
    if (ahead >= row.count + row.following)
        return;
    const NestedTile& tile = row.tiles[ahead];
    for (unsigned p = 0; p < tile.planes; ++p) {
        const char* plane = reinterpret_cast<const char*>(row.bytes + std::size_t{tile.at[p]} * 64);
        const int lines = tile.base == NestedBase::Two && p == 0 ? 8 : 4;
        for (int i = 0; i < lines; ++i)
            _mm_prefetch(plane + 64 * i, _MM_HINT_T0);
    }
}

void addGroup(const NestedRow& row, const float* x, const NestedSteps& group, Work& work, float* slots)
{
    __m256i zeros = _mm256_setzero_si256();
    for (std::size_t g = 0; g < group.count;) {
        const std::size_t count = together(row, group, g);
        for (std::size_t t = g; t < g + count; ++t) {
            const NestedTile& tile = row.tiles[group.tile[t]];
            prefetchAhead(row, group.tile[t]);
            const __m256i sums = roundTile(x + group.tile[t] * kNestedCols, row.tables->scale[tile.firstGain] * group.inverse, work.x[t]);
            zeros = _mm256_add_epi32(zeros, _mm256_mullo_epi32(sums, _mm256_set1_epi32(zeroOf(tile, count > 1))));
        }
        const NestedTile& tile = row.tiles[group.tile[g]];
        if (count == 4)
            addSingles<4>(row, group.tile + g, work.x[g], work);
        else if (count == 2)
            addSingles<2>(row, group.tile + g, work.x[g], work);
        else
            kAddTile[tile.base == NestedBase::Two ? 1 : 0][tile.planes - 1](row, tile, work.x[g], work);
        g += count;
    }
    const __m256i zero = _mm256_set1_epi32(sumOf(zeros));
    const __m256 step = _mm256_set1_ps(group.step);
    for (int s = 0; s < kSlots; s += 8) {
        const __m256 sums = _mm256_cvtepi32_ps(_mm256_sub_epi32(takeSums(sumAt(work, s)), zero));
        _mm256_store_ps(slots + s, _mm256_fmadd_ps(step, sums, _mm256_load_ps(slots + s)));
    }
}

/// Levels of one plane for four slots, set or added.
void planeLevels(const NestedRow& row, const NestedTile& tile, unsigned p, int quad, __m256i* level)
{
    const std::uint8_t* plane = row.bytes + std::size_t{tile.at[p]} * 64;
    const __m256i table = table16(nestedLevels(*row.tables, tile, p));
    if (tile.base == NestedBase::Two && p == 0)
        lookUpTwo(plane, quad, table, level);
    else if (beginsGroup(tile.base, p))
        lookUpFour<false>(table, bitsOfQuad(plane, quad), level);
    else
        lookUpFour<true>(table, bitsOfQuad(plane, quad), level);
}

/// 16 weights of 16 bits as floats.
void storeWeights(__m256i weights, __m256 scale, float* W)
{
    const __m256i low = _mm256_cvtepi16_epi32(_mm256_castsi256_si128(weights));
    const __m256i high = _mm256_cvtepi16_epi32(_mm256_extracti128_si256(weights, 1));
    _mm256_storeu_ps(W, _mm256_mul_ps(_mm256_cvtepi32_ps(low), scale));
    _mm256_storeu_ps(W + 8, _mm256_mul_ps(_mm256_cvtepi32_ps(high), scale));
}

/// Rows of one quad of a tile to W with `stride` floats a row.
void decodeQuad(const NestedRow& row, const NestedTile& tile, int quad, float* W, std::size_t stride)
{
    __m256i weights[4][2];
    const __m256i zero = _mm256_set1_epi16(static_cast<short>(-kZeros[nestedGroups(tile.base, tile.planes)]));
    for (auto& w : weights)
        w[0] = w[1] = zero;
    __m256i level[4] = {};
    for (unsigned p = 0; p < tile.planes; ++p) {
        planeLevels(row, tile, p, quad, level);
        if (p + 1U < tile.planes && !beginsGroup(tile.base, p + 1))
            continue;
        const __m256i factor = _mm256_set1_epi16(kWeights[nestedGroup(tile.base, p)]);
        for (int i = 0; i < 4; ++i) {
            const __m256i low = _mm256_cvtepu8_epi16(_mm256_castsi256_si128(level[i]));
            const __m256i high = _mm256_cvtepu8_epi16(_mm256_extracti128_si256(level[i], 1));
            weights[i][0] = _mm256_add_epi16(weights[i][0], _mm256_mullo_epi16(low, factor));
            weights[i][1] = _mm256_add_epi16(weights[i][1], _mm256_mullo_epi16(high, factor));
        }
    }
    const __m256 scale = _mm256_set1_ps(row.tables->scale[tile.firstGain]);
    for (int i = 0; i < 4; ++i) {
        float* to = W + static_cast<std::size_t>((4 * quad + i + kSlots - 1) % kSlots) * stride;
        storeWeights(weights[i][0], scale, to);
        storeWeights(weights[i][1], scale, to + 16);
    }
}

} // namespace

void avx2NestedProduct(const NestedRow& row, const float* x, const float* most, float* y)
{
    Work work;
    for (int s = 0; s < kSlots; ++s)
        *sumAt(work, s) = _mm256_setzero_si256();
    alignas(32) float slots[kNestedRows] = {};
    for (std::size_t at = 0; at < row.count;) {
        const NestedSteps group = nextNestedSteps(row, most, at);
        if (group.any)
            addGroup(row, x, group, work, slots);
    }
    for (std::size_t i = 0; i < kNestedRows; ++i)
        y[i] = slots[(i + 1) % kNestedRows];
}

void avx2NestedDecode(const NestedRow& row, float* W)
{
    for (std::size_t c = 0; c < row.count; ++c)
        for (int quad = 0; quad < kSlots / 4; ++quad)
            decodeQuad(row, row.tiles[c], quad, W + c * kNestedCols, row.count * kNestedCols);
}

} // namespace bs
