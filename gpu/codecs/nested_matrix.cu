#include "core/linalg/cpu/nested_steps.h"
#include "gpu/codecs/nested_matrix.h"
#include "gpu/kernels/launch.h"
#include "gpu/kernels/nested_batch.cuh"
#include "gpu/kernels/nested_product.cuh"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace bs::gpu {

namespace {

constexpr int kWarps = 8;
constexpr std::size_t kMostParts = 16;
/// Of a block's shared memory for x: the smallest cards have 99 KiB, the kernel's own among it.
constexpr std::size_t kMostShared = 92 * 1024;

/// Planes on the host in the order of the device's list: by row of tiles, part and kind, each kind
/// filled up to strips.
struct List
{
    std::vector<NestedListEntry> entries;
    std::vector<NestedListPart> parts;

    void add(const std::vector<NestedListEntry>& planes)
    {
        entries.insert(entries.end(), planes.begin(), planes.end());
        while (entries.size() % kNestedStrip != 0) {
            NestedListEntry filling = entries.back();
            filling.filling = 1;
            entries.push_back(filling);
        }
    }
};

List listOf(const nested::Matrix& matrix, std::size_t parts)
{
    const std::size_t tileCols = matrix.shape.tileCols();
    List list;
    for (std::size_t row = 0; row < matrix.shape.tileRows(); ++row) {
        std::vector<std::array<std::vector<NestedListEntry>, 2>> planes(parts); // trellis, plain
        nestedEachPlane(matrix.row(row), [&](const NestedPlane& plane, bool plain) {
            const std::size_t part = (std::size_t{plane.tile} * parts + parts - 1) / tileCols;
            const std::size_t first = part * tileCols / parts;
            planes[part][plain ? 1 : 0].push_back(
                {plane.at, static_cast<std::uint16_t>(plane.tile - first), plane.gain, 0});
        });
        for (std::size_t part = 0; part < parts; ++part) {
            NestedListPart of{};
            const std::size_t first = part * tileCols / parts;
            of.firstTile = static_cast<std::uint16_t>(first);
            of.tiles = static_cast<std::uint16_t>((part + 1) * tileCols / parts - first);
            of.begin = static_cast<std::uint32_t>(list.entries.size());
            list.add(planes[part][1]);
            of.plainEnd = static_cast<std::uint32_t>(list.entries.size());
            list.add(planes[part][0]);
            of.end = static_cast<std::uint32_t>(list.entries.size());
            for (std::size_t i = of.begin; i < of.end; ++i)
                of.mostGain = std::max(of.mostGain, nested::gainOf(list.entries[i].gain));
            list.parts.push_back(of);
        }
    }
    return list;
}

struct Outliers
{
    std::vector<NestedOutlierEntry> entries;
    std::vector<std::uint32_t> ends{0};
};

Outliers outliersOf(const nested::Matrix& matrix, std::size_t parts)
{
    const std::size_t tileCols = matrix.shape.tileCols();
    Outliers outliers;
    std::vector<std::vector<NestedOutlierEntry>> sorted(parts * nested::kTileRows);
    for (std::size_t row = 0; row < matrix.shape.tileRows(); ++row) {
        for (auto& of : sorted)
            of.clear();
        for (std::size_t i = matrix.firstOutlier[row]; i < matrix.firstOutlier[row + 1]; ++i) {
            const nested::Outlier& outlier = matrix.outliers[i];
            const std::size_t part =
                (outlier.col / nested::kTileCols * parts + parts - 1) / tileCols;
            sorted[part * nested::kTileRows + outlier.row % nested::kTileRows].push_back(
                {static_cast<std::uint32_t>(outlier.col -
                                            part * tileCols / parts * nested::kTileCols),
                 outlier.value});
        }
        for (const auto& of : sorted) {
            outliers.entries.insert(outliers.entries.end(), of.begin(), of.end());
            outliers.ends.push_back(static_cast<std::uint32_t>(outliers.entries.size()));
        }
    }
    return outliers;
}

/// Arrays of different kinds, one behind the other, each at a multiple of 256 bytes.
class Packed
{
public:
    template <class T>
    std::size_t add(const std::vector<T>& values)
    {
        const std::size_t at = (m_bytes.size() + 255) / 256 * 256;
        m_bytes.resize(at + values.size() * sizeof(T));
        if (!values.empty())
            std::memcpy(m_bytes.data() + at, values.data(), values.size() * sizeof(T));
        return at;
    }
    const std::vector<std::byte>& bytes() const { return m_bytes; }

private:
    std::vector<std::byte> m_bytes;
};

/// Sums of up to nine planes and outliers, times it, stay below 2^15.
float decodeFactorOf(const nested::Matrix& matrix, const List& list)
{
    float most = 0;
    for (const NestedListPart& part : list.parts)
        most = std::max(most, part.mostGain);
    for (const nested::Outlier& outlier : matrix.outliers)
        most = std::max(most, std::abs(outlier.value));
    most *= *std::max_element(matrix.rowScale.begin(), matrix.rowScale.end());
    if (!(most > 1e-30F)) return 1.0F;
    return std::exp2(static_cast<float>(10 - std::ilogb(most)));
}

} // namespace

std::size_t nestedParts(const nested::Shape& shape, std::size_t multiprocessors)
{
    const std::size_t wanted =
        kNestedBlocksEach * multiprocessors / std::max<std::size_t>(shape.tileRows(), 1);
    const std::size_t most =
        std::min(std::max<std::size_t>(shape.tileCols() / kNestedLeastTiles, 1), kMostParts);
    const std::size_t least =
        (shape.tileCols() * sizeof(NestedInputTile) + kMostShared - 1) / kMostShared;
    return std::max(std::clamp<std::size_t>(wanted, 1, most), std::min(least, kMostParts));
}

Result<NestedScratch> NestedScratch::create(std::size_t mostRows, std::size_t mostCols,
                                            std::size_t mostBatchSums, const Stream& stream)
{
    const nested::Shape shape{mostRows, mostCols};
    NestedScratch scratch;
    const std::size_t tiles = kNestedTokens * shape.tileCols();
    BS_TRY(scratch.m_tiles, Buffer::create(tiles * sizeof(NestedInputTile), stream));
    const std::size_t sums =
        std::max(kMostParts * kNestedTokens * shape.tileRows() * kNestedTileRows,
                 kNestedBatchTokens * mostBatchSums);
    BS_TRY(scratch.m_partial, Buffer::create(sums * sizeof(float), stream));
    BS_TRY(scratch.m_arrived, Buffer::create(shape.tileRows() * sizeof(unsigned), stream));
    BS_CHECK(fillBytes(scratch.m_arrived.as<void>(), 0, scratch.m_arrived.bytes(), stream));
    return Result<NestedScratch>(std::move(scratch));
}

NestedInputTile* NestedScratch::input(std::size_t tiles) const
{
    BS_ASSERT(tiles * sizeof(NestedInputTile) <= m_tiles.bytes());
    static_cast<void>(tiles);
    return m_tiles.as<NestedInputTile>();
}

float* NestedScratch::partial(std::size_t floats) const
{
    BS_ASSERT(floats * sizeof(float) <= m_partial.bytes());
    static_cast<void>(floats);
    return m_partial.as<float>();
}

Result<NestedMatrix> NestedMatrix::create(const nested::Matrix& matrix, const void* bytes,
                                          std::size_t parts, const Stream& stream)
{
    const nested::Shape& shape = matrix.shape;
    NestedMatrix made;
    made.m_parts = parts;
    made.m_view.rows = static_cast<std::uint32_t>(shape.rows);
    made.m_view.cols = static_cast<std::uint32_t>(shape.cols);
    made.m_view.tileRows = static_cast<std::uint32_t>(shape.tileRows());
    made.m_view.tileCols = static_cast<std::uint32_t>(shape.tileCols());
    made.m_bytes = static_cast<const std::uint8_t*>(bytes);
    if (matrix.empty()) return Result<NestedMatrix>(std::move(made));

    std::vector<float> rowScale(shape.rows);
    for (std::size_t i = 0; i < shape.rows; ++i)
        rowScale[i] = matrix.rowScale[matrix.rowOrder[i]];
    const List list = listOf(matrix, parts);
    for (const NestedListPart& part : list.parts)
        made.m_mostTiles = std::max<std::size_t>(made.m_mostTiles, part.tiles);
    const Outliers outliers = outliersOf(matrix, parts);
    Packed packed;
    const std::size_t rowOrder =
        packed.add(std::vector<std::uint32_t>(matrix.rowOrder.begin(), matrix.rowOrder.end()));
    const std::size_t colOrder =
        packed.add(std::vector<std::uint32_t>(matrix.colOrder.begin(), matrix.colOrder.end()));
    const std::size_t rowPlace =
        packed.add(std::vector<std::uint32_t>(matrix.rowPlace.begin(), matrix.rowPlace.end()));
    const std::size_t rowScales = packed.add(rowScale);
    const std::size_t colScales = packed.add(matrix.colScale);
    const std::size_t entries = packed.add(list.entries);
    const std::size_t partList = packed.add(list.parts);
    const std::size_t outlierEntries = packed.add(outliers.entries);
    const std::size_t outlierEnds = packed.add(outliers.ends);
    BS_TRY(made.m_held, Buffer::create(packed.bytes().size(), stream));
    BS_CHECK(
        copyToDevice(made.m_held.as<void>(), packed.bytes().data(), packed.bytes().size(), stream));

    const auto* held = made.m_held.as<std::byte>();
    made.m_view.rowOrder = reinterpret_cast<const std::uint32_t*>(held + rowOrder);
    made.m_view.colOrder = reinterpret_cast<const std::uint32_t*>(held + colOrder);
    made.m_view.rowScale = reinterpret_cast<const float*>(held + rowScales);
    made.m_view.colScale = reinterpret_cast<const float*>(held + colScales);
    made.m_view.outliers = reinterpret_cast<const NestedOutlierEntry*>(held + outlierEntries);
    made.m_view.outlierEnds = reinterpret_cast<const std::uint32_t*>(held + outlierEnds);
    made.m_decodeFactor = decodeFactorOf(matrix, list);
    made.m_rowPlace = reinterpret_cast<const std::uint32_t*>(held + rowPlace);
    made.m_list = reinterpret_cast<const NestedListEntry*>(held + entries);
    made.m_partList = reinterpret_cast<const NestedListPart*>(held + partList);
    return Result<NestedMatrix>(std::move(made));
}

template <int kTokens>
Result<void> NestedMatrix::multiplyTokens(const float* x, float* y, std::size_t yStride,
                                          const NestedScratch& scratch, const Stream& stream) const
{
    NestedInputTile* input = scratch.input(kTokens * m_view.tileCols);
    BS_CHECK(launchBehind(
        nestedPrepare,
        Grid{dim3((m_view.tileCols + kWarps - 1) / kWarps, kTokens), dim3(kWarps * 32)}, stream,
        m_view, x, input));
    NestedProductArguments arguments{};
    arguments.matrix = m_view;
    arguments.input = input;
    arguments.list = m_list;
    arguments.parts = m_partList;
    arguments.bytes = m_bytes;
    arguments.partial = scratch.partial(kTokens * batchSums());
    arguments.arrived = scratch.arrived();
    arguments.y = y;
    arguments.yStride = yStride;
    const std::size_t shared = kTokens * m_mostTiles * sizeof(NestedInputTile);
    const Grid grid{dim3(static_cast<unsigned>(m_parts), m_view.tileRows), dim3(kWarps * 32),
                    shared};
    return launchBehind(nestedProduct<kTokens, kWarps>, grid, stream, arguments);
}

Result<void> NestedMatrix::multiply(const float* x, std::size_t n, float* y, std::size_t yStride,
                                    const NestedScratch& scratch, const Stream& stream) const
{
    if (m_list == nullptr) { // no block is loaded: W = 0
        for (std::size_t i = 0; i < n; ++i)
            BS_CHECK(fillBytes(y + i * yStride, 0, m_view.rows * sizeof(float), stream));
        return {};
    }
    for (std::size_t done = 0; done < n;) {
        const std::size_t left = n - done;
        const float* from = x + done * m_view.cols;
        float* to = y + done * yStride;
        if (left >= 2 && 2 * m_mostTiles * sizeof(NestedInputTile) <= kMostShared) {
            BS_CHECK(multiplyTokens<2>(from, to, yStride, scratch, stream));
            done += 2;
        } else {
            BS_CHECK(multiplyTokens<1>(from, to, yStride, scratch, stream));
            done += 1;
        }
    }
    return {};
}

std::size_t NestedMatrix::batchSums() const
{
    return m_parts > 1 ? m_parts * m_view.tileRows * kNestedTileRows : 0;
}

Result<void> NestedMatrix::multiplyBatch(const HalvesRoom& x, std::size_t n, float* y,
                                         std::size_t yStride, const NestedScratch& scratch,
                                         const Stream& stream) const
{
    BS_ASSERT(!empty() && n > 0 && n <= kNestedBatchTokens);
    const NestedBatchArguments arguments{m_view,
                                         listing(),
                                         m_decodeFactor,
                                         x.halves(),
                                         x.scale(),
                                         static_cast<std::uint32_t>(n),
                                         scratch.partial(batchSums() * n),
                                         scratch.arrived(),
                                         y,
                                         yStride};
    const Grid grid{dim3(static_cast<unsigned>(m_parts), m_view.tileRows), dim3(kBatchWarps * 32)};
    const std::size_t steps = (n + kNestedBatchStep - 1) / kNestedBatchStep;
    return launchBehind(steps <= 2   ? nestedBatch<2>
                        : steps == 3 ? nestedBatch<3>
                                     : nestedBatch<4>,
                        grid, stream, arguments);
}

NestedListing NestedMatrix::listing() const
{
    return {m_list, m_partList, static_cast<std::uint32_t>(m_parts), m_bytes};
}

Result<void> NestedMatrix::decode(Half* W, const Stream& stream) const
{
    BS_ASSERT(!empty());
    const Grid grid{dim3((m_view.tileCols + kDecodeWarps - 1) / kDecodeWarps, m_view.tileRows),
                    dim3(kDecodeWarps * 32)};
    return launchBehind(nestedDecode, grid, stream, m_view, listing(), m_decodeFactor, W);
}

HalvesColumns NestedMatrix::inputColumns() const
{
    return {m_view.cols, m_view.tileCols * kNestedTileCols, m_view.colOrder, m_view.colScale};
}

NestedRowSource NestedMatrix::rowSource(std::size_t firstRow) const
{
    return {m_view, listing(), m_rowPlace, static_cast<std::uint32_t>(firstRow)};
}

Result<void> rowsOf(const NestedRowSource* slabs, std::size_t slabCount, std::size_t cols,
                    const std::int32_t* tokens, std::size_t n, float* out, const Stream& stream)
{
    const std::size_t tiles = (cols + kNestedTileCols - 1) / kNestedTileCols;
    const Grid grid{dim3(static_cast<unsigned>((tiles + kDecodeWarps - 1) / kDecodeWarps),
                         static_cast<unsigned>(n)),
                    dim3(kDecodeWarps * 32)};
    return launchBehind(nestedRows, grid, stream, slabs, static_cast<std::uint32_t>(slabCount),
                        tokens, out);
}

Result<void> placePlanes(void* planes, std::size_t count, const Stream& stream)
{
    if (count == 0) return {};
    return launch(
        nestedPlace,
        Grid{dim3(static_cast<unsigned>((count + kWarps - 1) / kWarps)), dim3(kWarps * 32)}, stream,
        static_cast<std::uint8_t*>(planes), static_cast<std::uint32_t>(count));
}

} // namespace bs::gpu
