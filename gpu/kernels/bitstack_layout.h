#pragma once

#include "gpu/kernels/cuda.h"

namespace bs::gpu {

// What the kernels of codec `bitstack` see of a matrix (core/codecs/bitstack/layout.h tells what
// its parts are): blocks lie on the device as they are published, nothing is put in another order.

inline constexpr uint32_t kBitstackWarps = 8; ///< of a block of threads, of both kernels
inline constexpr uint32_t kBitstackThreads = 32 * kBitstackWarps;

/// One token: a warp has 32 rows, so that what it reads of P serves two tiles of the matrix units.
inline constexpr uint32_t kBitstackOneRows = 32 * kBitstackWarps;
/// .. and 256 columns at a time: a sector of each row's signs, 8 bytes a lane.
inline constexpr uint32_t kBitstackOneCols = 256;
/// .. and so many of these a stage: with 16 ranks, 32 KiB of P, and as much for the next stage.
inline constexpr uint32_t kBitstackOneStage = 4;
/// .. and at most so many columns a block of threads, whose x is held in 17 KiB.
inline constexpr uint32_t kBitstackOneMostCols = 4096;

/// Several tokens, or weights in f16: a warp has 16 rows, and 64 columns at a time.
inline constexpr uint32_t kBitstackTileRows = 16 * kBitstackWarps;
inline constexpr uint32_t kBitstackTileCols = 64;
/// Pieces of vt (64 columns, 16 ranks) that are held at a time, 2 KiB each.
inline constexpr uint32_t kBitstackSlots = 12;
inline constexpr uint32_t kBitstackTokens = 8; ///< columns of an instruction of the matrix units
inline constexpr uint32_t kBitstackMostTokens = 32; ///< of a launch

struct BitstackBlockEntry
{
    const uint8_t* sign; ///< [rows, cols / 8], MSB first; at a multiple of 64 bytes, as u and vt
    const uint16_t* u;   ///< [rows, rank] f16
    const uint16_t* vt;  ///< [rank, cols] f16
};

struct BitstackMatrixView
{
    uint32_t rows, cols, rank, blocks;
    const BitstackBlockEntry* entries; ///< [blocks]
    float* most;                       ///< [blocks, 2] largest magnitude in u and in vt
};

struct BitstackProductArguments
{
    BitstackMatrixView matrix;
    const float* x;    ///< [tokens, cols]
    uint32_t tokens;   ///< 1 to kBitstackMostTokens
    float* partial;    ///< [parts, strips of rows, tokens, rows], if there is more than one part
    unsigned* arrived; ///< [strips] zeros
    float* y;          ///< [tokens, yStride]
    std::size_t yStride;
};

struct BitstackRowsArguments
{
    BitstackMatrixView matrix;
    uint32_t firstRow, lastRow;
    Half* W; ///< [lastRow - firstRow, cols]
};

} // namespace bs::gpu
