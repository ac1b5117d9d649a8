#pragma once

// Included by the instruction-set islands: what the tables' products of the nested codec must agree on to the bit.
#include "core/linalg/cpu/nested.h"

namespace bs {

namespace {

inline unsigned nestedBelow(const NestedTile& tile, unsigned plane)
{
    return static_cast<unsigned>(tile.gains[0]) - tile.gains[plane];
}

inline bool nestedPlain(const NestedTile& tile, unsigned plane)
{
    return ((static_cast<unsigned>(tile.plain) >> plane) & 1U) != 0;
}

/// Tiles side by side that are multiplied plane by plane.
struct NestedSteps
{
    std::size_t tile[kNestedGroup];
    float unit[kNestedGroup]; ///< what 1 in levels times 1 in sums of x stands for
    std::size_t count = 0;
    unsigned planes = 0; ///< of the tile that has most
};

/// The next tiles that have planes and an x from column `at`, which moves past them.
inline NestedSteps nextNestedSteps(const NestedRow& row, const NestedX& x, std::size_t& at)
{
    NestedSteps steps;
    for (; at < row.count && steps.count < kNestedGroup; ++at) {
        const NestedTile& tile = row.tiles[at];
        if (tile.planes == 0 || !(x.unit[at] > 0))
            continue;
        steps.unit[steps.count] = row.tables->scale[tile.gains[0]] * x.unit[at];
        steps.tile[steps.count++] = at;
        if (tile.planes > steps.planes)
            steps.planes = tile.planes;
    }
    return steps;
}

/// Planes of smaller steps are passed over, and sums of x below it are zero: quotients by it stay finite.
constexpr float kNestedLeast = 1e-30F;

/// One plane of a group of tiles. Table entries are sums of x times a factor / 2^15, in steps of which the largest sum is 127.
struct NestedPlane
{
    std::size_t tile[kNestedGroup];
    std::int16_t minor[kNestedGroup]; ///< factors, 2033 at most
    std::int16_t major[kNestedGroup];
    bool plain[kNestedGroup];
    std::size_t count = 0;
    float step = 0;
    float zero = 0;     ///< what was added to a row's sum of entries
    bool exact = false; ///< entries are added one by one, not as means of two
};

/// Entries are kept positive by adding 128; the mean of two is rounded up, which adds a quarter on average.
constexpr float kNestedZero = 128.25F;

/// A group whose tiles have this many planes behind a plane adds its entries exactly: their rounding would be seen beside
/// what so many planes leave over.
constexpr unsigned kNestedExact = 3;

inline NestedPlane nestedPlane(const NestedRow& row, const NestedSteps& steps, unsigned plane)
{
    NestedPlane p;
    float reach[kNestedGroup];
    float largest = 0;
    int means = 0;
    for (std::size_t g = 0; g < steps.count; ++g) {
        const NestedTile& tile = row.tiles[steps.tile[g]];
        if (tile.planes <= plane)
            continue;
        const unsigned below = nestedBelow(tile, plane);
        p.tile[p.count] = steps.tile[g];
        p.plain[p.count] = nestedPlain(tile, plane);
        p.minor[p.count] = row.tables->minor[below];
        p.major[p.count] = row.tables->major[below];
        reach[p.count] = steps.unit[g];
        const float most = steps.unit[g] * static_cast<float>(p.major[p.count]);
        largest = most > largest ? most : largest;
        means += p.plain[p.count] ? 4 : 8; // look-ups by two of 32 columns' signs; of their products, too
        ++p.count;
    }
    p.step = largest * (kNestedMost / 127);
    p.exact = steps.planes > plane + kNestedExact;
    p.zero = static_cast<float>(means) * (p.exact ? 256.0F : kNestedZero);
    const float scale = 32768 / p.step;
    for (std::size_t i = 0; i < p.count && p.step > kNestedLeast; ++i) {
        p.minor[i] = static_cast<std::int16_t>(reach[i] * scale * static_cast<float>(p.minor[i]) + 0.5F);
        p.major[i] = static_cast<std::int16_t>(reach[i] * scale * static_cast<float>(p.major[i]) + 0.5F);
    }
    if (!p.exact)
        p.step *= 2;
    return p;
}

/// Weights of a tile with this sum over all planes of what they add.
inline int nestedSum(const NestedTables& tables, const NestedTile& tile)
{
    int sum = 0;
    for (unsigned p = 0; p < tile.planes; ++p) {
        const unsigned below = nestedBelow(tile, p);
        sum += tables.major[below] + (nestedPlain(tile, p) ? 0 : tables.minor[below]);
    }
    return sum;
}

} // namespace

} // namespace bs
