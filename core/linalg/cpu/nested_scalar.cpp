// The plain loops of the nested codec's product: the same whole numbers as the fast ones, one weight at a time.
#include "core/linalg/cpu/nested.h"
#include "core/linalg/cpu/nested_steps.h"

#include <cmath>

namespace bs {

namespace {

unsigned bitsAt(const std::uint8_t* plane, unsigned fresh, std::size_t row, std::size_t col)
{
    const std::size_t steps = 8 / fresh;
    return (static_cast<unsigned>(plane[row / steps * kNestedCols + col]) >> (fresh * (row % steps))) & ((1U << fresh) - 1);
}

/// Four bits of the ring, the newest (of `row`) highest.
unsigned indexAt(const std::uint8_t* plane, unsigned fresh, std::size_t row, std::size_t col)
{
    unsigned index = 0;
    for (unsigned back = 4 / fresh; back-- > 0;)
        index = index >> fresh | bitsAt(plane, fresh, (row + kNestedRows - back) % kNestedRows, col) << (4 - fresh);
    return index;
}

int weightAt(const NestedRow& row, const NestedTile& tile, std::size_t i, std::size_t j)
{
    constexpr int kWeights[3] = {32, 8, 1};
    int sums[3] = {};
    for (unsigned p = 0; p < tile.planes; ++p) {
        const unsigned fresh = tile.base == NestedBase::Two && p == 0 ? 2 : 1;
        const std::uint8_t* plane = row.bytes + std::size_t{tile.at[p]} * 64;
        sums[nestedGroup(tile.base, p)] += static_cast<std::int8_t>(nestedLevels(*row.tables, tile, p)[indexAt(plane, fresh, i, j)]);
    }
    int weight = 0;
    for (unsigned g = 0; g < nestedGroups(tile.base, tile.planes); ++g)
        weight += kWeights[g] * (static_cast<std::uint8_t>(sums[g]) - kNestedZero);
    return weight;
}

/// round(x * factor) of one tile's columns.
void roundTile(const float* x, float factor, std::int8_t* rounded)
{
    for (std::size_t j = 0; j < kNestedCols; ++j)
        rounded[j] = static_cast<std::int8_t>(std::lrintf(x[j] * factor));
}

} // namespace

void scalarNestedProduct(const NestedRow& row, const float* x, const float* most, float* y)
{
    for (std::size_t i = 0; i < kNestedRows; ++i)
        y[i] = 0;
    for (std::size_t at = 0; at < row.count;) {
        const NestedSteps group = nextNestedSteps(row, most, at);
        if (!group.any)
            continue;
        std::int32_t sums[kNestedRows] = {};
        for (std::size_t g = 0; g < group.count; ++g) {
            const std::size_t c = group.tile[g];
            const NestedTile& tile = row.tiles[c];
            std::int8_t rounded[kNestedCols];
            roundTile(x + c * kNestedCols, row.tables->scale[tile.firstGain] * group.inverse, rounded);
            for (std::size_t i = 0; i < kNestedRows; ++i)
                for (std::size_t j = 0; j < kNestedCols; ++j)
                    sums[i] += weightAt(row, tile, i, j) * rounded[j];
        }
        for (std::size_t i = 0; i < kNestedRows; ++i)
            y[i] = std::fma(group.step, static_cast<float>(sums[i]), y[i]);
    }
}

void scalarNestedDecode(const NestedRow& row, float* W)
{
    for (std::size_t c = 0; c < row.count; ++c) {
        const NestedTile& tile = row.tiles[c];
        const float scale = row.tables->scale[tile.firstGain];
        for (std::size_t i = 0; i < kNestedRows; ++i)
            for (std::size_t j = 0; j < kNestedCols; ++j)
                W[(i * row.count + c) * kNestedCols + j] = static_cast<float>(weightAt(row, tile, i, j)) * scale;
    }
}

} // namespace bs
