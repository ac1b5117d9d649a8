// The plain loops of the nested codec's product: the same whole numbers as the fast ones, one look-up at a time.
#include "core/linalg/cpu/nested.h"
#include "core/linalg/cpu/nested_steps.h"

#include <algorithm>
#include <cmath>

namespace bs {

namespace {

/// Eight columns' bits of one row: columns 8 * part .. 8 * part + 7.
unsigned signsAt(const std::uint8_t* plane, std::size_t row, std::size_t part)
{
    const std::size_t i = row % kNestedRows;
    return plane[(part / 2) * 128 + (i / 16) * 32 + (part % 2) * 16 + i % 16];
}

/// Products of four signs of each ring: of the rows before, at, two and three behind.
unsigned productsAt(const std::uint8_t* plane, std::size_t row, std::size_t part)
{
    return signsAt(plane, row + kNestedRows - 1, part) ^ signsAt(plane, row, part) ^ signsAt(plane, row + 2, part) ^
           signsAt(plane, row + 3, part);
}

/// Where a tile's sum of four columns lies: those of half of eight columns.
std::size_t sumAt(std::size_t part, std::size_t half, unsigned index)
{
    return (part / 2) * 64 + half * 32 + (index / 8) * 16 + (part % 2) * 8 + index % 8;
}

/// A table's entry as the kernels have it.
int entry(std::int16_t sum, std::int16_t factor, bool wide)
{
    const int rounded = (sum * factor + (1 << 14)) >> 15;
    if (wide)
        return rounded + kNestedWideZero;
    return std::clamp(rounded, -kNestedNarrowZero, kNestedNarrowMost) + kNestedNarrowZero;
}

/// Both halves' entries for eight columns.
int look(const std::int16_t* tile, std::size_t part, unsigned bits, std::int16_t factor, bool wide)
{
    return entry(tile[sumAt(part, 0, bits & 15)], factor, wide) + entry(tile[sumAt(part, 1, bits >> 4)], factor, wide);
}

/// What one plane of tile `t` of a group adds to a row.
int planeSum(const std::uint8_t* bytes, const NestedPlane& plane, std::size_t t, const std::int16_t* sums, std::size_t row)
{
    int sum = 0;
    for (std::size_t part = 0; part < 4; ++part) {
        sum += look(sums, part, signsAt(bytes, row, part), plane.plain[t] ? plane.major[t] : plane.minor[t], plane.wide);
        if (!plane.plain[t])
            sum += look(sums, part, productsAt(bytes, row, part), plane.major[t], plane.wide);
    }
    return sum;
}

void addPlane(const NestedRow& row, const NestedX& x, const NestedSteps& steps, unsigned index, float* y)
{
    const NestedPlane plane = nestedPlane(row, steps, index);
    if (!(plane.step > kNestedLeast))
        return;
    std::int32_t sums[kNestedRows] = {};
    for (std::size_t t = 0; t < plane.count; ++t) {
        const std::uint8_t* bytes = row.bytes + std::size_t{row.tiles[plane.tile[t]].at[index]} * 64;
        for (std::size_t i = 0; i < kNestedRows; ++i)
            sums[i] += planeSum(bytes, plane, t, x.sums + plane.tile[t] * kNestedSums, i);
    }
    for (std::size_t i = 0; i < kNestedRows; ++i)
        y[i] = std::fma(plane.step, static_cast<float>(sums[i]) - plane.zero, y[i]);
}

} // namespace

void scalarNestedPrepare(const float* x, std::size_t tiles, std::int16_t* sums, float* unit)
{
    for (std::size_t t = 0; t < tiles; ++t, x += kNestedCols, sums += kNestedSums) {
        float most = 0;
        for (std::size_t g = 0; g < kNestedCols; g += 4)
            most = std::max(most, (std::abs(x[g]) + std::abs(x[g + 1])) + (std::abs(x[g + 2]) + std::abs(x[g + 3])));
        unit[t] = most > kNestedLeast ? most / kNestedMost : 0;
        std::int16_t whole[kNestedCols] = {};
        for (std::size_t j = 0; j < kNestedCols && unit[t] > 0; ++j)
            whole[j] = static_cast<std::int16_t>(std::lrintf(x[j] * (kNestedMost / most)));
        for (std::size_t part = 0; part < 4; ++part)
            for (std::size_t half = 0; half < 2; ++half)
                for (unsigned index = 0; index < 16; ++index) {
                    int sum = 0;
                    for (unsigned k = 0; k < 4; ++k)
                        sum += ((index >> k) & 1U) != 0 ? -whole[part * 8 + half * 4 + k] : whole[part * 8 + half * 4 + k];
                    sums[sumAt(part, half, index)] = static_cast<std::int16_t>(sum);
                }
    }
}

void scalarNestedProduct(const NestedRow& row, const NestedX& x, float* y)
{
    std::fill_n(y, kNestedRows, 0.0F);
    NestedQueue queue(row, x);
    for (NestedSteps steps = queue.next(); steps.count > 0; steps = queue.next())
        for (unsigned plane = 0; plane < steps.planes; ++plane)
            addPlane(row, x, steps, plane, y);
}

void scalarNestedDecode(const NestedRow& row, float* W)
{
    for (std::size_t c = 0; c < row.count; ++c) {
        const NestedTile& tile = row.tiles[c];
        const float scale = row.tables->scale[tile.gains[0]];
        for (std::size_t i = 0; i < kNestedRows; ++i)
            for (std::size_t j = 0; j < kNestedCols; ++j) {
                int sum = 0;
                for (unsigned p = 0; p < tile.planes; ++p) {
                    const std::uint8_t* plane = row.bytes + std::size_t{tile.at[p]} * 64;
                    const int major = row.tables->major[nestedBelow(tile, p)];
                    const int minor = row.tables->minor[nestedBelow(tile, p)];
                    const bool negative = ((signsAt(plane, i, j / 8) >> (j % 8)) & 1U) != 0;
                    const bool product = ((productsAt(plane, i, j / 8) >> (j % 8)) & 1U) != 0;
                    if (nestedPlain(tile, p))
                        sum += negative ? -major : major;
                    else
                        sum += (negative ? -minor : minor) + (product ? -major : major);
                }
                W[(i * row.count + c) * kNestedCols + j] = static_cast<float>(sum) * scale;
            }
    }
}

} // namespace bs
