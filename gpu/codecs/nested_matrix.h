#pragma once

#include "core/codecs/nested/block.h"
#include "gpu/device/runtime.h"
#include "gpu/kernels/nested_layout.h"
#include "gpu/ops/scaled_halves.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bs::gpu {

/// Rows of tiles are shared by more than one block of threads where the card would not be full: so
/// many of a product run at once on a multiprocessor. More parts than fit take longer: 17 us for 11
/// where 224 rows of tiles met 132 multiprocessors (14336 x 4096, 2 bits, H200).
inline constexpr std::size_t kNestedBlocksEach = 2;
/// A part has at least so many tiles, for what a block begins and ends with to be worth it.
inline constexpr std::size_t kNestedLeastTiles = 8;

/// Parts of a row of tiles for a matrix on a card with so many multiprocessors.
std::size_t nestedParts(const nested::Shape& shape, std::size_t multiprocessors);

/// What products take beside the matrix: room for x in the codec's order, and for sums. One for all
/// matrices of a stream.
class NestedScratch
{
public:
    /// For matrices of at most so many columns and rows, and sums (NestedMatrix::batchSums). Errors:
    /// Memory.
    static Result<NestedScratch> create(std::size_t mostRows, std::size_t mostCols,
                                        std::size_t mostBatchSums, const Stream& stream);
    NestedInputTile* input(std::size_t tiles) const;
    float* partial(std::size_t floats) const;
    unsigned* arrived() const { return m_arrived.as<unsigned>(); }

private:
    Buffer m_tiles, m_partial, m_arrived;
};

/// Tokens that one product takes at most; more are taken in turn.
inline constexpr std::size_t kNestedTokens = 2;

/// A nested matrix on the device: what is small is held here, planes lie in memory that the caller
/// holds.
class NestedMatrix
{
public:
    NestedMatrix() = default;
    /// `matrix` as on the host; `bytes`: where its base lies on the device, planes put in order by
    /// placePlanes. `parts`: nestedParts. Errors: Memory.
    static Result<NestedMatrix> create(const nested::Matrix& matrix, const void* bytes,
                                       std::size_t parts, const Stream& stream);

    /// y [n, yStride] = x [n, cols] f32 times the transposed matrix: rows of y in [0, rows). A NaN
    /// or infinity in a row of x gives nothing finite.
    Result<void> multiply(const float* x, std::size_t n, float* y, std::size_t yStride,
                          const NestedScratch& scratch, const Stream& stream) const;

    /// The same for up to kNestedBatchTokens tokens, whose x `x` has as inputColumns() and
    /// decodedScale() say. Not of an empty one.
    Result<void> multiplyBatch(const HalvesRoom& x, std::size_t n, float* y, std::size_t yStride,
                               const NestedScratch& scratch, const Stream& stream) const;
    /// Sums that its parts leave for each token of that.
    std::size_t batchSums() const;
    /// W [rows, 32 tileCols] f16, whose products with x as inputColumns() has it, times
    /// decodedScale(), are those of the matrix. Not of an empty one.
    Result<void> decode(Half* W, const Stream& stream) const;
    HalvesColumns inputColumns() const;
    float decodedScale() const { return 1.0F / m_decodeFactor; }
    /// For nestedRows: rows of it from `firstRow` on.
    NestedRowSource rowSource(std::size_t firstRow) const;

    bool empty() const { return m_list == nullptr; }
    const NestedMatrixView& view() const { return m_view; }
    std::uint64_t heldBytes() const { return m_held.bytes(); }

private:
    NestedListing listing() const;
    template <int kTokens>
    Result<void> multiplyTokens(const float* x, float* y, std::size_t yStride,
                                const NestedScratch& scratch, const Stream& stream) const;

    Buffer m_held; ///< all arrays of the view and of the list, one behind the other
    NestedMatrixView m_view{};
    const NestedListEntry* m_list = nullptr;
    const NestedListPart* m_partList = nullptr;
    const std::uint32_t* m_rowPlace = nullptr;
    const std::uint8_t* m_bytes = nullptr;
    std::size_t m_parts = 1;
    float m_decodeFactor = 1;    ///< a power of two that brings weights into f16's range
    std::size_t m_mostTiles = 0; ///< of a part
};

/// Rows of a matrix that is cut into slabs: out [n, cols] f32 for tokens [n], all on the device;
/// `slabs` [slabCount] by firstRow, of `cols` columns all.
Result<void> rowsOf(const NestedRowSource* slabs, std::size_t slabCount, std::size_t cols,
                    const std::int32_t* tokens, std::size_t n, float* out, const Stream& stream);

/// Puts `count` planes from `planes` on in the order that products want; to be done once, after the
/// bytes were copied there.
Result<void> placePlanes(void* planes, std::size_t count, const Stream& stream);

} // namespace bs::gpu
