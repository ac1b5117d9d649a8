#pragma once

#include "core/codecs/nested/layout.h"

#include <cstddef>
#include <cstdint>

namespace bs::nested {

/// What block 0 begins with; core/formats/FORMAT.md has the table.
struct Prelude
{
    std::uint32_t outliers = 0;
    float rowBase = 0; ///< scale of a row or column: base * 2^(byte / 16)
    float colBase = 0;
    std::uint32_t reserved = 0;
};
inline constexpr float kScaleSteps = 16; ///< in an octave
inline constexpr std::size_t kOutlierBytes = 6; ///< row, column, value f16: three arrays

inline std::size_t preludeBytes(const Shape& shape, std::size_t outliers)
{
    return sizeof(Prelude) + 3 * (shape.rows + shape.cols) + kOutlierBytes * outliers + (shape.tiles() + 7) / 8;
}

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
