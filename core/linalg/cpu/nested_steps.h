#pragma once

// Included by the instruction-set islands: what the tables' products of the nested codec must agree on to the bit.
#include "core/linalg/cpu/nested.h"

namespace bs {

namespace {

/// Tiles whose x is rounded in the same steps.
struct NestedSteps
{
    std::size_t tile[kNestedGroup];
    std::size_t count = 0;
    float step = 0;
    float inverse = 0;
    bool any = false; ///< something is left after rounding
};

/// Sums below this are zero: scale / step stays finite.
constexpr float kNestedLeast = 1e-30F;

/// The next tiles that have planes from column `at`, which moves past them.
inline NestedSteps nextNestedSteps(const NestedRow& row, const float* most, std::size_t& at)
{
    NestedSteps steps;
    float largest = 0;
    for (std::size_t planes = 0; at < row.count && planes < kNestedGroup; ++at) {
        const NestedTile& tile = row.tiles[at];
        if (tile.planes == 0)
            continue;
        const float reach = row.tables->scale[tile.firstGain] * most[at];
        largest = reach > largest ? reach : largest;
        steps.tile[steps.count++] = at;
        planes += tile.planes;
    }
    steps.step = largest / 127;
    steps.inverse = 127 / largest;
    steps.any = steps.step > kNestedLeast;
    return steps;
}

/// Which of a weight's three sums a plane belongs to.
constexpr unsigned nestedGroup(NestedBase base, unsigned plane)
{
    const unsigned lastBit = base == NestedBase::Two ? plane + 1 : plane;
    return lastBit < 3 ? 0 : lastBit < 6 ? 1 : 2;
}

constexpr unsigned nestedGroups(NestedBase base, unsigned planes)
{
    return planes == 0 ? 0 : nestedGroup(base, planes - 1) + 1;
}

inline const std::uint8_t* nestedLevels(const NestedTables& tables, const NestedTile& tile, unsigned plane)
{
    const unsigned gain = plane == 0 ? tables.plainGain : tile.gains[plane - 1];
    return tables.levels[tile.base == NestedBase::Two ? 1 : 0][plane][gain];
}

} // namespace

} // namespace bs
