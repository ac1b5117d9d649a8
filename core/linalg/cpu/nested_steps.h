#pragma once

// Included by the instruction-set islands: what the tables' products of the nested codec must agree on to the bit.
#include "core/linalg/cpu/nested.h"

namespace bs {

namespace {

constexpr bool nestedIsQuads(NestedKind kind) { return kind == kTrellisQuads || kind == kPlainQuads; }
constexpr bool nestedIsPlain(NestedKind kind) { return kind == kPlainQuads || kind == kPlainOctets; }

/// Where a group's planes begin on the list.
inline std::uint32_t nestedFirstPlane(const NestedRow& row, std::size_t group)
{
    return group > 0 ? row.groups[group - 1].ends[kNestedKinds - 1] : row.firstPlane;
}

/// Calls body(plane, whether it is plain) for those of one of a row's groups.
template <class Body> void nestedEachPlane(const NestedRow& row, std::size_t group, const Body& body)
{
    std::uint32_t i = nestedFirstPlane(row, group);
    for (std::size_t kind = 0; kind < kNestedKinds; ++kind)
        for (; i < row.groups[group].ends[kind]; ++i)
            body(row.planes[i], nestedIsPlain(static_cast<NestedKind>(kind)));
}

/// The same for all of a row's.
template <class Body> void nestedEachPlane(const NestedRow& row, const Body& body)
{
    for (std::size_t group = 0; group < NestedGroups(row.count).count; ++group)
        nestedEachPlane(row, group, body);
}

/// Levels of a plane, in units of its tile.
struct NestedLevel
{
    std::int16_t major, minor; ///< minor: 0 of a plain plane

    NestedLevel(const NestedRow& row, const NestedPlane& plane, bool plain)
    {
        const unsigned below = static_cast<unsigned>(row.tiles[plane.tile].gain) - plane.gain;
        major = row.tables->major[below];
        minor = plain ? std::int16_t{0} : row.tables->minor[below];
    }
};

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

inline float nestedLarger(float a, float b)
{
    return a > b ? a : b;
}

/// Octets' factor where the largest sum of eight magnitudes is `most` units.
inline std::int16_t nestedOctetMajor(int most)
{
    return static_cast<std::int16_t>(kNestedOctetMost * 32768 / most); // at most 2033, since a tile's largest four have kNestedMost or nearly
}

/// Stores a tile's tables, given its largest sum of eight magnitudes; returns the octets' factor.
template <class TileSums> std::int16_t nestedStore(const TileSums& sums, int largestOfEight, bool far, std::uint8_t* entries)
{
    const std::int16_t octet = nestedOctetMajor(largestOfEight);
    sums.storeQuads(entries);
    if (far)
        sums.storeRests(entries + 2 * kNestedStrip);
    else
        sums.storeOctets(entries + 2 * kNestedStrip, octet);
    return octet;
}

/// The steps of nestedPrepare. mostOf(x) is the largest sum of four neighbours' magnitudes of a tile; fill(x, unit, far, entries) makes
/// its tables and returns its octets' factor.
template <typename MostOf, typename Fill> void nestedPrepare(const float* x, NestedX& to, const MostOf& mostOf, const Fill& fill)
{
    float sum = 0;
    float some = 0;
    for (std::size_t t = 0; t < to.tiles; ++t) {
        const float most = mostOf(x + t * kNestedCols);
        const float unit = most > kNestedLeast ? most / kNestedMost : 0;
        to.quad[t] = unit;
        sum += unit * unit;
        some += unit > 0 ? 1.0F : 0.0F;
    }
    const float limit = kNestedFar * kNestedFar * sum / some; // of nothing: unused
    to.farCount = 0;
    const NestedGroups groups(to.tiles);
    for (std::size_t g = 0; g < groups.count; ++g) {
        to.most[g] = 0;
        for (std::size_t t = groups.first(g); t < groups.first(g + 1); ++t) {
            const float unit = to.quad[t];
            const bool far = unit * unit > limit;
            to.octet[t] = 0;
            to.quad[t] = 0;
            if (!(unit > 0))
                continue;
            const std::int16_t octetMajor = fill(x + t * kNestedCols, unit, far, to.entries + t * kNestedEntries);
            if (far) {
                to.far[to.farCount++] = {static_cast<std::uint32_t>(t), unit * 16};
                continue;
            }
            to.quad[t] = unit * 16;
            to.octet[t] = unit * (32768.0F / static_cast<float>(octetMajor));
            to.most[g] = nestedLarger(to.most[g], to.octet[t]);
        }
    }
}

/// Units of a sum of planes, each its factor (16 bits) times a sum of entries, for the sum to stay below 2^31: for entries of
/// a plane and row are at most 1626 in all, eight quads and .6 times those. `most` is the largest step of a plane's entries, `sum` that of all planes.
inline float nestedUnit(float most, float sum)
{
    constexpr float kMostFactors = 1.2e6F; // times 1626 less than 2^31, with what rounding adds
    return nestedLarger(sum / kMostFactors, most / 32767);
}

inline std::int16_t nestedFactor(float gain, float entry, float inverse)
{
    return static_cast<std::int16_t>(gain * (entry * inverse) + 0.5F);
}

/// Of a row of a tile's plane 128 were added by every look-up of a quad, by every second one of an octet; plain planes take eight of them,
/// trellis planes sixteen.
inline std::uint32_t nestedZero(bool quads, bool plain)
{
    return 1U << (10U + (quads ? 1U : 0U) - (plain ? 1U : 0U));
}

/// Planes are asked for twice: far ahead into the second level's cache, which can wait for more lines than the first one (whose two dozen or
/// so are all that a core would ever read at once), then from there.
constexpr std::size_t kNestedSoon = 4;

// Without always_inline GCC leaves out calls of what does nothing but this.
template <int locality> [[gnu::always_inline]] inline void nestedAsk(const std::uint8_t* bytes, const NestedPlane& plane)
{
    for (std::size_t line = 0; line < 4; ++line)
        __builtin_prefetch(bytes + (std::size_t{plane.at} + line) * 64, 0, locality);
}

/// Adds planes of one kind to sums, which have add<quads, plain>(plane, entries, factor). Returns what 128 added to entries comes to.
template <NestedKind kind, class Sums> std::uint32_t nestedAddKind(const NestedRow& row, const NestedX& x, std::size_t first, std::size_t end, float inverse, Sums& sums)
{
    constexpr bool quads = nestedIsQuads(kind);
    constexpr bool plain = nestedIsPlain(kind);
    const float* const steps = quads ? x.quad : x.octet;
    std::uint32_t factors = 0;
    for (std::size_t i = first; i < end; ++i) {
        nestedAsk<2>(row.bytes, row.planes[i + kNestedAhead]);
        nestedAsk<3>(row.bytes, row.planes[i + kNestedSoon]);
        const NestedPlane& plane = row.planes[i];
        const std::int16_t factor = nestedFactor(row.tables->gain[plane.gain], steps[plane.tile], inverse);
        sums.template add<quads, plain>(row.bytes + std::size_t{plane.at} * 64, x.entries + plane.tile * kNestedEntries + (quads ? 0 : 2 * kNestedStrip), factor);
        factors += static_cast<std::uint32_t>(factor);
    }
    return factors * nestedZero(quads, plain);
}

/// Adds to y [64] what a group's far tiles have, in units of their own: all others would be little in those.
template <class Sums> void nestedAddFar(const NestedRow& row, std::size_t group, const NestedFar* first, const NestedFar* end, const NestedX& x, float* y)
{
    const float* const gain = row.tables->gain;
    float most = 0;
    float sum = 0;
    for (const NestedFar* far = first; far < end; ++far) {
        const NestedTile& tile = row.tiles[far->tile];
        const float value = gain[tile.gain] * far->quad;
        most = tile.planes > 0 ? nestedLarger(most, value) : most;
        sum += value * static_cast<float>(2 * tile.planes);
    }
    const float unit = nestedUnit(most, sum);
    if (!(unit > kNestedLeast))
        return;
    Sums sums;
    std::uint32_t zero = 0;
    for (const NestedFar* far = first; far < end; ++far)
        nestedEachPlane(row, group, [&](const NestedPlane& plane, bool plain) {
            if (plane.tile != far->tile)
                return;
            const std::uint8_t* const bytes = row.bytes + std::size_t{plane.at} * 64;
            for (std::size_t rest = 0; rest < 2; ++rest) {
                const std::uint8_t* const entries = x.entries + far->tile * kNestedEntries + rest * 2 * kNestedStrip;
                const std::int16_t factor = nestedFactor(gain[plane.gain], rest == 0 ? far->quad : far->quad / 16, 1 / unit);
                plain ? sums.template add<true, true>(bytes, entries, factor) : sums.template add<true, false>(bytes, entries, factor);
                zero += static_cast<std::uint32_t>(factor) * nestedZero(true, plain);
            }
        });
    sums.flush(unit, zero, y);
}

/// nestedProduct with a table's Sums: of 64 rows, whole numbers modulo 2^32. flush(unit, zero, y) adds unit * (sums - zero) to y.
template <class Sums> void nestedProduct(const NestedRow& row, std::size_t group, const NestedX& x, float* y)
{
    for (std::size_t i = 0; i < kNestedRows; ++i)
        y[i] = 0;
    const NestedGroup& of = row.groups[group];
    const float unit = nestedUnit(of.most * x.most[group], of.sum * x.most[group]);
    if (unit > kNestedLeast) {
        const std::uint32_t* const ends = of.ends;
        const float inverse = 1 / unit;
        Sums sums;
        std::uint32_t zero = nestedAddKind<kTrellisQuads>(row, x, nestedFirstPlane(row, group), ends[0], inverse, sums);
        zero += nestedAddKind<kPlainQuads>(row, x, ends[0], ends[1], inverse, sums);
        zero += nestedAddKind<kTrellisOctets>(row, x, ends[1], ends[2], inverse, sums);
        zero += nestedAddKind<kPlainOctets>(row, x, ends[2], ends[3], inverse, sums);
        sums.flush(unit, zero, y);
    }
    const NestedGroups groups(row.count);
    const NestedFar* const farEnd = x.far + x.farCount;
    const NestedFar* from = x.far;
    while (from < farEnd && from->tile < groups.first(group))
        ++from;
    const NestedFar* to = from;
    while (to < farEnd && to->tile < groups.first(group + 1))
        ++to;
    nestedAddFar<Sums>(row, group, from, to, x, y);
}

/// Of a panel's row and tile; what is too small counts as zero.
inline float nestedPanelUnit(float most)
{
    return most > kNestedLeast ? most / kNestedWhole : 0;
}

/// A row's weights before any sign counts: of each tile the sum of its planes' levels. For kNestedMostTiles.
inline void nestedStart(const NestedRow& row, std::int16_t* sums)
{
    for (std::size_t t = 0; t < row.count; ++t)
        sums[t] = 0;
    nestedEachPlane(row, [&](const NestedPlane& plane, bool plain) {
        const NestedLevel level(row, plane, plain);
        sums[plane.tile] = static_cast<std::int16_t>(sums[plane.tile] + level.major + level.minor);
    });
}

} // namespace

} // namespace bs
