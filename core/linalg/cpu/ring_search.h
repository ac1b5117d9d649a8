#pragma once

// Included by the instruction-set islands: fixed-width types only.
#include <cstddef>
#include <cstdint>

namespace bs {

inline constexpr std::size_t kRingSteps = 64;
/// Steps before and after a ring's seam that its state there is found from.
inline constexpr std::size_t kRingSeam = 48;

/// What one closed ring is searched with: row i of it becomes
/// s(i) * minor + s(i - 1) * s(i) * s(i + 2) * s(i + 3) * major + p(i) * plain, s and p signs, rows counted modulo 64.
struct RingSearch
{
    const float* x = nullptr;      ///< [64] values to be met
    const float* weight = nullptr; ///< [64] of each squared error, at least 0
    float minor = 0;
    float major = 0;
    float plain = 0; ///< 0: there is no p
};

/// symbols [count, 64]: bit 0 is set where s is -1, bit 1 where p is.
void scalarSearchRings(const RingSearch* rings, std::size_t count, std::uint8_t* symbols);
void avx2SearchRings(const RingSearch* rings, std::size_t count, std::uint8_t* symbols);

} // namespace bs
