#pragma once

#include "core/codecs/nested/layout.h"

#include <cstdint>

namespace bs::nested {

/// Gains are powers of two in eighths: 2^((gain - 128) / 8) is the major level of a plane.
inline constexpr int kGainOne = 128;
inline constexpr int kGainSteps = 8; ///< in an octave
float gainOf(int gain);
/// The gain nearest to a level, within 0 .. most.
std::uint8_t nearestGain(float level, int most = 255);

/// Minor level of a trellis plane, as a share of its major one.
inline constexpr float kMinor = 0.6F;

/// Weights of a tile are whole multiples of 2^((gain of its first plane - 128) / 8) / kUnit, so that decoders agree to the bit.
inline constexpr int kUnit = 2048;

/// Levels in those units of planes whose gain lies below the first plane's by the index; scale: by gain of the first plane.
const NestedTables& tables();

/// A tile's planes one by one, as blocks add them.
struct Tile
{
    std::uint8_t planes = 0;
    std::uint8_t gains[kMostPlanes] = {}; ///< of each plane
    std::uint16_t plain = 0;              ///< bit p: plane p has signs alone
    std::uint32_t at[kMostPlanes] = {};   ///< where each plane begins, in units of 64 bytes; of blocks that are being made: unused

    /// How far a plane's gain is below the first one's.
    unsigned below(unsigned plane) const { return static_cast<unsigned>(gains[0]) - gains[plane]; }
    bool isPlain(unsigned plane) const { return ((static_cast<unsigned>(plain) >> plane) & 1U) != 0; }
};

/// A row's sum of levels of plane `plane`: own: its own sign, product: that of the four signs (true: -1).
int levelOf(const Tile& tile, unsigned plane, bool own, bool product);

/// Mean squared error that planes of `bits` bits a weight leave of a Gaussian of unit variance (0: 1), the first ones found in pairs.
float meanSquareAfter(unsigned bits);

/// Levels of the next planes of a tile of `bits` bits, in standard deviations of what is left over.
struct StepLevels
{
    float alone;    ///< major level of a trellis plane by itself
    float plain;    ///< of a plain plane ..
    float together; ///< .. and the major one of the trellis plane with it
};
StepLevels stepLevels(unsigned bits);

} // namespace bs::nested
