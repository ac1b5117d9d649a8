#pragma once

#include "core/codecs/bitstack/layout.h"
#include "gpu/device/runtime.h"
#include "gpu/kernels/bitstack_layout.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace bs::gpu {

/// Strips of rows are shared by more than one block of threads where the card would not be full: so
/// many of a product run at once on a multiprocessor.
inline constexpr std::size_t kBitstackBlocksEach = 2;
inline constexpr std::size_t kBitstackMostRank = 64;

/// What products take beside the matrix: room for the sums of parts. One for all matrices of a
/// stream.
class BitstackScratch
{
public:
    /// For matrices of at most so many rows and columns. Errors: Memory.
    static Result<BitstackScratch> create(std::size_t mostRows, std::size_t mostCols,
                                          const Stream& stream);
    float* partial(std::size_t floats) const;
    unsigned* arrived(std::size_t strips) const;

private:
    Buffer m_partial, m_arrived;
};

/// The sum of a matrix's blocks on the device. Blocks stay where the caller holds them, in the
/// order in which they are published.
class BitstackMatrix
{
public:
    BitstackMatrix() = default;
    /// `deviceBlocks` point into device memory: sign, u and vt at multiples of 64 bytes. No block:
    /// W = 0. Their largest values are looked for, in the order of the stream. Errors: Shape (cols
    /// not a multiple of 8, k not in 1 .. 64), Usage (a block's place), Memory.
    static Result<BitstackMatrix> create(const bitstack::Shape& shape,
                                         std::span<const bitstack::BlockView> deviceBlocks,
                                         std::size_t multiprocessors, const Stream& stream);

    /// y [n, yStride] = x [n, cols] f32 times the transposed matrix: rows of y in [0, rows). x lies
    /// at a multiple of 16 bytes. A NaN or infinity in a row of x gives nothing finite in its row
    /// of y (zeros if there is no block). Errors: Internal.
    Result<void> multiply(const float* x, std::size_t n, float* y, std::size_t yStride,
                          const BitstackScratch& scratch, const Stream& stream) const;

    /// W [lastRow - firstRow, cols] f16 on the device, at a multiple of 16 bytes: those rows of the
    /// sum, which is in f32, rounded. Errors: Internal.
    Result<void> decodeRows(std::size_t firstRow, std::size_t lastRow, Half* W,
                            const Stream& stream) const;

    const bitstack::Shape& shape() const { return m_shape; }
    std::uint64_t heldBytes() const { return m_held.bytes(); }

private:
    Result<void> multiplyOne(const float* x, float* y, std::size_t yStride,
                             const BitstackScratch& scratch, const Stream& stream) const;
    Result<void> multiplyTokens(const float* x, std::size_t n, float* y, std::size_t yStride,
                                const BitstackScratch& scratch, const Stream& stream) const;

    bitstack::Shape m_shape;
    std::size_t m_multiprocessors = 1;
    Buffer m_held; ///< the view's entries, and behind them what it says of their largest values
    BitstackMatrixView m_view{};
};

} // namespace bs::gpu
