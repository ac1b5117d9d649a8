#pragma once

#include "core/codecs/nested/layout.h"

#include <cstddef>
#include <cstdint>

namespace bs::nested {

/// What every block begins with; core/formats/FORMAT.md has the tables.
struct BlockHead
{
    std::uint32_t outliers = 0;
    std::uint32_t reserved = 0;
};

/// What follows the head of block 0.
struct Prelude
{
    float rowBase = 0; ///< scale of a row or column: base * 2^(byte / 16)
    float colBase = 0;
};
inline constexpr float kScaleSteps = 16; ///< in an octave
inline constexpr std::size_t kOutlierBytes = 6; ///< row, column, value f16: three arrays

/// Map: two bits a tile, the planes that the block adds to it, lowest bits first.
inline std::size_t mapBytes(const Shape& shape)
{
    return (shape.tiles() + 3) / 4;
}

constexpr std::size_t roundUp64(std::size_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

} // namespace bs::nested
