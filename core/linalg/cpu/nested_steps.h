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

/// Tiles that are multiplied plane by plane.
struct NestedSteps
{
    std::size_t tile[kNestedGroup];
    float unit[kNestedGroup]; ///< what 1 in levels times 1 in sums of x stands for
    std::size_t count = 0;
    unsigned planes = 0; ///< of the tile that has most
    bool wide = false;   ///< entries have 12 bits
};

/// Tiles whose units are so many times the root of the mean square of all in a row of tiles have entries of 12 bits: few columns of x
/// hold most of it (in some layers one holds nine tenths), and what 8 bits would round of those is large beside all others.
constexpr float kNestedFar = 1.5F;

/// Hands a row's tiles out in groups: first those far above all others, then the rest.
class NestedQueue
{
public:
    NestedQueue(const NestedRow& row, const NestedX& x)
        : m_row(row), m_x(x)
    {
        float sum = 0;
        float count = 0;
        for (std::size_t t = 0; t < row.count; ++t)
            if (const float unit = unitOf(t); unit > 0) {
                sum += unit * unit;
                count += 1;
            }
        m_far = kNestedFar * kNestedFar * sum / count; // of nothing: unused
    }

    /// The next group; empty behind the last.
    NestedSteps next()
    {
        NestedSteps steps;
        for (; m_wide >= 0 && steps.count == 0; m_wide -= m_at == m_row.count ? 1 : 0) {
            if (m_at == m_row.count)
                m_at = 0;
            steps.wide = m_wide > 0;
            for (; m_at < m_row.count && steps.count < kNestedGroup; ++m_at)
                if (const float unit = unitOf(m_at); unit > 0 && (unit * unit > m_far) == steps.wide)
                    add(steps, unit);
        }
        return steps;
    }

private:
    /// 0: nothing to multiply.
    float unitOf(std::size_t t) const
    {
        const NestedTile& tile = m_row.tiles[t];
        return tile.planes > 0 ? m_row.tables->scale[tile.gains[0]] * m_x.unit[t] : 0;
    }

    void add(NestedSteps& steps, float unit) const
    {
        steps.tile[steps.count] = m_at;
        steps.unit[steps.count++] = unit;
        if (m_row.tiles[m_at].planes > steps.planes)
            steps.planes = m_row.tiles[m_at].planes;
    }

    const NestedRow& m_row;
    const NestedX& m_x;
    float m_far = 0;
    int m_wide = 1; ///< 1: far ones, 0: the others, -1: done
    std::size_t m_at = 0;
};

/// Planes of smaller steps are passed over, and sums of x below it are zero: quotients by it stay finite.
constexpr float kNestedLeast = 1e-30F;

/// Entries: sums of x times a factor / 2^15, rounded; kept positive by adding half of what they may reach.
constexpr int kNestedNarrowMost = 127;
constexpr int kNestedNarrowZero = 128;
constexpr int kNestedWideMost = 2047;
constexpr int kNestedWideZero = 2048;

/// One plane of a group of tiles.
struct NestedPlane
{
    std::size_t tile[kNestedGroup];
    std::int16_t minor[kNestedGroup]; ///< factors
    std::int16_t major[kNestedGroup];
    bool plain[kNestedGroup];
    std::size_t count = 0;
    bool wide = false;
    float step = 0; ///< what 1 in an entry stands for
    float zero = 0; ///< what was added to a row's sum of entries
};

inline NestedPlane nestedPlane(const NestedRow& row, const NestedSteps& steps, unsigned plane)
{
    NestedPlane p;
    float reach[kNestedGroup];
    float largest = 0;
    int looks = 0;
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
        looks += p.plain[p.count] ? 8 : 16; // of 32 columns' signs by four; of their products, too
        ++p.count;
    }
    p.wide = steps.wide;
    p.step = largest * (kNestedMost / static_cast<float>(p.wide ? kNestedWideMost : kNestedNarrowMost));
    p.zero = static_cast<float>(looks * (p.wide ? kNestedWideZero : kNestedNarrowZero));
    const float scale = 32767 / p.step; // the largest factor is 32767 of wide entries, 2033 of narrow ones
    for (std::size_t i = 0; i < p.count && p.step > kNestedLeast; ++i) {
        p.minor[i] = static_cast<std::int16_t>(reach[i] * scale * static_cast<float>(p.minor[i]) + 0.5F);
        p.major[i] = static_cast<std::int16_t>(reach[i] * scale * static_cast<float>(p.major[i]) + 0.49F);
    }
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
