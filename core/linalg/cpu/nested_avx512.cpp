// An instruction-set island, as kernels_avx2.cpp: products straight from the planes, 64 rows at a time.
#include "core/linalg/cpu/nested.h"
#include "core/linalg/cpu/nested_steps.h"

#include <immintrin.h>

namespace bs {

namespace {

// A register holds 64 rows of eight columns: bytes are rows, their nibbles four columns each. So a ring's neighbours are a byte permutation of one
// register away, and a permutation of a table that is repeated four times looks up the low nibbles without a mask: it heeds six bits of an index.

__m512i load(const void* p) { return _mm512_loadu_si512(p); }

/// 16 entries, four times.
__m512i table(const std::uint8_t* entries) { return _mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(entries))); }

/// Sums of bytes of 64 rows: even ones lie in `all` beside 256 times the odd ones, which `odd` has alone.
struct Found
{
    __m512i all = _mm512_setzero_si512();
    __m512i odd = _mm512_setzero_si512();

    void add(__m512i bytes)
    {
        all = _mm512_add_epi16(all, bytes);
        odd = _mm512_add_epi16(odd, _mm512_srli_epi16(bytes, 8));
    }
};

/// Adds what the signs of 64 rows and eight columns look up.
template <bool quads> void look(const std::uint8_t* entries, __m512i signs, Found& found)
{
    const __m512i low = _mm512_permutexvar_epi8(signs, table(entries));
    const __m512i high = _mm512_permutexvar_epi8(_mm512_srli_epi16(signs, 4), table(entries + 32));
    if (quads) {
        found.add(low);
        found.add(high);
    } else
        found.add(_mm512_add_epi8(low, high));
}

/// 64 rows' sums: lane k has row 4 k, 4 k + 2, 4 k + 1 and 4 k + 3.
struct Sums
{
    __m512i of[4];

    /// What a plane's look-ups found times its factor.
    void add(const Found& found, __m512i factor)
    {
        const __m512i even = _mm512_sub_epi16(found.all, _mm512_slli_epi16(found.odd, 8));
        const __m512i first = _mm512_srli_epi32(factor, 16); // of two rows that lie side by side
        const __m512i second = _mm512_slli_epi32(factor, 16);
        of[0] = _mm512_dpwssd_epi32(of[0], even, first);
        of[1] = _mm512_dpwssd_epi32(of[1], even, second);
        of[2] = _mm512_dpwssd_epi32(of[2], found.odd, first);
        of[3] = _mm512_dpwssd_epi32(of[3], found.odd, second);
    }
};

/// How far a row's byte is from that of the row which is `steps` behind it, as indices of a permutation.
alignas(64) constexpr auto kRotations = [] {
    struct
    {
        std::uint8_t before[kNestedRows] = {};
        std::uint8_t threeBehind[kNestedRows] = {};
    } rotations;
    for (std::size_t i = 0; i < kNestedRows; ++i) {
        rotations.before[i] = static_cast<std::uint8_t>((i + kNestedRows - 1) % kNestedRows);
        rotations.threeBehind[i] = static_cast<std::uint8_t>((i + 3) % kNestedRows);
    }
    return rotations;
}();

/// Products of four signs of each ring: pairs of a row and the one before, and those of three rows behind.
__m512i products(__m512i signs)
{
    const __m512i pairs = _mm512_xor_si512(signs, _mm512_permutexvar_epi8(load(kRotations.before), signs));
    return _mm512_xor_si512(pairs, _mm512_permutexvar_epi8(load(kRotations.threeBehind), pairs));
}

template <bool quads, bool plain> void addPlane(const std::uint8_t* plane, const std::uint8_t* entries, __m512i factor, Sums& sums)
{
    entries += quads ? 0 : 2 * kNestedStrip;
    Found found;
    for (int strip = 0; strip < 2; ++strip, plane += 128, entries += kNestedStrip) {
        const __m512i a = load(plane); // rows 0 .. 15 of both eights, then rows 16 .. 31
        const __m512i b = load(plane + 64);
        const __m512i eights[2] = {_mm512_shuffle_i64x2(a, b, 0x88), _mm512_shuffle_i64x2(a, b, 0xDD)};
        for (int e = 0; e < 2; ++e) {
            if (!plain)
                look<quads>(entries + 16 * e, eights[e], found);
            look<quads>(entries + 64 + 16 * e, plain ? eights[e] : products(eights[e]), found);
        }
    }
    sums.add(found, factor);
}

/// y [64] += unit * (sums - zero).
void flush(const Sums& sums, float unit, std::int32_t zero, float* y)
{
    const __m512i low01 = _mm512_unpacklo_epi32(sums.of[0], sums.of[2]);
    const __m512i low23 = _mm512_unpacklo_epi32(sums.of[1], sums.of[3]);
    const __m512i high01 = _mm512_unpackhi_epi32(sums.of[0], sums.of[2]);
    const __m512i high23 = _mm512_unpackhi_epi32(sums.of[1], sums.of[3]);
    const __m512i rows[4] = {_mm512_unpacklo_epi64(low01, low23), _mm512_unpackhi_epi64(low01, low23), _mm512_unpacklo_epi64(high01, high23),
                             _mm512_unpackhi_epi64(high01, high23)}; // a quarter each has of every 16 rows
    for (std::size_t k = 0; k < 4; ++k) {
        alignas(64) float sum[16];
        _mm512_store_ps(sum, _mm512_cvtepi32_ps(_mm512_sub_epi32(rows[k], _mm512_set1_epi32(zero))));
        for (std::size_t of16 = 0; of16 < 4; ++of16) {
            float* const to = y + 16 * of16 + 4 * k;
            _mm_storeu_ps(to, _mm_fmadd_ps(_mm_set1_ps(unit), _mm_load_ps(sum + 4 * of16), _mm_loadu_ps(to)));
        }
    }
}

/// The factors of a group's planes, worked out for all planes of a tile at once.
class Factors
{
public:
    Factors(const NestedRow& row, const NestedPart* parts, std::size_t count, const NestedUnit& unit)
    {
        const __m512i plane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        const __m512 octave = _mm512_castps256_ps512(_mm256_loadu_ps(row.tables->gain + 128));
        const auto quads = static_cast<__mmask16>((1U << unit.quadPlanes) - 1);
        const __m512i quad = _mm512_maskz_set1_epi32(quads, 1);
        __m512i zero = _mm512_setzero_si512();
        for (std::size_t i = 0; i < count; ++i) {
            const NestedTile& tile = row.tiles[parts[i].tile];
            const __m512i gain = _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(tile.gains)));
            const __m512i mantissa = _mm512_castps_si512(_mm512_permutexvar_ps(_mm512_and_si512(gain, _mm512_set1_epi32(7)), octave));
            const __m512i exponent = _mm512_slli_epi32(_mm512_sub_epi32(_mm512_srli_epi32(gain, 3), _mm512_set1_epi32(16)), 23);
            const __m512 value = _mm512_castsi512_ps(_mm512_add_epi32(mantissa, exponent));
            const __m512 entry = _mm512_mask_blend_ps(quads, _mm512_set1_ps(parts[i].octet * unit.inverse), _mm512_set1_ps(parts[i].quad * unit.inverse));
            const auto loaded = static_cast<__mmask16>((1U << tile.planes) - 1);
            const __m512i factor = _mm512_maskz_cvttps_epi32(loaded, _mm512_add_ps(_mm512_mul_ps(value, entry), _mm512_set1_ps(0.5F)));
            const __m512i isPlain = _mm512_maskz_set1_epi32(static_cast<__mmask16>(tile.plain), 1);
            const __m512i shift = _mm512_sub_epi32(_mm512_add_epi32(_mm512_set1_epi32(kNestedZero), quad), isPlain);
            zero = _mm512_add_epi32(zero, _mm512_sllv_epi32(factor, shift));
            _mm256_store_si256(reinterpret_cast<__m256i*>(m_of[i]), _mm512_cvtepi32_epi16(factor));
        }
        m_zero = _mm512_reduce_add_epi32(zero);
    }
    __m512i of(std::size_t part, unsigned plane) const { return _mm512_set1_epi16(m_of[part][plane]); }
    /// What was added to entries in all, times factors, modulo 2^32.
    std::int32_t zero() const { return m_zero; }

private:
    alignas(32) std::int16_t m_of[kNestedGroup][16];
    std::int32_t m_zero;
};

/// Planes are asked for twice: far ahead into the second level's cache, which has room for more lines under way than the first one has (32 lines
/// of a memory that answers in 120 ns would be all a core ever reads), then, from there, shortly before they are worked on.
constexpr std::size_t kFar = 32;
constexpr std::size_t kNear = 4;

/// The plane that comes so many later; behind the group's last plane the next row's first ones are likely to be next. Null: none.
const std::uint8_t* ahead(std::size_t steps, const NestedRow& row, const NestedPart* parts, std::size_t count, std::size_t part, unsigned plane, unsigned planes)
{
    std::size_t next = part + steps;
    for (; next >= count && plane < planes; next -= count)
        ++plane;
    if (plane == planes && next >= row.following)
        return nullptr;
    const NestedTile& tile = row.tiles[plane == planes ? row.count + next : parts[next].tile];
    plane = plane == planes ? 0 : plane;
    return plane < tile.planes ? row.bytes + std::size_t{tile.at[plane]} * 64 : nullptr;
}

template <_mm_hint where> [[gnu::always_inline]] inline void ask(const std::uint8_t* plane)
{
    if (plane != nullptr)
        for (int line = 0; line < 4; ++line)
            _mm_prefetch(reinterpret_cast<const char*>(plane) + 64 * line, where);
}

void addGroup(const NestedRow& row, const NestedPart* parts, std::size_t count, const std::uint8_t* entries, float* y)
{
    const NestedUnit unit(row, parts, count);
    if (unit.planes == 0)
        return;
    const Factors factors(row, parts, count, unit);
    Sums sums{};
    for (unsigned p = 0; p < unit.planes; ++p)
        for (std::size_t i = 0; i < count; ++i) {
            ask<_MM_HINT_T1>(ahead(kFar, row, parts, count, i, p, unit.planes));
            ask<_MM_HINT_T0>(ahead(kNear, row, parts, count, i, p, unit.planes));
            const NestedTile& tile = row.tiles[parts[i].tile];
            if (p >= tile.planes)
                continue;
            const std::uint8_t* plane = row.bytes + std::size_t{tile.at[p]} * 64;
            const std::uint8_t* from = entries + i * kNestedEntries;
            const __m512i factor = factors.of(i, p);
            if (p < unit.quadPlanes)
                nestedPlain(tile, p) ? addPlane<true, true>(plane, from, factor, sums) : addPlane<true, false>(plane, from, factor, sums);
            else
                nestedPlain(tile, p) ? addPlane<false, true>(plane, from, factor, sums) : addPlane<false, false>(plane, from, factor, sums);
        }
    flush(sums, unit.unit, factors.zero(), y);
}

} // namespace

void avx512NestedProduct(const NestedRow& row, const NestedX& x, float* y)
{
    for (std::size_t i = 0; i < kNestedRows; i += 16)
        _mm512_storeu_ps(y + i, _mm512_setzero_ps());
    nestedGroups(x.count, [&](std::size_t first, std::size_t count) {
        addGroup(row, x.parts + first, count, x.entries + first * kNestedEntries, y);
    });
}

} // namespace bs
