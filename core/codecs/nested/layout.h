#pragma once

#include "core/linalg/cpu/nested.h"

#include <cstddef>
#include <cstdint>

namespace bs::nested {

/// A tile is 64 rows x 32 columns of the matrix in the codec's own order of rows and columns. Its rings
/// run down the columns: 64 steps that close on themselves.
inline constexpr std::size_t kTileRows = kNestedRows;
inline constexpr std::size_t kTileCols = kNestedCols;
/// A plane has one bit a weight of a tile, set for -1. Byte [s][i][l][j], s, l = 0, 1, i = 0 .. 3, j = 0 .. 15: row 16 i + j, bit k
/// column 16 s + 8 l + k.
inline constexpr std::size_t kPlaneBytes = kTileRows * kTileCols / 8;

constexpr std::size_t planeByte(std::size_t row, std::size_t col)
{
    return col / 16 * 128 + row / 16 * 32 + col % 16 / 8 * 16 + row % 16;
}

/// Blocks and planes begin at multiples of it.
inline constexpr std::size_t kAlignment = 64;

/// Planes of a tile at most.
inline constexpr unsigned kMostPlanes = kNestedPlanes;
/// Planes that one block can add to a tile. Of two or more the first is a plain plane, found together with the trellis plane behind it.
inline constexpr unsigned kMostAdded = 3;

/// Shape of a matrix and of its grid of tiles. Rows and columns are at most 65536 (slabs of rows make a
/// higher matrix fit).
struct Shape
{
    std::size_t rows = 0;
    std::size_t cols = 0;

    std::size_t tileRows() const { return (rows + kTileRows - 1) / kTileRows; }
    std::size_t tileCols() const { return (cols + kTileCols - 1) / kTileCols; }
    std::size_t tiles() const { return tileRows() * tileCols(); }
    std::size_t tileGroups() const { return NestedGroups(tileCols()).count; } ///< of a row of tiles
    bool operator==(const Shape&) const = default;
};

inline constexpr std::size_t kMostRows = 65536;
static_assert(kMostRows == kNestedMostTiles * kTileCols);

} // namespace bs::nested
