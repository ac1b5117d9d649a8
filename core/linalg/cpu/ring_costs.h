#pragma once

// Included by the instruction-set islands: what the tables' searches of rings agree on to the bit.
#include "core/linalg/cpu/ring_search.h"

namespace bs {

namespace {

// Signs are decided row by row. Row i is known once s(i + 3) is: the window of step t holds s(t), lowest, to s(t - 4) and gives row t - 3. Its
// four classes are the signs of the minor and of the major level: bit 3 of the window, and the product of bits 0, 1, 3 and 4.
// The 16 states are the last four signs.

constexpr unsigned kStates = 16;
constexpr unsigned kClasses = 4;
constexpr std::size_t kRowBehind = 3; ///< steps between a row and its window's last sign

constexpr unsigned ringClass(unsigned window)
{
    const unsigned product = window ^ (window >> 1) ^ (window >> 3) ^ (window >> 4);
    return ((window >> 3) & 1U) | (product & 1U) << 1;
}

inline float ringLevel(const RingSearch& ring, unsigned cls)
{
    return ((cls & 1U) != 0 ? -ring.minor : ring.minor) + ((cls & 2U) != 0 ? -ring.major : ring.major);
}

// Errors are counted in 16 bits, above the least of the four classes. Two states are never more than four steps' errors apart, 4 * 4095, and a
// state that is not held begins with as much again: differences stay within 16 signed bits, so sums may wrap around.
constexpr int kMostCost = 4095;
constexpr int kNotHeld = 16384;

/// Squared errors times this and a row's weight are its costs: at six times the largest squared level they are clamped, far above
/// what decides.
inline float ringCostScale(const RingSearch& ring)
{
    float most = 0;
    for (std::size_t i = 0; i < kRingSteps; ++i)
        most = ring.weight[i] > most ? ring.weight[i] : most;
    const float level = ring.minor + ring.major;
    const float range = 6 * level * level * most;
    return range > 1e-30F ? static_cast<float>(kMostCost) / range : 0;
}

} // namespace

} // namespace bs
