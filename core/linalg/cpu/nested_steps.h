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

// Parts of x. Four columns' sums of magnitudes are at most kNestedMost units; an entry of quads stands for 16 of them, one of octets
// for what lets the largest sum of eight have kNestedOctetMost. What is below kNestedLeast counts as zero: quotients by it stay finite.
constexpr float kNestedLeast = 1e-30F;
constexpr int kNestedMost = 16 * 127;
constexpr int kNestedOctetMost = 126; // 127 with what rounding two entries may add
constexpr int kNestedBias = 128;

/// Factors of 2^15: the ratio of minor to major alone, and with a 16th. That is a little less than one, so that what lies between two
/// entries goes to the one nearer to 0: of whole numbers one in 16 does, and if all went up, their sum would be off by more than all other rounding.
constexpr std::int16_t kNestedMinor = 19661;
constexpr std::int16_t kNestedQuadMinor = 1229;
constexpr std::int16_t kNestedQuadMajor = 2047;

/// A tile is far above all others if its unit is so many times the root of the mean square of all: few columns of x hold most of it
/// (in some layers one holds nine tenths), and what 8 bits round of those is large beside all others.
constexpr float kNestedFar = 1.5F;

/// Calls fill(tile, far, index of its first part).
template <typename Fill> NestedCount nestedParts(const float* unit, std::size_t tiles, const Fill& fill)
{
    float sum = 0;
    float some = 0;
    for (std::size_t t = 0; t < tiles; ++t) {
        sum += unit[t] * unit[t];
        some += unit[t] > 0 ? 1.0F : 0.0F;
    }
    const float limit = kNestedFar * kNestedFar * sum / some; // of nothing: unused
    NestedCount count;
    for (int pass = 0; pass < 2; ++pass)
        for (std::size_t t = 0; t < tiles; ++t) {
            const bool far = unit[t] * unit[t] > limit;
            if (!(unit[t] > 0) || far != (pass == 0))
                continue;
            fill(t, far, count.all);
            count.all += far ? 2 : 1;
            count.far += far ? 2 : 0;
        }
    return count;
}

/// Octets' factor where the largest sum of eight magnitudes is `most` units.
inline std::int16_t nestedOctetMajor(int most)
{
    return static_cast<std::int16_t>(kNestedOctetMost * 32768 / most); // at most 2033, since a tile's largest four have kNestedMost or nearly
}

inline NestedPart nestedPart(std::size_t tile, float unit, std::int16_t octetMajor)
{
    return {static_cast<std::uint32_t>(tile), 0, unit * 16, unit * (32768.0F / static_cast<float>(octetMajor))};
}

/// Makes a part a far one. Returns the second one, in units of a 16th.
inline NestedPart nestedFarPart(NestedPart& part)
{
    part.far = 1;
    part.octet = 0;
    return {part.tile, 1, part.quad / 16, 0};
}

/// Parts that are added up in the same units: so many at most, and far ones apart from others, which would be little in their units.
constexpr std::size_t kNestedGroup = 64;

/// Calls addGroup(first part, how many).
template <typename AddGroup> void nestedGroups(const NestedCount& count, const AddGroup& addGroup)
{
    for (std::size_t first = 0, next = 0; first < count.all; first = next) {
        const std::size_t end = first < count.far ? count.far : count.all;
        next = end - first < kNestedGroup ? end : first + kNestedGroup;
        addGroup(first, next - first);
    }
}

/// What a group of parts adds to a row: unit times the sum of what its planes add, each its factor times a sum of entries, less what was
/// added to those. The sums are whole numbers below 2^31 then, and taken modulo 2^32 until then.
struct NestedUnit
{
    float unit = 0;
    float inverse = 0;
    unsigned planes = 0;     ///< of the deepest tile; 0: nothing to add
    unsigned quadPlanes = 0; ///< of this many first planes the quads are looked up, of the others the octets

    NestedUnit(const NestedRow& row, const NestedPart* parts, std::size_t count)
    {
        // Entries of a plane and row are at most 1626 in all: eight quads, and .6 times those.
        constexpr float kMostFactors = 1.2e6F; // times 1626 less than 2^31, with what rounding adds
        float sum = 0;
        float most = 0;
        unsigned deepest = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const NestedTile& tile = row.tiles[parts[i].tile];
            const float larger = parts[i].octet > parts[i].quad ? parts[i].octet : parts[i].quad;
            const float value = row.tables->gain[tile.gains[0]] * larger; // no plane has more than the first
            most = value > most ? value : most;
            sum += value * static_cast<float>(tile.planes);
            deepest = tile.planes > deepest ? tile.planes : deepest;
        }
        unit = sum / kMostFactors > most / 32767 ? sum / kMostFactors : most / 32767;
        inverse = 1 / unit;
        planes = unit > kNestedLeast ? deepest : 0;
        // What the first plane's rounding leaves is most of all there is (gains fall by a half from plane to plane), but where there are
        // no more than two it is little beside what those leave of the weights.
        quadPlanes = parts[0].far != 0 ? kNestedPlanes : planes > 2 ? 1 : 0;
    }
    /// What 1 in an entry stands for.
    std::int16_t factor(const NestedRow& row, const NestedPart& part, unsigned plane) const
    {
        const float entry = (plane < quadPlanes ? part.quad : part.octet) * inverse;
        return static_cast<std::int16_t>(row.tables->gain[row.tiles[part.tile].gains[plane]] * entry + 0.5F);
    }
};

/// Of a row of a tile's plane 128 were added by every look-up of a quad, by every second one of an octet; plain planes take eight of them,
/// trellis planes sixteen: 2^kNestedZero, times 2 for quads, by 2 for plain planes.
constexpr unsigned kNestedZero = 10;

/// Of a panel's row and tile; what is too small counts as zero.
inline float nestedPanelUnit(float most)
{
    return most > kNestedLeast ? most / kNestedWhole : 0;
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
