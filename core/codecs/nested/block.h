#pragma once

#include "core/base/result.h"
#include "core/codecs/nested/tables.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace bs::nested {

/// A weight kept beside the planes: what they cannot reach is added to what they decode to. Row and column are in the codec's order, as the
/// tiles; the value in units of rowScale * colScale.
using Outlier = NestedOutlier;

/// A matrix as the blocks that are loaded describe it:
/// W[rowOrder[i], colOrder[j]] = rowScale[rowOrder[i]] * colScale[j] * (planes + outliers)[i, j].
/// All arrays but those of rows of W are in the codec's order.
struct Matrix
{
    Shape shape;
    std::vector<float> rowScale;          ///< [rows of W]
    std::vector<float> colScale;          ///< [cols]
    std::vector<std::uint16_t> rowOrder;  ///< [rows]
    std::vector<std::uint16_t> rowPlace;  ///< [rows of W] its inverse: rowOrder[rowPlace[row]] = row
    std::vector<std::uint16_t> colOrder;  ///< [cols]
    std::vector<Outlier> outliers;        ///< by row of tiles; there the first ones of all rows, then the second ones, ..
    std::vector<std::uint32_t> firstOutlier; ///< [tileRows + 1] where those of each row of tiles begin
    std::vector<NestedTile> tiles;        ///< [tileRows, tileCols]
    std::vector<NestedPlane> planes;      ///< of all tiles, row by row, group by group, kind by kind; kNestedAhead more behind them
    std::vector<NestedGroup> groups;      ///< [tileRows, NestedGroups(tileCols).count]
    const std::byte* bytes = nullptr;     ///< base of NestedPlane::at

    bool empty() const { return tiles.empty(); }
    /// Sets outliers and firstOutlier; those of one row stay in their order.
    void setOutliers(std::span<const Outlier> unordered);
    /// Sets tiles, planes and groups from all tiles' planes.
    void setTiles(std::span<const Tile> all);
    /// Memory that the arrays above take; the planes' bytes are the caller's.
    std::size_t heldBytes() const;
    NestedRow row(std::size_t tileRow) const;
};

/// How much a block, or several, hold.
struct BlockCounts
{
    std::size_t planes = 0;
    std::size_t outliers = 0;
};

/// What a block of so many bytes holds, as far as its first kCountBytes bytes say. Nothing is checked: the counts of
/// a damaged block are any.
inline constexpr std::size_t kCountBytes = 4;
BlockCounts countsOf(const Shape& shape, std::size_t index, std::size_t bytes, std::span<const std::byte, kCountBytes> head);

/// Matrix::heldBytes of a matrix whose blocks hold so much.
std::size_t heldBytes(const Shape& shape, const BlockCounts& counts);

/// Reads the first blocks of a matrix (none: an empty matrix, W = 0). `blocks` are ranges of one memory
/// area, multiples of 64 bytes from `base`, which must stay while the result is used. Every length and index is
/// checked. Errors: Format (block and field named).
/// The layout of a block's bytes is in core/formats/FORMAT.md.
Result<Matrix> readBlocks(const Shape& shape, std::span<const std::span<const std::byte>> blocks, const std::byte* base);

} // namespace bs::nested
