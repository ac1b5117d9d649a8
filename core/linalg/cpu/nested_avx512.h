#pragma once

// Included by the AVX-512 islands of the nested codec alone.
#include "core/linalg/cpu/nested.h"

#include <immintrin.h>

namespace bs {

namespace {

// A register holds 64 rows of eight columns: bytes are rows, their nibbles four columns each. So a ring's neighbours are a byte permutation of one
// register away, and a permutation of a table that is repeated four times looks up the low nibbles without a mask: it heeds six bits of an index.

__m512i load(const void* p) { return _mm512_loadu_si512(p); }

/// Signs of 16 columns.
struct Eights
{
    __m512i of[2];

    explicit Eights(const std::uint8_t* strip)
    {
        const __m512i a = load(strip); // rows 0 .. 15 of both, then rows 16 .. 31
        const __m512i b = load(strip + 64);
        of[0] = _mm512_shuffle_i64x2(a, b, 0x88);
        of[1] = _mm512_shuffle_i64x2(a, b, 0xDD);
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

} // namespace

} // namespace bs
