#pragma once

#include "core/codecs/nested/layout.h"

#include <cstddef>
#include <cstdint>

namespace bs::nested {

/// What one plane of one ring is searched with.
struct RingSearch
{
    const float* x = nullptr;      ///< [64] what the planes before left over
    const float* weight = nullptr; ///< [64] of each squared error, at least 0
    float table[16] = {};          ///< levels by window, newest bits lowest
    unsigned fresh = 1;            ///< bits a step: 1 or 2
};

/// Finds the bits of a closed ring that leave the least weighted squared error: symbols [64] get `fresh` bits each. Viterbi
/// search; the state at the seam is found first, on the part of the ring around it, and then held at both ends.
/// Near to exact: measured in README.md.
void searchRing(const RingSearch& ring, std::uint8_t* symbols);

/// The same, plain code for every processor: oracle of the one above, which may use AVX2.
void searchRingReference(const RingSearch& ring, std::uint8_t* symbols);

/// Window of step `i` of a ring: what the table is indexed with.
inline unsigned windowOf(const std::uint8_t* symbols, unsigned fresh, std::size_t i)
{
    const auto before = [&](std::size_t steps) -> unsigned { return symbols[(i + kTileRows - steps) % kTileRows]; };
    if (fresh == 2)
        return symbols[i] | before(1) << 2;
    return symbols[i] | before(1) << 1 | before(2) << 2 | before(3) << 3;
}

} // namespace bs::nested
