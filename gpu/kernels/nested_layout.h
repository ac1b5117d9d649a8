#pragma once

#include "gpu/kernels/cuda.h"

namespace bs::gpu {

// What the kernels of codec `nested` see of a matrix (core/codecs/nested/layout.h tells what its
// parts are).

inline constexpr uint32_t kNestedTileRows = 64;
inline constexpr uint32_t kNestedTileCols = 32;
inline constexpr uint32_t kNestedPlaneBytes = 256;
inline constexpr float kNestedMinor =
    0.6F; ///< level of a trellis plane's own signs, as a share of its products'
inline constexpr float kNestedMost = 32766.0F; ///< x times gain in steps: 16 bits
inline constexpr uint32_t kNestedStrip = 8;    ///< planes that are multiplied together

/// Where row r of a plane, a word of 32 columns, lies on the device, in bytes.
__device__ inline unsigned placeOf(unsigned row)
{
    return row % 8 / 4 * 128 + row / 8 * 16 + row % 4 * 4;
}

struct NestedListEntry ///< NestedPlane of core/linalg/cpu/nested.h
{
    uint32_t at;     ///< where the plane begins, in units of 64 bytes
    uint16_t tile;   ///< of its part's columns
    uint8_t gain;    ///< times 2^((gain - 128) / 8)
    uint8_t filling; ///< 1: counts nothing, fills up a strip; place and tile are another one's
};

/// The planes of a row of tiles, and of the tiles in some of its columns: both kinds in strips.
struct NestedListPart
{
    uint32_t begin, plainEnd, end; ///< on the list
    uint16_t firstTile, tiles;
    float mostGain;
};

struct NestedOutlierEntry
{
    uint32_t col; ///< in the codec's order, of the part's columns
    float value;
};

struct NestedMatrixView
{
    uint32_t rows, cols, tileRows, tileCols;
    const uint32_t* rowOrder;           ///< [rows] of y
    const float* rowScale;              ///< [rows] in the codec's order
    const uint32_t* colOrder;           ///< [cols] of x
    const float* colScale;              ///< [cols]
    const NestedOutlierEntry* outliers; ///< by row of tiles, part and row
    const uint32_t* outlierEnds;        ///< [tileRows * parts * 64 + 1] where those of each begin
};

/// 32 columns of x, column 8 o + 4 h + c at values[h][o][c]: lanes that read four of each octet of
/// four tiles find them in different banks.
struct alignas(16) NestedInputTile
{
    float values[2][4][4];
    float most; ///< largest magnitude; not finite if one is not
    float sum;
    float unused[6];
};
static_assert(sizeof(NestedInputTile) == 160);

/// Where a matrix's planes are listed.
struct NestedListing
{
    const NestedListEntry* entries;
    const NestedListPart* parts; ///< [tileRows, count]
    uint32_t count;
    const uint8_t* bytes; ///< base of NestedListEntry::at
};

/// Some rows of a matrix that is cut into slabs: what one of them holds.
struct NestedRowSource
{
    NestedMatrixView matrix;
    NestedListing list;       ///< entries nullptr: zeros
    const uint32_t* rowPlace; ///< [rows] where a row stands in the codec's order
    uint32_t firstRow;
};

struct NestedProductArguments
{
    NestedMatrixView matrix;
    const NestedInputTile* input; ///< [tokens, tileCols], as nestedPrepare leaves it
    const NestedListEntry* list;
    const NestedListPart* parts; ///< [tileRows, parts]
    const uint8_t* bytes;        ///< base of NestedListEntry::at
    float* partial;              ///< [parts, tokens, 64 tileRows], if there is more than one part
    unsigned* arrived;           ///< [tileRows] zeros
    float* y;                    ///< [tokens, yStride]
    std::size_t yStride;
};

/// Products of short prompts: tokens of an instruction of the matrix units, and of a launch at most.
inline constexpr uint32_t kNestedBatchStep = 8;
inline constexpr uint32_t kNestedBatchTokens = 32;

struct NestedBatchArguments
{
    NestedMatrixView matrix;
    NestedListing list;
    float factor;       ///< of the weights, which brings them into f16's range
    const Half* x;      ///< [tokens, 32 tileCols], as scaledHalves leaves it
    const float* scale; ///< of the result
    uint32_t tokens;    ///< 1 to kNestedBatchTokens
    float* partial;     ///< [parts, tokens, 64 tileRows], if there is more than one part
    unsigned* arrived;  ///< [tileRows] zeros
    float* y;           ///< [tokens, yStride]
    std::size_t yStride;
};

} // namespace bs::gpu
