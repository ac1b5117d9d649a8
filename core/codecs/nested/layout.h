#pragma once

#include "core/linalg/cpu/nested.h"

#include <cstddef>
#include <cstdint>

namespace bs::nested {

/// A tile is 64 rows x 32 columns of the matrix in the codec's own order of rows and columns. Its rings
/// run down the columns: 64 steps that close on themselves.
inline constexpr std::size_t kTileRows = 64;
inline constexpr std::size_t kTileCols = 32;
/// One bit a weight of a tile. Byte [h][column], h = 0..7: bit k is row 8h + k.
inline constexpr std::size_t kPlaneBytes = kTileRows * kTileCols / 8;
/// Two bits a weight: byte [q][column], q = 0..15: bits 2k and 2k + 1 are row 4q + k.
inline constexpr std::size_t kBasePlaneBytes = 2 * kPlaneBytes;

/// Blocks and planes begin at multiples of it.
inline constexpr std::size_t kAlignment = 64;

/// Planes of a tile at most.
inline constexpr unsigned kMostPlanes = 8;
/// Planes that one block can add to a tile.
inline constexpr unsigned kMostAdded = 3;

/// How many bits the first plane of a tile carries; every further one carries one.
using Base = NestedBase;

/// Bits of a weight that the planes of a tile add up to at most.
constexpr unsigned mostBits(Base base)
{
    return base == Base::Two ? kMostPlanes + 1 : kMostPlanes;
}

constexpr unsigned planesOf(Base base, unsigned bits)
{
    return base == Base::Two && bits > 0 ? bits - 1 : bits;
}

constexpr std::size_t planeBytes(Base base, unsigned plane)
{
    return base == Base::Two && plane == 0 ? kBasePlaneBytes : kPlaneBytes;
}

/// Shape of a matrix and of its grid of tiles. Rows and columns are at most 65536 (slabs of rows make a
/// higher matrix fit).
struct Shape
{
    std::size_t rows = 0;
    std::size_t cols = 0;

    std::size_t tileRows() const { return (rows + kTileRows - 1) / kTileRows; }
    std::size_t tileCols() const { return (cols + kTileCols - 1) / kTileCols; }
    std::size_t tiles() const { return tileRows() * tileCols(); }
    bool operator==(const Shape&) const = default;
};

inline constexpr std::size_t kMostRows = 65536;

} // namespace bs::nested
