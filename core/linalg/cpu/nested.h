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
    float gain[256];
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

/// One tile's columns of x as the products look them up.
struct NestedPart
{
    std::uint32_t tile;
    std::uint32_t far; ///< 1: x is far above that of other tiles; there are quads alone
    float quad;        ///< what 1 in an entry stands for
    float octet;
};

/// The 16 sums of +-x of four neighbouring columns, bit k of the index: minus column k, are a table. Of a strip of 16 columns four tables
/// lie side by side: of columns 0-3 and 8-11, each a half of 32 bytes, for the low nibbles of a plane's bytes, and of 4-7 and 12-15 for the
/// high ones; first times the ratio of minor to major, then as they are. Both strips so (kNestedStrip bytes each) as quads, then both as octets.
///   Quads: entries of 8 bits, with 128 added.
///   Octets: in larger units, so that what both nibbles of a byte find is a sum of 8 bits; 128 is added to the low nibbles' entries.
inline constexpr std::size_t kNestedStrip = 128;
inline constexpr std::size_t kNestedEntries = 4 * kNestedStrip;

/// How many parts there are: of tiles that are far above all others two each, in turn, the second with what rounding left of the first;
/// then one of each other tile whose x is not 0.
struct NestedCount
{
    std::size_t far = 0;
    std::size_t all = 0;
};

struct NestedX
{
    const NestedPart* parts = nullptr;     ///< [count.all]
    const std::uint8_t* entries = nullptr; ///< [count.all, kNestedEntries], aligned to 32 bytes
    NestedCount count;
};

/// unit [tiles], and parts and entries (room for 2 * tiles of them) of x [32 * tiles], magnitudes below 1e30.
NestedCount scalarNestedPrepare(const float* x, std::size_t tiles, float* unit, NestedPart* parts, std::uint8_t* entries);
NestedCount avx2NestedPrepare(const float* x, std::size_t tiles, float* unit, NestedPart* parts, std::uint8_t* entries);

/// y [64] = the row's weights times x.
void scalarNestedProduct(const NestedRow& row, const NestedX& x, float* y);
void avx2NestedProduct(const NestedRow& row, const NestedX& x, float* y);
void avx512NestedProduct(const NestedRow& row, const NestedX& x, float* y);

/// levels [count, 64, 32] = the row's weights, tile by tile, in units of tables->scale of the tile's first gain; zeros where there is no plane.
void scalarNestedDecode(const NestedRow& row, std::int16_t* levels);
void avx2NestedDecode(const NestedRow& row, std::int16_t* levels);

/// Many rows of x for products with levels: so many together, numbers in 12 bits of units of their row and tile. A panel is
/// pairs [tiles, 16, kNestedPanel, 2], two columns of a row side by side, and unit [tiles, kNestedPanel].
inline constexpr std::size_t kNestedPanel = 16;
inline constexpr std::size_t kNestedPairs = kNestedPanel * kNestedCols; ///< numbers of a panel's tile
inline constexpr int kNestedWhole = 2047;

/// Row `at` of a panel from x [32 * tiles], finite.
void scalarNestedPanel(const float* x, std::size_t tiles, std::size_t at, std::int16_t* pairs, float* unit);
void avx2NestedPanel(const float* x, std::size_t tiles, std::size_t at, std::int16_t* pairs, float* unit);

/// A weight beside the planes: of row `row` - firstRow of a row of tiles.
struct NestedOutlier
{
    std::uint16_t row = 0;
    std::uint16_t col = 0;
    float value = 0;
};

/// One row of tiles, decoded.
struct NestedLevels
{
    const std::int16_t* levels = nullptr; ///< [tiles, 64, 32]
    const float* scale = nullptr;         ///< [tiles] what 1 stands for; 0: no plane
    std::size_t tiles = 0;
    const NestedOutlier* outliers = nullptr;
    std::size_t outlierCount = 0;
    std::size_t firstRow = 0;
};

/// y [kNestedPanel, 64] with `stride` between rows = a panel of x times the weights.
void scalarNestedBatch(const NestedLevels& weights, const std::int16_t* pairs, const float* unit, float* y, std::size_t stride);
void avx2NestedBatch(const NestedLevels& weights, const std::int16_t* pairs, const float* unit, float* y, std::size_t stride);

} // namespace bs
