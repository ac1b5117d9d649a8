#pragma once

// Included by the AVX2 islands of the nested codec alone.
#include "core/linalg/cpu/nested.h"

#include <immintrin.h>

namespace bs {

namespace {

// A register holds 16 rows of 16 columns: bytes are rows, its halves and their nibbles four columns each. So a nibble is an index into
// the table of its columns' sums of +-x, and a register's 256 weights take two look-ups. A ring goes on from byte to byte and from
// register to register: a byte shift of both moves it by a row.

constexpr int kRegisters = static_cast<int>(kNestedRows) / 16; ///< of 16 columns

__m256i load(const void* p) { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }

/// 16 columns of x in units.
__m256i wholeOf(const float* x, __m256 inverse)
{
    const __m256i low = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(x), inverse));
    const __m256i high = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(x + 8), inverse));
    return _mm256_permute4x64_epi64(_mm256_packs_epi32(low, high), 0xD8);
}

/// Signs of 16 columns and, register by register, the products of four of each ring.
class Ring
{
public:
    explicit Ring(const std::uint8_t* signs)
        : m_plane(signs), m_signs(load(signs)), m_firstPairs(pairs(m_signs, load(signs + 32 * (kRegisters - 1)))), m_pairs(m_firstPairs)
    {
    }
    __m256i signs() const { return m_signs; }
    /// Of the i-th register; goes on to the next one.
    __m256i products(int i)
    {
        __m256i next = m_firstPairs;
        if (i + 1 < kRegisters) {
            const __m256i signs = load(m_plane + 32 * (i + 1));
            next = pairs(signs, m_signs);
            m_signs = signs;
        }
        const __m256i product = _mm256_xor_si256(m_pairs, _mm256_alignr_epi8(next, m_pairs, 3));
        m_pairs = next;
        return product;
    }

private:
    /// Of a row and the one before.
    static __m256i pairs(__m256i signs, __m256i before) { return _mm256_xor_si256(signs, _mm256_alignr_epi8(signs, before, 15)); }

    const std::uint8_t* m_plane;
    __m256i m_signs;
    __m256i m_firstPairs;
    __m256i m_pairs;
};

} // namespace

} // namespace bs
