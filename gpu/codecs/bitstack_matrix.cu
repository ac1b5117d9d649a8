#include "gpu/codecs/bitstack_matrix.h"
#include "gpu/kernels/bitstack_decode.cuh"
#include "gpu/kernels/bitstack_product.cuh"
#include "gpu/kernels/launch.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace bs::gpu {

namespace {

constexpr std::size_t kMostBlocks = 1024; ///< of threads, where columns are in parts
/// Weights have no sums of parts to add up: so many blocks of threads a multiprocessor even out.
constexpr std::size_t kRowsBlocksEach = 8;

/// How a kernel cuts a matrix.
struct Cut
{
    std::size_t rows, cols; ///< of a strip, of a piece
    std::size_t mostPieces; ///< of a part
    std::size_t strips(std::size_t of) const { return (of + rows - 1) / rows; }
    std::size_t pieces(std::size_t of) const { return (of + cols - 1) / cols; }
    std::size_t leastParts(std::size_t of) const
    {
        return (pieces(of) + mostPieces - 1) / mostPieces;
    }
    /// Parts for about so many blocks of threads.
    std::size_t parts(std::size_t ofRows, std::size_t ofCols, std::size_t blocks) const
    {
        const std::size_t wanted = std::min(blocks, kMostBlocks) / strips(ofRows);
        return std::clamp(wanted, leastParts(ofCols), pieces(ofCols));
    }
    /// Sums that all parts of a smaller matrix leave at most, for each token.
    std::size_t mostSums(std::size_t ofRows, std::size_t ofCols) const
    {
        const std::size_t blocks = std::max(kMostBlocks, strips(ofRows) * leastParts(ofCols));
        return std::min(blocks, strips(ofRows) * pieces(ofCols)) * rows;
    }
};

constexpr Cut kOne{kBitstackOneRows, kBitstackOneCols, kBitstackOneMostCols / kBitstackOneCols};
constexpr Cut kTokens{kBitstackTileRows, kBitstackTileCols, std::numeric_limits<unsigned>::max()};

Grid gridOf(std::size_t parts, std::size_t strips, std::size_t sharedBytes)
{
    return {dim3(static_cast<unsigned>(parts), static_cast<unsigned>(strips)),
            dim3(kBitstackThreads), sharedBytes};
}

/// Rows of signs begin at multiples of 8 bytes, rows of u at multiples of 4.
bool isWide(const bitstack::Shape& shape)
{
    return shape.cols % 64 == 0 && shape.k % 2 == 0;
}

bool isInPlace(const void* at)
{
    return at != nullptr && reinterpret_cast<std::uintptr_t>(at) % 64 == 0;
}

Result<std::vector<BitstackBlockEntry>> entriesOf(std::span<const bitstack::BlockView> blocks)
{
    std::vector<BitstackBlockEntry> entries;
    for (const bitstack::BlockView& block : blocks) {
        if (!isInPlace(block.sign) || !isInPlace(block.u) || !isInPlace(block.vt))
            return Error{ErrorCode::Usage, "block " + std::to_string(entries.size()) +
                                               " does not lie at a multiple of 64 bytes"};
        entries.push_back({block.sign, block.u, block.vt});
    }
    return entries;
}

} // namespace

Result<BitstackScratch> BitstackScratch::create(std::size_t mostRows, std::size_t mostCols,
                                                const Stream& stream)
{
    BitstackScratch scratch;
    const std::size_t floats = std::max(kOne.mostSums(mostRows, mostCols),
                                        kBitstackMostTokens * kTokens.mostSums(mostRows, mostCols));
    BS_TRY(scratch.m_partial, Buffer::create(floats * sizeof(float), stream));
    const std::size_t strips = std::max(kOne.strips(mostRows), kTokens.strips(mostRows));
    BS_TRY(scratch.m_arrived, Buffer::create(strips * sizeof(unsigned), stream));
    BS_CHECK(fillBytes(scratch.m_arrived.as<void>(), 0, scratch.m_arrived.bytes(), stream));
    return Result<BitstackScratch>(std::move(scratch));
}

float* BitstackScratch::partial(std::size_t floats) const
{
    BS_ASSERT(floats * sizeof(float) <= m_partial.bytes());
    static_cast<void>(floats);
    return m_partial.as<float>();
}

unsigned* BitstackScratch::arrived(std::size_t strips) const
{
    BS_ASSERT(strips * sizeof(unsigned) <= m_arrived.bytes());
    static_cast<void>(strips);
    return m_arrived.as<unsigned>();
}

Result<BitstackMatrix> BitstackMatrix::create(const bitstack::Shape& shape,
                                              std::span<const bitstack::BlockView> deviceBlocks,
                                              std::size_t multiprocessors, const Stream& stream)
{
    if (shape.rows == 0 || shape.cols == 0 || shape.cols % 8 != 0 || shape.k == 0 ||
        shape.k > kBitstackMostRank)
        return Error{ErrorCode::Shape, "a matrix of " + std::to_string(shape.rows) + " x " +
                                           std::to_string(shape.cols) + " and rank " +
                                           std::to_string(shape.k) +
                                           ": columns must be a multiple of 8, and ranks 1 to " +
                                           std::to_string(kBitstackMostRank)};
    BitstackMatrix made;
    made.m_shape = shape;
    made.m_multiprocessors = multiprocessors;
    made.m_view.rows = static_cast<std::uint32_t>(shape.rows);
    made.m_view.cols = static_cast<std::uint32_t>(shape.cols);
    made.m_view.rank = static_cast<std::uint32_t>(shape.k);
    made.m_view.blocks = static_cast<std::uint32_t>(deviceBlocks.size());
    if (deviceBlocks.empty()) return Result<BitstackMatrix>(std::move(made));

    BS_TRY(const std::vector<BitstackBlockEntry> entries, entriesOf(deviceBlocks));
    const std::size_t bytes = entries.size() * sizeof(BitstackBlockEntry);
    BS_TRY(made.m_held, Buffer::create(bytes + entries.size() * 2 * sizeof(float), stream));
    BS_CHECK(copyToDevice(made.m_held.as<void>(), entries.data(), bytes, stream));
    made.m_view.entries = made.m_held.as<const BitstackBlockEntry>();
    made.m_view.most = reinterpret_cast<float*>(made.m_held.as<std::byte>() + bytes);
    BS_CHECK(launch(bitstackMeasure, gridOf(entries.size(), 2, 0), stream, made.m_view));
    return Result<BitstackMatrix>(std::move(made));
}

Result<void> BitstackMatrix::multiplyOne(const float* x, float* y, std::size_t yStride,
                                         const BitstackScratch& scratch, const Stream& stream) const
{
    const std::size_t strips = kOne.strips(m_shape.rows);
    const std::size_t parts =
        kOne.parts(m_shape.rows, m_shape.cols, kBitstackBlocksEach * m_multiprocessors);
    const std::size_t mostPieces = (kOne.pieces(m_shape.cols) + parts - 1) / parts;
    const BitstackProductArguments arguments{
        m_view,
        x,
        1,
        scratch.partial(parts > 1 ? parts * strips * kOne.rows : 0),
        scratch.arrived(strips),
        y,
        yStride};
    const auto start = [&](auto kernel, std::size_t shared) {
        return launchBehind(kernel, gridOf(parts, strips, shared), stream, arguments);
    };
    const bool wide = isWide(m_shape);
    if (m_shape.k <= 8)
        return start(wide ? bitstackProductOne<1, true> : bitstackProductOne<1, false>,
                     bitstackOneShared<1>(mostPieces));
    return start(wide ? bitstackProductOne<2, true> : bitstackProductOne<2, false>,
                 bitstackOneShared<2>(mostPieces));
}

Result<void> BitstackMatrix::multiplyTokens(const float* x, std::size_t n, float* y,
                                            std::size_t yStride, const BitstackScratch& scratch,
                                            const Stream& stream) const
{
    const std::size_t strips = kTokens.strips(m_shape.rows);
    const std::size_t parts =
        kTokens.parts(m_shape.rows, m_shape.cols, kBitstackBlocksEach * m_multiprocessors);
    const BitstackProductArguments arguments{
        m_view,
        x,
        static_cast<std::uint32_t>(n),
        scratch.partial(parts > 1 ? parts * strips * kTokens.rows * n : 0),
        scratch.arrived(strips),
        y,
        yStride};
    const auto start = [&](auto kernel, std::size_t steps) {
        return launchBehind(kernel, gridOf(parts, strips, bitstackTokensShared(steps)), stream,
                            arguments);
    };
    const bool wide = isWide(m_shape);
    if (n <= kBitstackTokens)
        return start(wide ? bitstackProductTokens<1, true> : bitstackProductTokens<1, false>, 1);
    if (n <= 2 * kBitstackTokens)
        return start(wide ? bitstackProductTokens<2, true> : bitstackProductTokens<2, false>, 2);
    return start(wide ? bitstackProductTokens<4, true> : bitstackProductTokens<4, false>, 4);
}

Result<void> BitstackMatrix::multiply(const float* x, std::size_t n, float* y, std::size_t yStride,
                                      const BitstackScratch& scratch, const Stream& stream) const
{
    if (m_view.blocks == 0) {
        for (std::size_t i = 0; i < n; ++i)
            BS_CHECK(fillBytes(y + i * yStride, 0, m_shape.rows * sizeof(float), stream));
        return {};
    }
    for (std::size_t done = 0; done < n;) {
        const std::size_t count = std::min<std::size_t>(n - done, kBitstackMostTokens);
        const float* from = x + done * m_shape.cols;
        float* to = y + done * yStride;
        if (count == 1)
            BS_CHECK(multiplyOne(from, to, yStride, scratch, stream));
        else
            BS_CHECK(multiplyTokens(from, count, to, yStride, scratch, stream));
        done += count;
    }
    return {};
}

Result<void> BitstackMatrix::decodeRows(std::size_t firstRow, std::size_t lastRow, Half* W,
                                        const Stream& stream) const
{
    BS_ASSERT(firstRow <= lastRow && lastRow <= m_shape.rows);
    const std::size_t rows = lastRow - firstRow;
    if (rows == 0) return {};
    if (m_view.blocks == 0) return fillBytes(W, 0, rows * m_shape.cols * sizeof(Half), stream);
    const std::size_t strips = kTokens.strips(rows);
    const std::size_t parts =
        kTokens.parts(rows, m_shape.cols, kRowsBlocksEach * m_multiprocessors);
    const BitstackRowsArguments arguments{m_view, static_cast<std::uint32_t>(firstRow),
                                          static_cast<std::uint32_t>(lastRow), W};
    return launchBehind(isWide(m_shape) ? bitstackDecodeRows<true> : bitstackDecodeRows<false>,
                        gridOf(parts, strips, kBitstackRowsShared), stream, arguments);
}

} // namespace bs::gpu
