#pragma once

#include "core/codecs/nested/layout.h"

#include <array>
#include <cstdint>

namespace bs::nested {

/// One plane's table of levels as it was trained on a Gaussian source of unit variance.
struct TrainedStage
{
    unsigned fresh;               ///< bits a weight
    float deviation;              ///< standard deviation of what the planes before left over
    float meanSquare;             ///< what this plane leaves over
    std::array<float, 16> levels; ///< by window, newest bits lowest; in units of `deviation`
};

/// Stage of plane number `plane` (from 0).
const TrainedStage& trainedStage(Base base, unsigned plane);

/// Mean squared error of a Gaussian of unit variance after `bits` bits (0: 1).
float meanSquareAfter(Base base, unsigned bits);

/// Gains are powers of two in eighths. Of the first plane `index` 128 is 1, of later planes 16 is the gain
/// that a Gaussian source would have.
inline constexpr int kFirstGainOne = 128;
inline constexpr int kGainOne = 16;
inline constexpr int kGains = 32;
float gainOf(int index, int one);
/// The index nearest to a gain, clamped to [0, count).
int nearestGain(float gain, int one, int count);

/// The levels of a plane as integers: what a weight is made of. A weight is scale * sum over planes of
/// levelWeight * level, with scale = gain of the first plane / kUnit. Planes that end within the first three bits of a
/// weight form one group, bits 4 to 6 the next, 7 to 9 the last. Clamps keep the sum of each group within -64 .. 63 for every
/// combination, so that a kernel can add bytes without saturation.
using Levels = std::array<std::int8_t, 16>;
inline constexpr float kUnit = 640;
unsigned groupOf(Base base, unsigned plane);
int levelWeight(Base base, unsigned plane);
const Levels& levels(Base base, unsigned plane, int gain);

} // namespace bs::nested
