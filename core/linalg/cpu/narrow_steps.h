#pragma once

// Included by the islands of narrow products alone, each of which says what a register is: Lanes with
// Register, kCount, load, store, same (a value in all lanes) and add (a * b + c).
#include "core/linalg/cpu/narrow.h"

namespace bs {

namespace {

constexpr std::size_t kSums = 8; ///< registers that are added to at once: a processor's two adders, four cycles deep

constexpr std::size_t kLine = 16;   ///< floats of a line of the cache
constexpr std::size_t kAhead = 128; ///< floats

template <typename Lanes> constexpr std::size_t kParts = kNarrow / Lanes::kCount; ///< registers of a narrow row

/// p [Rows, kNarrow] += the rows of a from `row` on times q, over columns [first, last).
template <typename Lanes, std::size_t Rows>
void dotsOf(const NarrowRows& a, std::size_t row, std::size_t first, std::size_t last, const float* q, float* p)
{
    constexpr std::size_t parts = kParts<Lanes>;
    typename Lanes::Register sums[Rows][parts];
    for (std::size_t r = 0; r < Rows; ++r)
        for (std::size_t c = 0; c < parts; ++c)
            sums[r][c] = Lanes::load(p + r * kNarrow + c * Lanes::kCount);
    const float* const values = a.values + row * a.stride;
    for (std::size_t i = first; i < last; ++i) {
        // What comes next in each row, since processors look no further than the end of a page: a tenth of the time.
        if (i % kLine == 0) {
            for (std::size_t r = 0; r < Rows; ++r)
                __builtin_prefetch(values + r * a.stride + i + kAhead);
        }
        typename Lanes::Register column[parts];
        for (std::size_t c = 0; c < parts; ++c)
            column[c] = Lanes::load(q + i * kNarrow + c * Lanes::kCount);
        for (std::size_t r = 0; r < Rows; ++r) {
            const auto value = Lanes::same(values[r * a.stride + i]);
            for (std::size_t c = 0; c < parts; ++c)
                sums[r][c] = Lanes::add(value, column[c], sums[r][c]);
        }
    }
    for (std::size_t r = 0; r < Rows; ++r)
        for (std::size_t c = 0; c < parts; ++c)
            Lanes::store(p + r * kNarrow + c * Lanes::kCount, sums[r][c]);
}

/// Some columns at a time, whose rows of q stay in the first level's cache for all rows of a.
template <typename Lanes> void narrowDots(const NarrowRows& a, const float* q, float* p)
{
    constexpr std::size_t kColumns = 256;
    constexpr std::size_t rows = kSums / kParts<Lanes>;
    for (std::size_t first = 0; first < a.n; first += kColumns) {
        const std::size_t last = first + kColumns < a.n ? first + kColumns : a.n;
        std::size_t r = 0;
        for (; r + rows <= a.count; r += rows)
            dotsOf<Lanes, rows>(a, r, first, last, q, p + r * kNarrow);
        for (; r < a.count; ++r)
            dotsOf<Lanes, 1>(a, r, first, last, q, p + r * kNarrow);
    }
}

/// y [a.n, kNarrow] += `Rows` rows of a from `row` on, each times its row of p, which stay in registers.
template <typename Lanes, std::size_t Rows> void mixOf(const NarrowRows& a, std::size_t row, const float* p, float* y)
{
    constexpr std::size_t parts = kParts<Lanes>;
    typename Lanes::Register of[Rows][parts];
    for (std::size_t r = 0; r < Rows; ++r)
        for (std::size_t c = 0; c < parts; ++c)
            of[r][c] = Lanes::load(p + (row + r) * kNarrow + c * Lanes::kCount);
    const float* const values = a.values + row * a.stride;
    for (std::size_t i = 0; i < a.n; ++i) {
        typename Lanes::Register sums[parts];
        for (std::size_t c = 0; c < parts; ++c)
            sums[c] = Lanes::load(y + i * kNarrow + c * Lanes::kCount);
        for (std::size_t r = 0; r < Rows; ++r) {
            const auto value = Lanes::same(values[r * a.stride + i]);
            for (std::size_t c = 0; c < parts; ++c)
                sums[c] = Lanes::add(value, of[r][c], sums[c]);
        }
        for (std::size_t c = 0; c < parts; ++c)
            Lanes::store(y + i * kNarrow + c * Lanes::kCount, sums[c]);
    }
}

template <typename Lanes> void narrowMix(const NarrowRows& a, const float* p, float* y)
{
    constexpr std::size_t rows = kSums / kParts<Lanes>;
    std::size_t r = 0;
    for (; r + rows <= a.count; r += rows)
        mixOf<Lanes, rows>(a, r, p, y);
    for (; r < a.count; ++r)
        mixOf<Lanes, 1>(a, r, p, y);
}

} // namespace

} // namespace bs
