#pragma once

// Included by the instruction-set islands: fixed-width types only.
#include <cstddef>
#include <cstdint>

namespace bs {

/// Products from the planes of the nested codec (core/codecs/nested/layout.h has the layout of a plane). A tile is 64 rows x 32 columns;
/// each plane adds to a weight s * major, or, if it is a trellis plane, s * minor + t * major, with s = 1 or -1 the weight's own
/// sign and t the product of four signs of its ring. So a product with x is sums of +-x, and those of four columns are looked
/// up in a table of 16 (T-MAC, arXiv 2407.00088, takes plain bits the same way).
inline constexpr std::size_t kNestedRows = 64;
inline constexpr std::size_t kNestedCols = 32;
inline constexpr unsigned kNestedPlanes = 9;

/// Tiles side by side whose tables are rounded in the same steps, plane by plane. At most 16: their sums stay below 2^16.
inline constexpr std::size_t kNestedGroup = 16;

/// A tile as far as it is loaded.
struct NestedTile
{
    std::uint8_t planes = 0;                ///< loaded
    std::uint8_t gains[kNestedPlanes] = {}; ///< of each plane: 2^((gain - 128) / 8)
    std::uint16_t plain = 0;                ///< bit p: plane p has signs alone
    std::uint32_t at[kNestedPlanes] = {};   ///< where each plane begins, in units of 64 bytes
};

/// What gains stand for. Weights are whole multiples of scale[gains[0]]; `below` counts from there: gains[0] - gains[p].
struct NestedTables
{
    float scale[256];
    std::int16_t major[256];
    std::int16_t minor[256];
};

/// One row of tiles.
struct NestedRow
{
    const NestedTables* tables = nullptr;
    const std::uint8_t* bytes = nullptr; ///< base of NestedTile::at
    const NestedTile* tiles = nullptr;
    std::size_t count = 0;               ///< of tiles
    std::size_t following = 0;           ///< tiles behind these that are likely to be next
};

/// x as the products look it up. Of a tile's columns 4 g .. 4 g + 3 the 16 sums of +-x, bit k of the index: minus x[4 g + k]. Those of the
/// groups g = 4 s + n and g + 2 (s, n = 0, 1) lie side by side, indices 0 .. 7 of both before 8 .. 15 of both, so that a register's halves have a table each.
inline constexpr std::size_t kNestedSums = 2 * 2 * 2 * 16;
struct NestedX
{
    const std::int16_t* sums = nullptr; ///< [tiles, kNestedSums]
    const float* unit = nullptr;        ///< [tiles] what 1 stands for; 0: x is 0 there
};

/// Largest sum of magnitudes of four x, in units.
inline constexpr float kNestedMost = 2047;

/// sums and unit of x [32 * tiles], finite.
void scalarNestedPrepare(const float* x, std::size_t tiles, std::int16_t* sums, float* unit);
void avx2NestedPrepare(const float* x, std::size_t tiles, std::int16_t* sums, float* unit);

/// y [64] = the row's weights times x.
void scalarNestedProduct(const NestedRow& row, const NestedX& x, float* y);
void avx2NestedProduct(const NestedRow& row, const NestedX& x, float* y);

/// W [64, 32 * count] = the row's weights.
void scalarNestedDecode(const NestedRow& row, float* W);
void avx2NestedDecode(const NestedRow& row, float* W);

} // namespace bs
