// An instruction-set island, as kernels_avx2.cpp: tiles decoded once for many rows of x.
#include "core/linalg/cpu/nested.h"
#include "core/linalg/cpu/nested_avx512.h"
#include "core/linalg/cpu/nested_steps.h"

namespace bs {

namespace {

/// The 32 bits of each row, of planes of a tile and of products of their signs, and what those that are set take off.
class Masks
{
public:
    void add(const __m512i* eights, std::int16_t value)
    {
        const __m512i low[2] = {_mm512_unpacklo_epi8(eights[0], eights[1]), _mm512_unpackhi_epi8(eights[0], eights[1])};
        const __m512i high[2] = {_mm512_unpacklo_epi8(eights[2], eights[3]), _mm512_unpackhi_epi8(eights[2], eights[3])};
        for (std::size_t of8 = 0; of8 < 2; ++of8) {
            _mm512_store_si512(m_bits[m_count][2 * of8], _mm512_unpacklo_epi16(low[of8], high[of8]));
            _mm512_store_si512(m_bits[m_count][2 * of8 + 1], _mm512_unpackhi_epi16(low[of8], high[of8]));
        }
        m_twice[m_count++] = _mm512_set1_epi16(static_cast<short>(2 * value));
    }
    /// Rows 16 k + 4 quarter .. + 3, k = 0 .. 3, of levels [64, kNestedCols]: `all` less what their bits take off.
    void takeOff(__m512i all, std::size_t quarter, std::int16_t (*levels)[kNestedCols]) const
    {
        __m512i rows[16];
        for (__m512i& row : rows)
            row = all;
        for (std::size_t m = 0; m < m_count; ++m)
#pragma GCC unroll 16
            for (std::size_t i = 0; i < 16; ++i)
                rows[i] = _mm512_mask_sub_epi16(rows[i], m_bits[m][quarter][i], rows[i], m_twice[m]);
        for (std::size_t i = 0; i < 16; ++i)
            _mm512_store_si512(levels[i / 4 * 16 + 4 * quarter + i % 4], rows[i]);
    }

private:
    std::size_t m_count = 0;
    __m512i m_twice[2 * kNestedPlanes];
    alignas(64) std::uint32_t m_bits[2 * kNestedPlanes][4][16];
};

void decodeTile(const NestedRow& row, const NestedTile& tile, std::int16_t (*levels)[kNestedCols])
{
    Masks masks;
    for (unsigned p = 0; p < tile.planes; ++p) {
        const std::uint8_t* plane = row.bytes + std::size_t{tile.at[p]} * 64;
        const Eights strips[2] = {Eights(plane), Eights(plane + 128)};
        const __m512i signs[4] = {strips[0].of[0], strips[0].of[1], strips[1].of[0], strips[1].of[1]};
        const unsigned below = nestedBelow(tile, p);
        masks.add(signs, nestedPlain(tile, p) ? row.tables->major[below] : row.tables->minor[below]);
        if (nestedPlain(tile, p))
            continue;
        const __m512i rings[4] = {products(signs[0]), products(signs[1]), products(signs[2]), products(signs[3])};
        masks.add(rings, row.tables->major[below]);
    }
    const __m512i all = _mm512_set1_epi16(static_cast<short>(nestedSum(*row.tables, tile)));
    for (std::size_t quarter = 0; quarter < 4; ++quarter)
        masks.takeOff(all, quarter, levels);
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
    for (std::size_t c = 0; c < row.count; ++c, levels += kNestedRows * kNestedCols)
        decodeTile(row, row.tiles[c], reinterpret_cast<std::int16_t(*)[kNestedCols]>(levels));
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
