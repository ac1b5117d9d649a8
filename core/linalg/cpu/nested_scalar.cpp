// The plain loops of the nested codec's product: the same whole numbers as the fast ones, one look-up at a time.
#include "core/linalg/cpu/nested.h"
#include "core/linalg/cpu/nested_steps.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace bs {

namespace {

/// Eight columns' bits of one row: columns 8 * eight .. 8 * eight + 7.
unsigned signsAt(const std::uint8_t* plane, std::size_t row, std::size_t eight)
{
    const std::size_t i = row % kNestedRows;
    return plane[(eight / 2) * 128 + (i / 16) * 32 + (eight % 2) * 16 + i % 16];
}

/// Products of four signs of each ring: of the rows before, at, two and three behind.
unsigned productsAt(const std::uint8_t* plane, std::size_t row, std::size_t eight)
{
    return signsAt(plane, row + kNestedRows - 1, eight) ^ signsAt(plane, row, eight) ^ signsAt(plane, row + 2, eight) ^
           signsAt(plane, row + 3, eight);
}

/// Where a part's entry of a nibble of eight columns lies, times minor's ratio or not.
std::size_t entryAt(std::size_t eight, std::size_t nibble, bool major, unsigned index)
{
    return (eight / 2) * kNestedStrip + (major ? 64 : 0) + nibble * 32 + (eight % 2) * 16 + index;
}

int rounded(int value, int factor)
{
    return (value * factor + (1 << 14)) >> 15;
}

/// A part's quads or octets: entry(sum, major).
template <typename Entry> void setEntries(bool quads, const std::int16_t* whole, std::uint8_t* entries, const Entry& entry)
{
    for (std::size_t eight = 0; eight < 4; ++eight)
        for (std::size_t nibble = 0; nibble < 2; ++nibble)
            for (unsigned index = 0; index < 16; ++index) {
                int sum = 0;
                for (unsigned k = 0; k < 4; ++k)
                    sum += ((index >> k) & 1U) != 0 ? -whole[eight * 8 + nibble * 4 + k] : whole[eight * 8 + nibble * 4 + k];
                const int bias = quads || nibble == 0 ? kNestedBias : 0;
                for (const bool major : {false, true})
                    entries[entryAt(eight, nibble, major, index)] = static_cast<std::uint8_t>(entry(sum, major) + bias);
            }
}

int quadOf(int sum, bool major)
{
    return rounded(sum, major ? kNestedQuadMajor : kNestedQuadMinor);
}

/// What quadOf leaves, in 16ths of its units.
int restOf(int sum, bool major)
{
    return (major ? sum : rounded(sum, kNestedMinor)) - 16 * quadOf(sum, major);
}

int largestOfEight(const std::int16_t* whole)
{
    int largest = 0;
    for (std::size_t j = 0; j < kNestedCols; j += 8) {
        int sum = 0;
        for (std::size_t k = j; k < j + 8; ++k)
            sum += std::abs(whole[k]);
        largest = std::max(largest, sum);
    }
    return largest;
}

float largestOfFour(const float* x)
{
    float most = 0;
    for (std::size_t g = 0; g < kNestedCols; g += 4)
        most = std::max(most, (std::abs(x[g]) + std::abs(x[g + 1])) + (std::abs(x[g + 2]) + std::abs(x[g + 3])));
    return most;
}

/// A row's entries of one plane of a tile.
int sumOf(const std::uint8_t* plane, bool plain, bool quads, const std::uint8_t* entries, std::size_t row)
{
    int sum = 0;
    for (std::size_t eight = 0; eight < 4; ++eight)
        for (const bool product : {false, true}) {
            if (product && plain)
                continue;
            const unsigned bits = product ? productsAt(plane, row, eight) : signsAt(plane, row, eight);
            const int low = entries[entryAt(eight, 0, plain || product, bits & 15)];
            const int high = entries[entryAt(eight, 1, plain || product, bits >> 4)];
            sum += quads ? low + high : (low + high) & 255;
        }
    return sum;
}

struct Sums
{
    std::uint32_t of[kNestedRows] = {};

    template <bool quads, bool plain> void add(const std::uint8_t* plane, const std::uint8_t* entries, std::int16_t factor)
    {
        for (std::size_t r = 0; r < kNestedRows; ++r)
            of[r] += static_cast<std::uint32_t>(factor * sumOf(plane, plain, quads, entries, r));
    }
    void flush(float unit, std::uint32_t zero, float* y) const
    {
        for (std::size_t r = 0; r < kNestedRows; ++r)
            y[r] = std::fma(unit, static_cast<float>(static_cast<std::int32_t>(of[r] - zero)), y[r]);
    }
};

} // namespace

void scalarNestedPrepare(const float* x, NestedX& to)
{
    nestedPrepare(x, to, largestOfFour, [](const float* tile, float unit, bool far, std::uint8_t* entries) {
        std::int16_t whole[kNestedCols];
        for (std::size_t j = 0; j < kNestedCols; ++j)
            whole[j] = static_cast<std::int16_t>(std::lrintf(tile[j] * (1 / unit)));
        const std::int16_t major = nestedOctetMajor(largestOfEight(whole));
        setEntries(true, whole, entries, quadOf);
        if (far)
            setEntries(true, whole, entries + 2 * kNestedStrip, restOf);
        else
            setEntries(false, whole, entries + 2 * kNestedStrip, [&](int sum, bool isMajor) { return rounded(sum, isMajor ? major : rounded(kNestedMinor, major)); });
        return major;
    });
}

void scalarNestedProduct(const NestedRow& row, std::size_t group, const NestedX& x, float* y)
{
    nestedProduct<Sums>(row, group, x, y);
}

void scalarNestedDecode(const NestedRow& row, std::int16_t* levels)
{
    std::fill_n(levels, row.count * kNestedRows * kNestedCols, std::int16_t{0});
    nestedEachPlane(row, [&](const NestedPlane& plane, bool plain) {
        const std::uint8_t* const bytes = row.bytes + std::size_t{plane.at} * 64;
        const NestedLevel level(row, plane, plain);
        std::int16_t* to = levels + plane.tile * kNestedRows * kNestedCols;
        for (std::size_t i = 0; i < kNestedRows; ++i)
            for (std::size_t j = 0; j < kNestedCols; ++j, ++to) {
                const bool negative = ((signsAt(bytes, i, j / 8) >> (j % 8)) & 1U) != 0;
                const bool product = plain ? negative : ((productsAt(bytes, i, j / 8) >> (j % 8)) & 1U) != 0;
                *to = static_cast<std::int16_t>(*to + (negative ? -level.minor : level.minor) + (product ? -level.major : level.major));
            }
    });
}

void scalarNestedPanel(const float* x, std::size_t tiles, std::size_t at, std::int16_t* pairs, float* unit)
{
    for (std::size_t t = 0; t < tiles; ++t, x += kNestedCols, pairs += kNestedPairs, unit += kNestedPanel) {
        float most = 0;
        for (std::size_t j = 0; j < kNestedCols; ++j)
            most = std::max(most, std::abs(x[j]));
        unit[at] = nestedPanelUnit(most);
        for (std::size_t j = 0; j < kNestedCols; ++j)
            pairs[(j / 2 * kNestedPanel + at) * 2 + j % 2] = unit[at] > 0 ? static_cast<std::int16_t>(std::lrintf(x[j] * (1 / unit[at]))) : std::int16_t{0};
    }
}

void scalarNestedBatch(const NestedLevels& weights, const std::int16_t* pairs, const float* unit, float* y, std::size_t stride)
{
    const auto number = [&](std::size_t t, std::size_t j, std::size_t at) { return pairs[t * kNestedPairs + (j / 2 * kNestedPanel + at) * 2 + j % 2]; };
    for (std::size_t at = 0; at < kNestedPanel; ++at)
        for (std::size_t i = 0; i < kNestedRows; ++i) {
            float sum = 0;
            for (std::size_t t = 0; t < weights.tiles; ++t) {
                if (weights.scale[t] == 0)
                    continue;
                std::int32_t whole = 0;
                for (std::size_t j = 0; j < kNestedCols; ++j)
                    whole += weights.levels[(t * kNestedRows + i) * kNestedCols + j] * number(t, j, at);
                sum = std::fma(static_cast<float>(whole), unit[t * kNestedPanel + at] * weights.scale[t], sum);
            }
            y[at * stride + i] = sum;
        }
    for (std::size_t o = 0; o < weights.outlierCount; ++o) {
        const NestedOutlier& outlier = weights.outliers[o];
        const std::size_t t = outlier.col / kNestedCols;
        for (std::size_t at = 0; at < kNestedPanel; ++at) {
            float& to = y[at * stride + outlier.row - weights.firstRow];
            to = std::fma(static_cast<float>(number(t, outlier.col % kNestedCols, at)) * unit[t * kNestedPanel + at], outlier.value, to);
        }
    }
}

} // namespace bs
