#pragma once

// Included by the instruction-set islands: fixed-width types only.
#include <cstddef>
#include <cstdint>

namespace bs {

inline constexpr std::size_t kRingSteps = 64;
/// Steps before and after a ring's seam that its state there is found from.
inline constexpr std::size_t kRingSeam = 24;

/// What one closed ring of a trellis is searched with. The window that a step reads has four bits: its own `fresh`
/// ones lowest, above them those of the steps before.
struct RingSearch
{
    const float* x = nullptr;      ///< [64] values to be met
    const float* weight = nullptr; ///< [64] of each squared error, at least 0
    float table[16] = {};          ///< levels by window
};

void scalarSearchRings(const RingSearch* rings, std::size_t count, unsigned fresh, std::uint8_t* symbols);
void avx2SearchRings(const RingSearch* rings, std::size_t count, unsigned fresh, std::uint8_t* symbols);

} // namespace bs
