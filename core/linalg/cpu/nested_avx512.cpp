// An instruction-set island, as kernels_avx2.cpp: products straight from the planes, 64 rows at a time.
#include "core/linalg/cpu/nested.h"
#include "core/linalg/cpu/nested_avx512.h"
#include "core/linalg/cpu/nested_steps.h"

namespace bs {

namespace {

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

    Sums()
    {
        for (__m512i& sums : of)
            sums = _mm512_setzero_si512();
    }
    template <bool quads, bool plain> void add(const std::uint8_t* plane, const std::uint8_t* entries, std::int16_t factor)
    {
        Found found;
        for (std::size_t strip = 0; strip < 2; ++strip, plane += 128, entries += kNestedStrip) {
            const Eights eights(plane);
            for (std::size_t e = 0; e < 2; ++e) {
                if (!plain)
                    look<quads>(entries + 16 * e, eights.of[e], found);
                look<quads>(entries + 64 + 16 * e, plain ? eights.of[e] : products(eights.of[e]), found);
            }
        }
        const __m512i even = _mm512_sub_epi16(found.all, _mm512_slli_epi16(found.odd, 8));
        const __m512i first = _mm512_set1_epi32(static_cast<std::uint16_t>(factor)); // of two rows that lie side by side
        const __m512i second = _mm512_set1_epi32(factor << 16);
        of[0] = _mm512_dpwssd_epi32(of[0], even, first);
        of[1] = _mm512_dpwssd_epi32(of[1], even, second);
        of[2] = _mm512_dpwssd_epi32(of[2], found.odd, first);
        of[3] = _mm512_dpwssd_epi32(of[3], found.odd, second);
    }
    void flush(float unit, std::uint32_t zero, float* y) const
    {
        const __m512i low01 = _mm512_unpacklo_epi32(of[0], of[2]);
        const __m512i low23 = _mm512_unpacklo_epi32(of[1], of[3]);
        const __m512i high01 = _mm512_unpackhi_epi32(of[0], of[2]);
        const __m512i high23 = _mm512_unpackhi_epi32(of[1], of[3]);
        const __m512i rows[4] = {_mm512_unpacklo_epi64(low01, low23), _mm512_unpackhi_epi64(low01, low23), _mm512_unpacklo_epi64(high01, high23),
                                 _mm512_unpackhi_epi64(high01, high23)}; // a quarter each has of every 16 rows
        for (std::size_t k = 0; k < 4; ++k) {
            alignas(64) float sum[16];
            _mm512_store_ps(sum, _mm512_cvtepi32_ps(_mm512_sub_epi32(rows[k], _mm512_set1_epi32(static_cast<int>(zero)))));
            for (std::size_t of16 = 0; of16 < 4; ++of16) {
                float* const to = y + 16 * of16 + 4 * k;
                _mm_storeu_ps(to, _mm_fmadd_ps(_mm_set1_ps(unit), _mm_load_ps(sum + 4 * of16), _mm_loadu_ps(to)));
            }
        }
    }
};

/// Of lanes that hold four neighbours: their sum in each.
template <class Add> auto ofFour(__m512i v, const Add& add)
{
    v = add(v, _mm512_shuffle_epi32(v, _MM_PERM_CDAB));
    return add(v, _mm512_shuffle_epi32(v, _MM_PERM_BADC));
}

/// Sums over four neighbours of |x|, largest of a tile.
float mostOf(const float* x)
{
    const auto fours = [](const float* from) {
        const auto add = [](__m512i a, __m512i b) { return _mm512_castps_si512(_mm512_add_ps(_mm512_castsi512_ps(a), _mm512_castsi512_ps(b))); };
        return _mm512_castsi512_ps(ofFour(_mm512_castps_si512(_mm512_abs_ps(_mm512_loadu_ps(from))), add));
    };
    return _mm512_reduce_max_ps(_mm512_max_ps(fours(x), fours(x + 16)));
}

/// A tile's columns in units.
__m512i wholeOf(const float* x, float inverse)
{
    const auto half = [inverse](const float* from) { return _mm512_cvtsepi32_epi16(_mm512_cvtps_epi32(_mm512_mul_ps(_mm512_loadu_ps(from), _mm512_set1_ps(inverse)))); };
    return _mm512_inserti64x4(_mm512_castsi256_si512(half(x)), half(x + 16), 1);
}

/// Largest sum of eight neighbours' magnitudes.
int largestOfEight(__m512i whole)
{
    const __m512i pairs = _mm512_madd_epi16(_mm512_abs_epi16(whole), _mm512_set1_epi16(1));
    return _mm512_reduce_max_epi32(ofFour(pairs, [](__m512i a, __m512i b) { return _mm512_add_epi32(a, b); }));
}

/// One tile's 16 sums of all its quads, and how they become entries: of each eight columns a quarter.
class TileSums
{
public:
    explicit TileSums(__m512i whole)
    {
        for (int nibble = 0; nibble < 2; ++nibble) {
            const auto column = [&](int k) {
                const short both = static_cast<short>((8 * nibble + 2 * k) | (8 * nibble + 2 * k + 1) << 8);
                return _mm512_shuffle_epi8(whole, _mm512_set1_epi16(both));
            };
            const auto plusMinus = [](__m512i sum, __mmask32 minus, __m512i c) { return _mm512_mask_sub_epi16(_mm512_add_epi16(sum, c), minus, sum, c); };
            __m512i three = plusMinus(_mm512_setzero_si512(), 0xAAAAAAAA, column(0)); // of indices 0 .. 7
            three = plusMinus(three, 0xCCCCCCCC, column(1));
            three = plusMinus(three, 0xF0F0F0F0, column(2));
            m_of[nibble][0] = _mm512_add_epi16(three, column(3));
            m_of[nibble][1] = _mm512_sub_epi16(three, column(3));
        }
    }
    void storeQuads(std::uint8_t* entries) const
    {
        store(entries, true, [](__m512i sum, bool major) { return quad(sum, major); });
    }
    /// What quads leave, in 16ths of their units.
    void storeRests(std::uint8_t* entries) const
    {
        store(entries, true, [](__m512i sum, bool major) {
            const __m512i exact = major ? sum : _mm512_mulhrs_epi16(sum, _mm512_set1_epi16(kNestedMinor));
            return _mm512_sub_epi16(exact, _mm512_slli_epi16(quad(sum, major), 4));
        });
    }
    void storeOctets(std::uint8_t* entries, std::int16_t factor) const
    {
        const __m512i major = _mm512_set1_epi16(factor);
        const __m512i minor = _mm512_mulhrs_epi16(_mm512_set1_epi16(kNestedMinor), major);
        store(entries, false, [&](__m512i sum, bool isMajor) { return _mm512_mulhrs_epi16(sum, isMajor ? major : minor); });
    }

private:
    template <class Entry> void store(std::uint8_t* entries, bool quads, const Entry& entry) const
    {
        for (std::size_t level = 0; level < 2; ++level) {
            const bool major = level == 1;
            const __m512i bias = _mm512_set1_epi8(static_cast<char>(kNestedBias));
            const __m512i low = _mm512_xor_si512(_mm512_packs_epi16(entry(m_of[0][0], major), entry(m_of[0][1], major)), bias);
            const __m512i high = _mm512_xor_si512(_mm512_packs_epi16(entry(m_of[1][0], major), entry(m_of[1][1], major)), quads ? bias : _mm512_setzero_si512());
            std::uint8_t* const to = entries + 64 * level;
            _mm512_store_si512(to, _mm512_shuffle_i64x2(low, high, 0x44));
            _mm512_store_si512(to + kNestedStrip, _mm512_shuffle_i64x2(low, high, 0xEE));
        }
    }
    static __m512i quad(__m512i sum, bool major)
    {
        return _mm512_mulhrs_epi16(sum, _mm512_set1_epi16(major ? kNestedQuadMajor : kNestedQuadMinor));
    }

    __m512i m_of[2][2]; ///< nibble, half of the indices
};

} // namespace

void avx512NestedPrepare(const float* x, NestedX& to)
{
    nestedPrepare(x, to, mostOf, [](const float* tile, float unit, bool far, std::uint8_t* entries) {
        const __m512i whole = wholeOf(tile, 1 / unit);
        return nestedStore(TileSums(whole), largestOfEight(whole), far, entries);
    });
}

void avx512NestedProduct(const NestedRow& row, std::size_t group, const NestedX& x, float* y)
{
    nestedProduct<Sums>(row, group, x, y);
}

} // namespace bs
