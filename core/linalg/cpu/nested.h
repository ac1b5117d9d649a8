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
inline constexpr std::size_t kNestedMostTiles = 2048; ///< of a row
inline constexpr unsigned kNestedPlanes = 9;

/// A tile as far as it is loaded.
struct NestedTile
{
    std::uint8_t planes = 0;
    std::uint8_t gain = 0; ///< of its first plane; no other's is larger
};

/// What gains stand for: gain[g] = 2^((g - 128) / 8). Weights of a tile are whole multiples of scale[g] of its first plane's; major and minor count
/// from there: how far a plane's gain is below.
struct NestedTables
{
    float gain[256];
    float scale[256];
    std::int16_t major[256];
    std::int16_t minor[256];
};

/// A plane on the list of those that products work through.
struct NestedPlane
{
    std::uint32_t at;   ///< where it begins, in units of 64 bytes
    std::uint16_t tile; ///< of its row
    std::uint8_t gain;
};

/// Kinds of planes, by which lists are in order: quads or octets are looked up (below), by planes of both kinds of signs.
enum NestedKind { kTrellisQuads, kPlainQuads, kTrellisOctets, kPlainOctets };
inline constexpr std::size_t kNestedKinds = 4;

/// Neighbouring tiles of a row, whose planes are added up in the same units.
struct NestedGroup
{
    std::uint32_t ends[kNestedKinds] = {}; ///< of each kind on the list; the first kind begins where the group before ends
    float most = 0;                        ///< largest gain
    float sum = 0;                         ///< gains of the tiles' first planes, each times how many planes there are
};

/// As many groups as it takes for none to have more tiles than this; all are as large but the last. Results of groups
/// are added up afterwards, so that threads can share a row.
inline constexpr std::size_t kNestedGroup = 24;

struct NestedGroups
{
    std::size_t tiles, count, size;

    explicit constexpr NestedGroups(std::size_t ofTiles)
        : tiles(ofTiles), count((ofTiles + kNestedGroup - 1) / kNestedGroup), size((ofTiles + count - 1) / count)
    {
    }
    constexpr std::size_t first(std::size_t group) const { return group * size < tiles ? group * size : tiles; }
};

/// Behind the last plane of a list so many others follow, which are asked for and not worked on.
inline constexpr std::size_t kNestedAhead = 32;

/// One row of tiles.
struct NestedRow
{
    const NestedTables* tables = nullptr;
    const std::uint8_t* bytes = nullptr; ///< base of NestedPlane::at
    const NestedTile* tiles = nullptr;
    std::size_t count = 0;               ///< of tiles
    const NestedPlane* planes = nullptr; ///< the list of which `groups` tells the ends
    const NestedGroup* groups = nullptr; ///< [NestedGroups(count).count]
    std::uint32_t firstPlane = 0;        ///< of the row's first group
};

/// A tile where x is far above that of all other tiles; it is added apart.
struct NestedFar
{
    std::uint32_t tile;
    float quad; ///< what 1 in an entry stands for
};

/// x as the products look it up. The 16 sums of +-x of four neighbouring columns, bit k of the index: minus column k, are a table. Of a strip of 16
/// columns four tables lie side by side: of columns 0-3 and 8-11, each a half of 32 bytes, for the low nibbles of a plane's bytes, and of 4-7 and
/// 12-15 for the high ones; first times the ratio of minor to major, then as they are. Both strips so (kNestedStrip bytes each) as quads, then both as octets.
///   Quads: entries of 8 bits, with 128 added.
///   Octets: in larger units, so that what both nibbles of a byte find is a sum of 8 bits; 128 is added to the low nibbles' entries. Far tiles have
///     none, but what rounding left of the quads, as quads of a 16th of their units.
inline constexpr std::size_t kNestedStrip = 128;
inline constexpr std::size_t kNestedEntries = 4 * kNestedStrip;

struct NestedX
{
    std::size_t tiles = 0;
    float* quad = nullptr;           ///< [tiles] what 1 in an entry stands for; 0: far, or x is 0
    float* octet = nullptr;          ///< [tiles] the same, larger
    float* most = nullptr;           ///< [NestedGroups(tiles).count] largest of a group's octets
    std::uint8_t* entries = nullptr; ///< [tiles, kNestedEntries], aligned to 64 bytes
    NestedFar* far = nullptr;        ///< [farCount, room for all tiles], in order
    std::size_t farCount = 0;
};

/// Fills all of `to` but its number of tiles from x [32 * tiles], magnitudes below 1e30.
void scalarNestedPrepare(const float* x, NestedX& to);
void avx2NestedPrepare(const float* x, NestedX& to);
void avx512NestedPrepare(const float* x, NestedX& to);

/// y [64] = the weights of one of the row's groups times x.
void scalarNestedProduct(const NestedRow& row, std::size_t group, const NestedX& x, float* y);
void avx2NestedProduct(const NestedRow& row, std::size_t group, const NestedX& x, float* y);
void avx512NestedProduct(const NestedRow& row, std::size_t group, const NestedX& x, float* y);

/// levels [count, 64, 32] = the row's weights, tile by tile, in units of tables->scale of the tile's first gain; zeros where there is no plane.
void scalarNestedDecode(const NestedRow& row, std::int16_t* levels);
void avx2NestedDecode(const NestedRow& row, std::int16_t* levels);
void avx512NestedDecode(const NestedRow& row, std::int16_t* levels);

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
void avx512NestedBatch(const NestedLevels& weights, const std::int16_t* pairs, const float* unit, float* y, std::size_t stride);

} // namespace bs
