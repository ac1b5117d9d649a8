#pragma once

// Included by the instruction-set islands: fixed-width types only.
#include <cstddef>
#include <cstdint>

namespace bs {

/// Products from the planes of the nested codec (core/codecs/nested/layout.h has the layout of a plane). A tile is 64 rows x 32
/// columns; its weights are scale * (32 * coarse + 8 * fine + finest), each of the three a sum of levels of planes.
inline constexpr std::size_t kNestedRows = 64;
inline constexpr std::size_t kNestedCols = 32;
inline constexpr unsigned kNestedPlanes = 8;
inline constexpr unsigned kNestedGains = 32;

/// Tiles whose x is rounded to 8 bits in the same steps: side by side, until they have this many planes. So x is finer where the
/// weights are, and what a group costs at its end stays a small part.
inline constexpr std::size_t kNestedGroup = 16;

/// What a tile begins with: a plane of one bit a weight or of two.
enum class NestedBase : std::uint8_t { One, Two };

/// A tile as far as it is loaded.
struct NestedTile
{
    NestedBase base = NestedBase::One;
    std::uint8_t planes = 0;                     ///< loaded
    std::uint8_t firstGain = 0;                  ///< of plane 0
    std::uint8_t gains[kNestedPlanes - 1] = {};  ///< of planes 1, 2, ..
    std::uint32_t at[kNestedPlanes] = {};        ///< where each plane begins, in units of 64 bytes
};

/// Levels as the kernels look them up: by four neighbouring bits as they lie in a plane's bytes, the oldest lowest. The first plane of
/// each of the three sums has kNestedZero added, so that every sum is in 0 .. 127.
struct NestedTables
{
    alignas(32) std::uint8_t levels[2][kNestedPlanes][kNestedGains][16];
    /// Of a tile with one plane of one bit: kNestedZeroSingle added, so that all are in 0 .. 64.
    alignas(32) std::uint8_t single[16];
    float scale[256]; ///< by firstGain
    std::uint8_t plainGain; ///< index of the first plane's tables in levels
};
inline constexpr int kNestedZero = 64;
inline constexpr int kNestedZeroSingle = 32;

/// One row of tiles and what it is multiplied by.
struct NestedRow
{
    const NestedTables* tables = nullptr;
    const std::uint8_t* bytes = nullptr; ///< base of NestedTile::at
    const NestedTile* tiles = nullptr;
    std::size_t count = 0;               ///< of tiles
    std::size_t following = 0;           ///< tiles behind these that are likely to be next
};

/// y [64] = the row's weights times x [32 * count], in whole numbers but for the scales: of a group of tiles (kNestedGroup) each
/// scale * x is rounded to -127 .. 127 steps of the group's largest. most [count] = largest magnitude of x in each tile, finite.
void scalarNestedProduct(const NestedRow& row, const float* x, const float* most, float* y);
void avx2NestedProduct(const NestedRow& row, const float* x, const float* most, float* y);

/// W [64, 32 * count] = the row's weights.
void scalarNestedDecode(const NestedRow& row, float* W);
void avx2NestedDecode(const NestedRow& row, float* W);

} // namespace bs
