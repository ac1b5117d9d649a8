// An instruction-set island, as kernels_avx2.cpp: tiles decoded once for many rows of x.
#include "core/linalg/cpu/nested.h"
#include "core/linalg/cpu/nested_avx512.h"
#include "core/linalg/cpu/nested_steps.h"

namespace bs {

namespace {

/// The 32 bits of each row; row 16 k + 4 q + i is [q][4 k + i].
struct Masks
{
    alignas(64) std::uint32_t bits[4][16];

    explicit Masks(const __m512i* eights)
    {
        const __m512i low[2] = {_mm512_unpacklo_epi8(eights[0], eights[1]), _mm512_unpackhi_epi8(eights[0], eights[1])};
        const __m512i high[2] = {_mm512_unpacklo_epi8(eights[2], eights[3]), _mm512_unpackhi_epi8(eights[2], eights[3])};
        for (std::size_t of8 = 0; of8 < 2; ++of8) {
            _mm512_store_si512(bits[2 * of8], _mm512_unpacklo_epi16(low[of8], high[of8]));
            _mm512_store_si512(bits[2 * of8 + 1], _mm512_unpackhi_epi16(low[of8], high[of8]));
        }
    }
};

__m512i twice(std::int16_t value) { return _mm512_set1_epi16(static_cast<short>(2 * value)); }

/// Takes 2 * value off where a row's bits are set, of two planes' masks or one's.
template <bool both> void takeTwice(const Masks& first, std::int16_t firstValue, const Masks& second, std::int16_t secondValue, std::int16_t (*levels)[kNestedCols])
{
    const __m512i values[2] = {twice(firstValue), twice(secondValue)};
    for (std::size_t quarter = 0; quarter < 4; ++quarter)
        for (std::size_t i = 0; i < 16; ++i) {
            std::int16_t* const to = levels[i / 4 * 16 + 4 * quarter + i % 4];
            __m512i row = _mm512_load_si512(to);
            row = _mm512_mask_sub_epi16(row, first.bits[quarter][i], row, values[0]);
            if (both)
                row = _mm512_mask_sub_epi16(row, second.bits[quarter][i], row, values[1]);
            _mm512_store_si512(to, row);
        }
}

void takePlane(const NestedRow& row, const NestedPlane& plane, bool plain, std::int16_t (*levels)[kNestedCols])
{
    const std::uint8_t* const bytes = row.bytes + std::size_t{plane.at} * 64;
    const Eights strips[2] = {Eights(bytes), Eights(bytes + 128)};
    const __m512i signs[4] = {strips[0].of[0], strips[0].of[1], strips[1].of[0], strips[1].of[1]};
    const NestedLevel level(row, plane, plain);
    const Masks own(signs);
    if (plain)
        return takeTwice<false>(own, level.major, own, 0, levels);
    const __m512i rings[4] = {products(signs[0]), products(signs[1]), products(signs[2]), products(signs[3])};
    takeTwice<true>(own, level.minor, Masks(rings), level.major, levels);
}

static_assert(kNestedPanel == 16);
using Panel = float[kNestedRows][kNestedPanel];

/// sum += x . the pair at w, in every lane. Written out, since the compiler would load the pair first and move sums from register to register.
void addPairs(__m512i& sum, __m512i x, const std::int16_t* w)
{
    asm("vpdpwssd %[w]%{1to16%}, %[x], %[sum]" : [sum] "+v"(sum) : [x] "v"(x), [w] "m"(*reinterpret_cast<const std::int16_t(*)[2]>(w)));
}

/// Rows whose sums are in registers together.
constexpr std::size_t kHigh = 16;

/// y [kHigh] += rows of one tile's weights times its part of the panel.
void addRows(const std::int16_t* levels, const std::int16_t* pairs, __m512 units, float (*y)[kNestedPanel])
{
    __m512i sums[kHigh];
    for (__m512i& sum : sums)
        sum = _mm512_setzero_si512();
    for (std::size_t pair = 0; pair < kNestedCols / 2; ++pair) {
        const __m512i x = load(pairs + pair * kNestedPanel * 2);
#pragma GCC unroll 16
        for (std::size_t r = 0; r < kHigh; ++r)
            addPairs(sums[r], x, levels + r * kNestedCols + 2 * pair);
    }
    for (std::size_t r = 0; r < kHigh; ++r)
        _mm512_store_ps(y[r], _mm512_fmadd_ps(_mm512_cvtepi32_ps(sums[r]), units, _mm512_load_ps(y[r])));
}

void addOutlier(const NestedOutlier& outlier, std::size_t firstRow, const std::int16_t* pairs, const float* unit, Panel& y)
{
    const std::size_t tile = outlier.col / kNestedCols;
    const std::size_t col = outlier.col % kNestedCols;
    const __m512i both = load(pairs + tile * kNestedPairs + col / 2 * kNestedPanel * 2);
    const __m512i whole = _mm512_srai_epi32(col % 2 == 0 ? _mm512_slli_epi32(both, 16) : both, 16);
    const __m512 x = _mm512_mul_ps(_mm512_cvtepi32_ps(whole), _mm512_loadu_ps(unit + tile * kNestedPanel));
    float* const to = y[outlier.row - firstRow];
    _mm512_store_ps(to, _mm512_fmadd_ps(x, _mm512_set1_ps(outlier.value), _mm512_load_ps(to)));
}

} // namespace

void avx512NestedDecode(const NestedRow& row, std::int16_t* levels)
{
    std::int16_t start[kNestedMostTiles];
    nestedStart(row, start);
    constexpr std::size_t kTile = kNestedRows * kNestedCols;
    for (std::size_t t = 0; t < row.count; ++t)
        for (std::size_t i = 0; i < kTile; i += 32)
            _mm512_store_si512(levels + t * kTile + i, _mm512_set1_epi16(start[t]));
    nestedEachPlane(row, [&](const NestedPlane& plane, bool plain) {
        takePlane(row, plane, plain, reinterpret_cast<std::int16_t(*)[kNestedCols]>(levels + plane.tile * kTile));
    });
}

void avx512NestedBatch(const NestedLevels& weights, const std::int16_t* pairs, const float* unit, float* y, std::size_t stride)
{
    alignas(64) Panel sums = {};
    for (std::size_t t = 0; t < weights.tiles; ++t) {
        if (weights.scale[t] == 0)
            continue;
        const __m512 units = _mm512_mul_ps(_mm512_loadu_ps(unit + t * kNestedPanel), _mm512_set1_ps(weights.scale[t]));
        for (std::size_t i = 0; i < kNestedRows; i += kHigh)
            addRows(weights.levels + (t * kNestedRows + i) * kNestedCols, pairs + t * kNestedPairs, units, sums + i);
    }
    for (std::size_t o = 0; o < weights.outlierCount; ++o)
        addOutlier(weights.outliers[o], weights.firstRow, pairs, unit, sums);
    const __m512i column = _mm512_mullo_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), _mm512_set1_epi32(kNestedPanel));
    for (std::size_t at = 0; at < kNestedPanel; ++at)
        for (std::size_t i = 0; i < kNestedRows; i += 16)
            _mm512_storeu_ps(y + at * stride + i, _mm512_i32gather_ps(column, sums[i] + at, sizeof(float)));
}

} // namespace bs
