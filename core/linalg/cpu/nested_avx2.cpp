// An instruction-set island, as kernels_avx2.cpp: products straight from the planes.
#include "core/linalg/cpu/nested.h"
#include "core/linalg/cpu/nested_avx2.h"
#include "core/linalg/cpu/nested_steps.h"

namespace bs {

namespace {

/// Sums of bytes of 16 rows: even ones lie in `all` beside 256 times the odd ones, which `odd` has alone.
struct Found
{
    __m256i all, odd;

    void add(Found other)
    {
        all = _mm256_add_epi16(all, other.all);
        odd = _mm256_add_epi16(odd, other.odd);
    }
};

/// Tables for low and for high nibbles.
struct Tables
{
    __m256i low, high;

    explicit Tables(const std::uint8_t* entries)
        : low(load(entries)), high(load(entries + 32))
    {
    }
};

__m256i oddOf(__m256i bytes) { return _mm256_srli_epi16(bytes, 8); }

/// What a register of signs looks up.
template <bool quads> Found look(Tables tables, __m256i signs)
{
    const __m256i mask = _mm256_set1_epi8(15);
    const __m256i low = _mm256_shuffle_epi8(tables.low, _mm256_and_si256(signs, mask));
    const __m256i high = _mm256_shuffle_epi8(tables.high, _mm256_and_si256(_mm256_srli_epi16(signs, 4), mask));
    if (quads)
        return {_mm256_add_epi16(low, high), _mm256_add_epi16(oddOf(low), oddOf(high))};
    const __m256i both = _mm256_add_epi8(low, high);
    return {both, oddOf(both)};
}

/// What a step finds times its factor, for 32 rows.
void add(Found a, Found b, __m256i factor, __m256i* sums)
{
    const auto joined = [](__m256i p, __m256i q) { // both halves of each
        return _mm256_add_epi16(_mm256_permute2x128_si256(p, q, 0x21), _mm256_blend_epi32(p, q, 0xF0));
    };
    const __m256i odd = joined(a.odd, b.odd);
    const __m256i even = _mm256_sub_epi16(joined(a.all, b.all), _mm256_slli_epi16(odd, 8));
    const __m256i first = _mm256_srli_epi32(factor, 16); // of two rows that lie side by side
    const __m256i second = _mm256_slli_epi32(factor, 16);
    sums[0] = _mm256_add_epi32(sums[0], _mm256_madd_epi16(even, first));
    sums[1] = _mm256_add_epi32(sums[1], _mm256_madd_epi16(even, second));
    sums[2] = _mm256_add_epi32(sums[2], _mm256_madd_epi16(odd, first));
    sums[3] = _mm256_add_epi32(sums[3], _mm256_madd_epi16(odd, second));
}

/// Keeps the compiler from working on several registers of signs at once, for which there is no room: it spills what it finds, a third of the speed.
void inTurn(Found& found) { asm volatile("" : "+x"(found.all), "+x"(found.odd)); }

template <bool quads> void addPlain(const std::uint8_t* plane, const std::uint8_t* entries, __m256i factor, __m256i* sums)
{
    const Tables first(entries + 64);
    const Tables second(entries + kNestedStrip + 64);
    Found before{};
#pragma GCC unroll 4
    for (int i = 0; i < kRegisters; ++i) {
        Found found = look<quads>(first, load(plane + 32 * i));
        found.add(look<quads>(second, load(plane + 128 + 32 * i)));
        inTurn(found);
        if (i % 2 == 1)
            add(before, found, factor, sums + 2 * (i - 1));
        before = found;
    }
}

template <bool quads> void addTrellis(const std::uint8_t* plane, const std::uint8_t* entries, __m256i factor, __m256i* sums)
{
    Found kept[kRegisters]; // of the first strip
    Found before{};
    for (int s = 0; s < 2; ++s) {
        const Tables minor(entries + kNestedStrip * s);
        const Tables major(entries + kNestedStrip * s + 64);
        Ring ring(plane + 128 * s);
#pragma GCC unroll 4
        for (int i = 0; i < kRegisters; ++i) {
            Found found = look<quads>(minor, ring.signs());
            found.add(look<quads>(major, ring.products(i)));
            if (s == 0)
                kept[i] = found;
            else
                found.add(kept[i]);
            inTurn(found);
            if (s == 1 && i % 2 == 1)
                add(before, found, factor, sums + 2 * (i - 1));
            before = found;
        }
    }
}

/// 64 rows' sums: of 32 rows four registers, whose lane k of a half has row 4 k, 4 k + 2, 4 k + 1 and 4 k + 3 of 16.
struct Sums
{
    __m256i of[8];

    Sums()
    {
        for (__m256i& sums : of)
            sums = _mm256_setzero_si256();
    }
    template <bool quads, bool plain> void add(const std::uint8_t* plane, const std::uint8_t* entries, std::int16_t factor)
    {
        const __m256i factors = _mm256_set1_epi16(factor);
        plain ? addPlain<quads>(plane, entries, factors, of) : addTrellis<quads>(plane, entries, factors, of);
    }
    void flush(float unitOfSums, std::uint32_t zero, float* y) const
    {
        const __m256 unit = _mm256_set1_ps(unitOfSums);
        const __m256i zeros = _mm256_set1_epi32(static_cast<int>(zero));
        for (int pair = 0; pair < 2; ++pair, y += 32) {
            const __m256i* sums = of + 4 * pair;
            const __m256i low01 = _mm256_unpacklo_epi32(sums[0], sums[2]);
            const __m256i low23 = _mm256_unpacklo_epi32(sums[1], sums[3]);
            const __m256i high01 = _mm256_unpackhi_epi32(sums[0], sums[2]);
            const __m256i high23 = _mm256_unpackhi_epi32(sums[1], sums[3]);
            const __m256i rows[4] = {_mm256_unpacklo_epi64(low01, low23), _mm256_unpackhi_epi64(low01, low23), _mm256_unpacklo_epi64(high01, high23),
                                     _mm256_unpackhi_epi64(high01, high23)}; // 4 k .. 4 k + 3 of 16, and of the 16 behind them
            for (int k = 0; k < 4; ++k) {
                const __m256 sum = _mm256_cvtepi32_ps(_mm256_sub_epi32(rows[k], zeros));
                float* first = y + 4 * k;
                const __m256 before = _mm256_set_m128(_mm_loadu_ps(first + 16), _mm_loadu_ps(first));
                const __m256 after = _mm256_fmadd_ps(unit, sum, before);
                _mm_storeu_ps(first, _mm256_castps256_ps128(after));
                _mm_storeu_ps(first + 16, _mm256_extractf128_ps(after, 1));
            }
        }
    }
};

/// Sums over four neighbours of |x|, largest of a tile.
float mostOf(const float* x)
{
    __m256 most = _mm256_setzero_ps();
    for (int g = 0; g < 4; ++g) {
        const __m256 magnitude = _mm256_andnot_ps(_mm256_set1_ps(-0.0F), _mm256_loadu_ps(x + 8 * g));
        const __m256 pairs = _mm256_hadd_ps(magnitude, magnitude);
        most = _mm256_max_ps(most, _mm256_hadd_ps(pairs, pairs));
    }
    return _mm_cvtss_f32(_mm_max_ss(_mm256_castps256_ps128(most), _mm256_extractf128_ps(most, 1)));
}

/// The 16 sums of the columns of low (nibble 0) or of high nibbles of both halves of `whole`: indices 0 .. 7 of both, then 8 .. 15.
void sumsOf(__m256i whole, int nibble, __m256i* sums)
{
    const auto column = [&](int k) {
        const short both = static_cast<short>((8 * nibble + 2 * k) | (8 * nibble + 2 * k + 1) << 8);
        return _mm256_shuffle_epi8(whole, _mm256_set1_epi16(both));
    };
    const auto signs = [](int k) { // of indices 0 .. 7
        const auto one = [k](int index) { return static_cast<short>(((index >> k) & 1) != 0 ? -1 : 1); };
        return _mm256_setr_epi16(one(0), one(1), one(2), one(3), one(4), one(5), one(6), one(7), one(0), one(1), one(2), one(3), one(4),
                                 one(5), one(6), one(7));
    };
    __m256i three = _mm256_sign_epi16(column(0), signs(0));
    three = _mm256_add_epi16(three, _mm256_sign_epi16(column(1), signs(1)));
    three = _mm256_add_epi16(three, _mm256_sign_epi16(column(2), signs(2)));
    sums[0] = _mm256_add_epi16(three, column(3));
    sums[1] = _mm256_sub_epi16(three, column(3));
}

/// Largest sum of eight neighbours' magnitudes.
int largestOfEight(const __m256i* whole)
{
    const __m256i ones = _mm256_set1_epi16(1);
    const __m256i both = _mm256_hadd_epi32(_mm256_madd_epi16(_mm256_abs_epi16(whole[0]), ones), _mm256_madd_epi16(_mm256_abs_epi16(whole[1]), ones));
    const __m256i eights = _mm256_add_epi32(both, _mm256_shuffle_epi32(both, 0xB1));
    const __m128i four = _mm_max_epi32(_mm256_castsi256_si128(eights), _mm256_extracti128_si256(eights, 1));
    return _mm_cvtsi128_si32(_mm_max_epi32(four, _mm_shuffle_epi32(four, 0x4E)));
}

/// One tile's 16 sums of all its quads, and how they become entries.
struct TileSums
{
    __m256i of[2][2][2]; ///< strip, nibble, half of the indices

    explicit TileSums(const __m256i* whole)
    {
        for (int s = 0; s < 2; ++s)
            for (int nibble = 0; nibble < 2; ++nibble)
                sumsOf(whole[s], nibble, of[s][nibble]);
    }
    template <class Entry> void store(std::uint8_t* entries, bool quads, const Entry& entry) const
    {
        for (int s = 0; s < 2; ++s)
            for (int major = 0; major < 2; ++major)
                for (int nibble = 0; nibble < 2; ++nibble) {
                    const __m256i* sums = of[s][nibble];
                    const __m256i bytes = _mm256_packs_epi16(entry(sums[0], major), entry(sums[1], major));
                    const __m256i bias = _mm256_set1_epi8(quads || nibble == 0 ? static_cast<char>(kNestedBias) : 0);
                    auto* to = entries + kNestedStrip * static_cast<std::size_t>(s) + 64 * major + 32 * nibble;
                    _mm256_store_si256(reinterpret_cast<__m256i*>(to), _mm256_xor_si256(bytes, bias));
                }
    }
    void storeQuads(std::uint8_t* entries) const
    {
        store(entries, true, [](__m256i sum, int major) { return quad(sum, major); });
    }
    /// What quads leave, in 16ths of their units.
    void storeRests(std::uint8_t* entries) const
    {
        store(entries, true, [](__m256i sum, int major) {
            const __m256i exact = major != 0 ? sum : _mm256_mulhrs_epi16(sum, _mm256_set1_epi16(kNestedMinor));
            return _mm256_sub_epi16(exact, _mm256_slli_epi16(quad(sum, major), 4));
        });
    }
    void storeOctets(std::uint8_t* entries, std::int16_t factor) const
    {
        const __m256i major = _mm256_set1_epi16(factor);
        const __m256i minor = _mm256_mulhrs_epi16(_mm256_set1_epi16(kNestedMinor), major);
        store(entries, false, [&](__m256i sum, int isMajor) { return _mm256_mulhrs_epi16(sum, isMajor != 0 ? major : minor); });
    }

private:
    static __m256i quad(__m256i sum, int major)
    {
        return _mm256_mulhrs_epi16(sum, _mm256_set1_epi16(major != 0 ? kNestedQuadMajor : kNestedQuadMinor));
    }
};

} // namespace

void avx2NestedPrepare(const float* x, NestedX& to)
{
    nestedPrepare(x, to, mostOf, [](const float* tile, float unit, bool far, std::uint8_t* entries) {
        const __m256 inverse = _mm256_set1_ps(1 / unit);
        const __m256i whole[2] = {wholeOf(tile, inverse), wholeOf(tile + 16, inverse)};
        return nestedStore(TileSums(whole), largestOfEight(whole), far, entries);
    });
}

void avx2NestedProduct(const NestedRow& row, std::size_t group, const NestedX& x, float* y)
{
    nestedProduct<Sums>(row, group, x, y);
}

} // namespace bs
