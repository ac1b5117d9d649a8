// An instruction-set island, as kernels_avx2.cpp: tiles decoded once for many rows of x.
#include "core/linalg/cpu/nested.h"
#include "core/linalg/cpu/nested_avx2.h"
#include "core/linalg/cpu/nested_steps.h"

namespace bs {

namespace {

/// The signs of 16 rows, a register for both halves of the columns, as 32 bits a row.
void rowMasks(__m256i first, __m256i second, std::uint32_t* masks)
{
    const __m128i a = _mm256_castsi256_si128(first);
    const __m128i b = _mm256_extracti128_si256(first, 1);
    const __m128i c = _mm256_castsi256_si128(second);
    const __m128i d = _mm256_extracti128_si256(second, 1);
    const auto store = [&](int i, __m128i v) { _mm_storeu_si128(reinterpret_cast<__m128i*>(masks + 4 * i), v); };
    const __m128i abLow = _mm_unpacklo_epi8(a, b);
    const __m128i cdLow = _mm_unpacklo_epi8(c, d);
    const __m128i abHigh = _mm_unpackhi_epi8(a, b);
    const __m128i cdHigh = _mm_unpackhi_epi8(c, d);
    store(0, _mm_unpacklo_epi16(abLow, cdLow));
    store(1, _mm_unpackhi_epi16(abLow, cdLow));
    store(2, _mm_unpacklo_epi16(abHigh, cdHigh));
    store(3, _mm_unpackhi_epi16(abHigh, cdHigh));
}

/// Takes 2 * value off where a row's bits are set.
void takeTwice(const std::uint32_t* masks, std::int16_t value, std::int16_t (*sums)[kNestedCols])
{
    const __m256i bit = _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, -32768);
    const __m256i twice = _mm256_set1_epi16(static_cast<short>(2 * value));
    for (std::size_t i = 0; i < 16; ++i)
        for (unsigned half = 0; half < 2; ++half) {
            const __m256i row = _mm256_set1_epi16(static_cast<short>(masks[i] >> (16 * half)));
            const __m256i set = _mm256_cmpeq_epi16(_mm256_and_si256(row, bit), bit);
            auto* to = reinterpret_cast<__m256i*>(sums[i] + 16 * half);
            _mm256_store_si256(to, _mm256_sub_epi16(_mm256_load_si256(to), _mm256_and_si256(set, twice)));
        }
}

void takePlane(const NestedRow& row, const NestedPlane& plane, bool plain, std::int16_t (*levels)[kNestedCols])
{
    const std::uint8_t* const bytes = row.bytes + std::size_t{plane.at} * 64;
    const NestedLevel level(row, plane, plain);
    Ring first(bytes);
    Ring second(bytes + 128);
    std::uint32_t masks[16];
    for (int i = 0; i < kRegisters; ++i) {
        rowMasks(load(bytes + 32 * i), load(bytes + 128 + 32 * i), masks);
        takeTwice(masks, plain ? level.major : level.minor, levels + 16 * i);
        if (plain)
            continue;
        rowMasks(first.products(i), second.products(i), masks);
        takeTwice(masks, level.major, levels + 16 * i);
    }
}

constexpr std::size_t kWide = kNestedPanel / 8;
static_assert(kWide == 2);

/// sum += x . w, of pairs. Written out, since the compiler would multiply for all rows before it adds, has no registers for that and spills the
/// sums: a half of the speed.
void addPairs(__m256i& sum, __m256i x, __m256i w) { asm volatile("vpaddd %1, %0, %0" : "+x"(sum) : "x"(_mm256_madd_epi16(x, w))); }

using Panel = float[kNestedRows][kNestedPanel];

/// y [high] += rows of one tile's weights times its part of the panel. Six rows: twelve sums, two registers of x, one of weights and one of products.
template <std::size_t high> void addRows(const std::int16_t* levels, const std::int16_t* pairs, const __m256* units, float (*y)[kNestedPanel])
{
    __m256i sums[high][kWide];
    for (auto& of : sums)
        for (__m256i& sum : of)
            sum = _mm256_setzero_si256();
    for (std::size_t pair = 0; pair < kNestedCols / 2; ++pair) {
        const __m256i x[kWide] = {load(pairs + pair * kNestedPanel * 2), load(pairs + pair * kNestedPanel * 2 + 16)};
#pragma GCC unroll 6
        for (std::size_t r = 0; r < high; ++r) {
            std::int32_t two = 0;
            __builtin_memcpy(&two, levels + r * kNestedCols + 2 * pair, sizeof two);
            const __m256i w = _mm256_set1_epi32(two);
            for (std::size_t v = 0; v < kWide; ++v)
                addPairs(sums[r][v], x[v], w);
        }
    }
    for (std::size_t r = 0; r < high; ++r)
        for (std::size_t v = 0; v < kWide; ++v) {
            float* to = y[r] + 8 * v;
            _mm256_store_ps(to, _mm256_fmadd_ps(_mm256_cvtepi32_ps(sums[r][v]), units[v], _mm256_load_ps(to)));
        }
}

/// y += one tile's weights times its part of the panel.
void addTile(const std::int16_t* levels, float scale, const std::int16_t* pairs, const float* unit, Panel& y)
{
    __m256 units[kWide];
    for (std::size_t v = 0; v < kWide; ++v)
        units[v] = _mm256_mul_ps(_mm256_loadu_ps(unit + 8 * v), _mm256_set1_ps(scale));
    std::size_t i = 0;
    for (; i + 6 <= kNestedRows; i += 6)
        addRows<6>(levels + i * kNestedCols, pairs, units, y + i);
    addRows<kNestedRows % 6>(levels + i * kNestedCols, pairs, units, y + i);
}

void addOutlier(const NestedOutlier& outlier, std::size_t firstRow, const std::int16_t* pairs, const float* unit, Panel& y)
{
    const std::size_t tile = outlier.col / kNestedCols;
    const std::size_t col = outlier.col % kNestedCols;
    for (std::size_t v = 0; v < kWide; ++v) {
        const __m256i both = load(pairs + tile * kNestedPairs + (col / 2 * kNestedPanel + 8 * v) * 2);
        const __m256i whole = _mm256_srai_epi32(col % 2 == 0 ? _mm256_slli_epi32(both, 16) : both, 16);
        const __m256 x = _mm256_mul_ps(_mm256_cvtepi32_ps(whole), _mm256_loadu_ps(unit + tile * kNestedPanel + 8 * v));
        float* to = y[outlier.row - firstRow] + 8 * v;
        _mm256_store_ps(to, _mm256_fmadd_ps(x, _mm256_set1_ps(outlier.value), _mm256_load_ps(to)));
    }
}

/// Eight rows of eight floats, turned.
void storeTurned(const float* from, std::size_t fromStride, float* to, std::size_t toStride)
{
    __m256 two[8], four[8];
    for (std::size_t i = 0; i < 8; i += 2) {
        const __m256 a = _mm256_loadu_ps(from + i * fromStride);
        const __m256 b = _mm256_loadu_ps(from + (i + 1) * fromStride);
        two[i] = _mm256_unpacklo_ps(a, b);
        two[i + 1] = _mm256_unpackhi_ps(a, b);
    }
    for (std::size_t i = 0; i < 8; i += 4)
        for (std::size_t k = 0; k < 2; ++k) {
            four[i + 2 * k] = _mm256_shuffle_ps(two[i + k], two[i + 2 + k], 0x44);
            four[i + 2 * k + 1] = _mm256_shuffle_ps(two[i + k], two[i + 2 + k], 0xEE);
        }
    for (std::size_t k = 0; k < 4; ++k) {
        _mm256_storeu_ps(to + k * toStride, _mm256_permute2f128_ps(four[k], four[4 + k], 0x20));
        _mm256_storeu_ps(to + (4 + k) * toStride, _mm256_permute2f128_ps(four[k], four[4 + k], 0x31));
    }
}

} // namespace

void avx2NestedDecode(const NestedRow& row, std::int16_t* levels)
{
    std::int16_t start[kNestedMostTiles];
    nestedStart(row, start);
    constexpr std::size_t kTile = kNestedRows * kNestedCols;
    for (std::size_t t = 0; t < row.count; ++t)
        for (std::size_t i = 0; i < kTile; i += 16)
            _mm256_store_si256(reinterpret_cast<__m256i*>(levels + t * kTile + i), _mm256_set1_epi16(start[t]));
    nestedEachPlane(row, [&](const NestedPlane& plane, bool plain) {
        takePlane(row, plane, plain, reinterpret_cast<std::int16_t(*)[kNestedCols]>(levels + plane.tile * kTile));
    });
}

void avx2NestedPanel(const float* x, std::size_t tiles, std::size_t at, std::int16_t* pairs, float* unit)
{
    const __m256 sign = _mm256_set1_ps(-0.0F);
    for (std::size_t t = 0; t < tiles; ++t, x += kNestedCols, pairs += kNestedPairs, unit += kNestedPanel) {
        __m256 magnitudes = _mm256_setzero_ps();
        for (std::size_t j = 0; j < kNestedCols; j += 8)
            magnitudes = _mm256_max_ps(magnitudes, _mm256_andnot_ps(sign, _mm256_loadu_ps(x + j)));
        __m128 most = _mm_max_ps(_mm256_castps256_ps128(magnitudes), _mm256_extractf128_ps(magnitudes, 1));
        most = _mm_max_ps(most, _mm_movehl_ps(most, most));
        most = _mm_max_ss(most, _mm_movehdup_ps(most));
        unit[at] = nestedPanelUnit(_mm_cvtss_f32(most));
        const __m256 inverse = _mm256_set1_ps(unit[at] > 0 ? 1 / unit[at] : 0.0F);
        alignas(32) std::int32_t numbers[kNestedCols / 2];
        for (std::size_t j = 0; j < kNestedCols; j += 16)
            _mm256_store_si256(reinterpret_cast<__m256i*>(numbers + j / 2), wholeOf(x + j, inverse));
        for (std::size_t pair = 0; pair < kNestedCols / 2; ++pair)
            __builtin_memcpy(pairs + (pair * kNestedPanel + at) * 2, numbers + pair, sizeof *numbers);
    }
}

void avx2NestedBatch(const NestedLevels& weights, const std::int16_t* pairs, const float* unit, float* y, std::size_t stride)
{
    alignas(32) Panel sums = {};
    for (std::size_t t = 0; t < weights.tiles; ++t)
        if (weights.scale[t] != 0)
            addTile(weights.levels + t * kNestedRows * kNestedCols, weights.scale[t], pairs + t * kNestedPairs, unit + t * kNestedPanel, sums);
    for (std::size_t o = 0; o < weights.outlierCount; ++o)
        addOutlier(weights.outliers[o], weights.firstRow, pairs, unit, sums);
    for (std::size_t i = 0; i < kNestedRows; i += 8)
        for (std::size_t at = 0; at < kNestedPanel; at += 8)
            storeTurned(sums[i] + at, kNestedPanel, y + at * stride + i, stride);
}

} // namespace bs
