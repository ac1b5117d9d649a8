#include "core/codecs/nested/block.h"

#include "core/codecs/nested/block_layout.h"
#include "core/tensor/float16.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <limits>
#include <numeric>
#include <string>

namespace bs::nested {

namespace {

using Bytes = std::span<const std::byte>;

Error damaged(std::size_t block, const std::string& what)
{
    return {ErrorCode::Format, "block " + std::to_string(block) + ": " + what};
}

/// "1.5e-07"; std::to_string would call it 0.
std::string figure(float value)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%g", static_cast<double>(value));
    return text.data();
}

/// Takes arrays from the front of a block.
class Reader
{
public:
    Reader(Bytes bytes, std::size_t block) : m_bytes(bytes), m_block(block) {}

    template <typename T> Result<std::vector<T>> take(std::size_t count, const char* name)
    {
        if (count > (m_bytes.size() - m_at) / sizeof(T))
            return damaged(m_block, std::string(name) + " take " + std::to_string(count) + " * " + std::to_string(sizeof(T)) +
                                        " bytes, " + std::to_string(m_bytes.size() - m_at) + " are left of " +
                                        std::to_string(m_bytes.size()));
        std::vector<T> values(count);
        if (count > 0)
            std::memcpy(values.data(), m_bytes.data() + m_at, count * sizeof(T));
        m_at += count * sizeof(T);
        return values;
    }
    std::size_t at() const { return m_at; }

private:
    Bytes m_bytes;
    std::size_t m_block;
    std::size_t m_at = 0;
};

Result<void> checkOrder(const std::vector<std::uint16_t>& order, const char* name)
{
    std::vector<bool> seen(order.size(), false);
    for (const std::uint16_t index : order) {
        if (index >= order.size() || seen[index])
            return damaged(0, std::string(name) + " names " + std::to_string(index) + (index < order.size() ? " twice" : "") +
                                  ", it must hold each of 0 to " + std::to_string(order.size() - 1) + " once");
        seen[index] = true;
    }
    return {};
}

/// Whether the last byte of a table with `bits` bits an entry holds nothing behind entry `count`.
bool restIsZero(const std::vector<std::uint8_t>& table, std::size_t count, unsigned bits)
{
    const std::size_t used = count * bits % 8;
    return used == 0 || table.back() >> used == 0;
}

std::vector<std::uint16_t> inverseOf(const std::vector<std::uint16_t>& order)
{
    std::vector<std::uint16_t> place(order.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        place[order[i]] = static_cast<std::uint16_t>(i);
    return place;
}

/// Weights are products of the two scales and of small numbers.
Result<void> checkScales(const Matrix& matrix)
{
    const float row = *std::max_element(matrix.rowScale.begin(), matrix.rowScale.end());
    const float col = *std::max_element(matrix.colScale.begin(), matrix.colScale.end());
    if (std::isfinite(row * col))
        return {};
    return damaged(0, "the largest row scale, " + figure(row) + ", times the largest column scale, " + figure(col) +
                          ", is too large for a number");
}

Result<std::vector<float>> takeScales(Reader& reader, std::size_t count, float base, const char* name)
{
    if (!(base >= 0) || !std::isfinite(base * 65536.0F))
        return damaged(0, std::string("the base of the ") + name + " is " + figure(base) + ", from 0 to 5e33 is possible");
    BS_TRY(const std::vector<std::uint8_t> steps, reader.take<std::uint8_t>(count, name));
    std::vector<float> scales;
    scales.reserve(count);
    for (const std::uint8_t step : steps)
        scales.push_back(base * std::exp2(static_cast<float>(step) / kScaleSteps));
    return scales;
}

/// Adds a block's outliers, which lie by row, behind those of the blocks before.
Result<void> takeOutliers(Reader& reader, std::size_t block, std::size_t count, const Shape& shape, std::vector<Outlier>& outliers)
{
    BS_TRY(const auto rows, reader.take<std::uint16_t>(count, "rows of outliers"));
    BS_TRY(const auto cols, reader.take<std::uint16_t>(count, "columns of outliers"));
    BS_TRY(const auto values, reader.take<std::uint16_t>(count, "values of outliers"));
    for (std::size_t i = 0; i < count; ++i) {
        const Outlier outlier{rows[i], cols[i], halfToFloat(values[i])};
        if (outlier.row >= shape.rows || outlier.col >= shape.cols || !std::isfinite(outlier.value))
            return damaged(block, "outlier " + std::to_string(i) + " is " + figure(outlier.value) + " at (" +
                                  std::to_string(outlier.row) + ", " + std::to_string(outlier.col) + ") of a [" +
                                  std::to_string(shape.rows) + ", " + std::to_string(shape.cols) + "] matrix");
        if (i > 0 && outlier.row < outliers.back().row)
            return damaged(block, "outlier " + std::to_string(i) + " is in row " + std::to_string(outlier.row) + ", the one before in row " +
                                  std::to_string(outliers.back().row));
        outliers.push_back(outlier);
    }
    return {};
}

Result<void> takePrelude(Reader& reader, Matrix& matrix)
{
    BS_TRY(const auto prelude, reader.take<Prelude>(1, "bases of the scales"));
    BS_TRY(matrix.rowScale, takeScales(reader, matrix.shape.rows, prelude[0].rowBase, "row scales"));
    BS_TRY(matrix.colScale, takeScales(reader, matrix.shape.cols, prelude[0].colBase, "column scales"));
    BS_TRY(matrix.rowOrder, reader.take<std::uint16_t>(matrix.shape.rows, "order of the rows"));
    BS_TRY(matrix.colOrder, reader.take<std::uint16_t>(matrix.shape.cols, "order of the columns"));
    BS_CHECK(checkOrder(matrix.rowOrder, "order of the rows"));
    BS_CHECK(checkOrder(matrix.colOrder, "order of the columns"));
    BS_CHECK(checkScales(matrix));
    matrix.rowPlace = inverseOf(matrix.rowOrder);
    const std::vector<float> inOrder = matrix.rowScale;
    for (std::size_t i = 0; i < inOrder.size(); ++i)
        matrix.rowScale[matrix.rowOrder[i]] = inOrder[i];
    return {};
}

/// How many planes a block's map adds to a tile.
unsigned addedBy(const std::vector<std::uint8_t>& map, std::size_t tile)
{
    return (map[tile / 4] >> (2 * (tile % 4))) & 3U;
}

Result<void> takePlanes(Reader& reader, Bytes block, std::size_t index, const Matrix& matrix, std::vector<Tile>& tiles)
{
    BS_TRY(const auto map, reader.take<std::uint8_t>(mapBytes(matrix.shape), "map of the tiles"));
    if (!restIsZero(map, tiles.size(), 2))
        return damaged(index, "the map of the tiles goes on behind the last of " + std::to_string(tiles.size()));
    std::size_t planes = 0;
    for (std::size_t t = 0; t < tiles.size(); ++t) {
        const unsigned added = addedBy(map, t);
        if (tiles[t].planes + added > kMostPlanes)
            return damaged(index, "tile " + std::to_string(t) + " gets " + std::to_string(added) + " planes and has " +
                                      std::to_string(tiles[t].planes) + "; at most " + std::to_string(kMostPlanes) +
                                      " are possible");
        planes += added;
    }
    const std::size_t bytes = planes * kPlaneBytes;
    BS_TRY(const auto gains, reader.take<std::uint8_t>(planes, "gains"));
    std::size_t at = roundUp64(reader.at());
    if (at > block.size() || block.size() - at != bytes)
        return damaged(index, "planes of " + std::to_string(bytes) + " bytes should begin at " + std::to_string(at) +
                                  ", the block has " + std::to_string(block.size()) + " bytes");
    at += static_cast<std::size_t>(block.data() - matrix.bytes);
    if ((at + bytes) / 64 > std::numeric_limits<std::uint32_t>::max())
        return damaged(index, "it ends " + std::to_string(at + bytes) + " bytes into the file, which is too far to be reached");
    std::size_t next = 0;
    for (std::size_t t = 0; t < tiles.size(); ++t) {
        Tile& tile = tiles[t];
        const unsigned added = addedBy(map, t);
        if (added > 1)
            tile.plain = static_cast<std::uint16_t>(tile.plain | 1U << tile.planes);
        for (unsigned p = 0; p < added; ++p, ++next, ++tile.planes, at += kPlaneBytes) {
            tile.gains[tile.planes] = gains[next];
            tile.at[tile.planes] = static_cast<std::uint32_t>(at / 64);
            if (gains[next] > tile.gains[0])
                return damaged(index, "gain " + std::to_string(next) + " is " + std::to_string(gains[next]) + ", that of the first plane of tile " +
                                          std::to_string(t) + " is " + std::to_string(tile.gains[0]) + ", which none may exceed");
        }
    }
    return {};
}

/// Outliers in the order of their keys, those of one key as they are; every key is less than `keys`.
template <typename Key> std::vector<Outlier> inOrderOf(std::span<const Outlier> outliers, std::size_t keys, const Key& keyOf)
{
    std::vector<std::uint32_t> next(keys + 1, 0);
    for (std::size_t i = 0; i < outliers.size(); ++i)
        ++next[keyOf(i) + 1];
    std::partial_sum(next.begin(), next.end(), next.begin());
    std::vector<Outlier> ordered(outliers.size());
    for (std::size_t i = 0; i < outliers.size(); ++i)
        ordered[next[keyOf(i)]++] = outliers[i];
    return ordered;
}

/// By row of tiles, there the first ones of all rows, then the second ones: neighbours have rows of their own, so that sums of rows do
/// not wait for each other.
std::vector<Outlier> dealt(std::span<const Outlier> outliers, const Shape& shape)
{
    std::vector<std::uint32_t> seen(shape.rows, 0);
    std::vector<std::uint32_t> rank(outliers.size());
    std::uint32_t ranks = 0;
    for (std::size_t i = 0; i < outliers.size(); ++i) {
        rank[i] = seen[outliers[i].row]++;
        ranks = std::max(ranks, rank[i] + 1);
    }
    const std::vector<Outlier> byRank = inOrderOf(outliers, ranks, [&](std::size_t i) { return rank[i]; });
    return inOrderOf(byRank, shape.tileRows(), [&](std::size_t i) { return byRank[i].row / kTileRows; });
}

/// Planes are looked up by quads where rounding shows: the first ones of groups that go deeper than this; all others by octets.
constexpr unsigned kDeep = 2;

/// Adds the planes of tiles first .. last - 1 of a row to the list.
NestedGroup listGroup(std::span<const Tile> row, std::size_t first, std::size_t last, std::vector<NestedPlane>& planes)
{
    NestedGroup group;
    unsigned deepest = 0;
    for (std::size_t t = first; t < last; ++t) {
        const Tile& tile = row[t];
        const float gain = tables().gain[tile.gains[0]];
        deepest = std::max<unsigned>(deepest, tile.planes);
        group.most = tile.planes > 0 ? std::max(group.most, gain) : group.most;
        group.sum += gain * static_cast<float>(tile.planes);
    }
    std::array<std::array<NestedPlane, kNestedGroup * kMostPlanes>, kNestedKinds> found;
    std::array<std::size_t, kNestedKinds> count{};
    for (unsigned p = 0; p < deepest; ++p) {
        const bool quads = p == 0 && deepest > kDeep;
        for (std::size_t t = first; t < last; ++t)
            if (p < row[t].planes) {
                const NestedKind kind = row[t].isPlain(p) ? (quads ? kPlainQuads : kPlainOctets) : (quads ? kTrellisQuads : kTrellisOctets);
                found[kind][count[kind]++] = {row[t].at[p], static_cast<std::uint16_t>(t), row[t].gains[p]};
            }
    }
    for (std::size_t kind = 0; kind < kNestedKinds; ++kind) {
        planes.insert(planes.end(), found[kind].begin(), found[kind].begin() + static_cast<std::ptrdiff_t>(count[kind]));
        group.ends[kind] = static_cast<std::uint32_t>(planes.size());
    }
    return group;
}

template <typename T> std::size_t heldBy(const std::vector<T>& values)
{
    return values.capacity() * sizeof(T);
}

} // namespace

void Matrix::setOutliers(std::span<const Outlier> unordered)
{
    outliers = dealt(unordered, shape);
    firstOutlier.assign(shape.tileRows() + 1, 0);
    for (const Outlier& o : outliers)
        ++firstOutlier[o.row / kTileRows + 1];
    std::partial_sum(firstOutlier.begin(), firstOutlier.end(), firstOutlier.begin());
}

void Matrix::setTiles(std::span<const Tile> all)
{
    tiles.clear();
    tiles.reserve(all.size());
    std::size_t count = kNestedAhead;
    for (const Tile& tile : all) {
        tiles.push_back({tile.planes, tile.gains[0]});
        count += tile.planes;
    }
    const NestedGroups of(shape.tileCols());
    planes.clear();
    planes.reserve(count);
    groups.clear();
    groups.reserve(shape.tileRows() * of.count);
    for (std::size_t tileRow = 0; tileRow < shape.tileRows(); ++tileRow)
        for (std::size_t g = 0; g < of.count; ++g)
            groups.push_back(listGroup(all.subspan(tileRow * of.tiles, of.tiles), of.first(g), of.first(g + 1), planes));
    planes.insert(planes.end(), kNestedAhead, planes.empty() ? NestedPlane{} : planes.back());
}

NestedRow Matrix::row(std::size_t tileRow) const
{
    const std::size_t perRow = shape.tileGroups();
    const NestedGroup* const first = groups.data() + tileRow * perRow;
    return {&tables(), reinterpret_cast<const std::uint8_t*>(bytes), tiles.data() + tileRow * shape.tileCols(), shape.tileCols(), planes.data(), first,
            tileRow > 0 ? first[-1].ends[kNestedKinds - 1] : 0};
}

std::size_t Matrix::heldBytes() const
{
    return heldBy(rowScale) + heldBy(colScale) + heldBy(rowOrder) + heldBy(rowPlace) + heldBy(colOrder) + heldBy(outliers) +
           heldBy(firstOutlier) + heldBy(tiles) + heldBy(planes) + heldBy(groups);
}

BlockCounts countsOf(const Shape& shape, std::size_t index, std::size_t bytes, std::span<const std::byte, kCountBytes> head)
{
    std::uint32_t outliers = 0;
    static_assert(sizeof(outliers) == kCountBytes && offsetof(BlockHead, outliers) == 0);
    std::memcpy(&outliers, head.data(), kCountBytes);
    const std::size_t prelude =
        index == 0 ? sizeof(Prelude) + (shape.rows + shape.cols) * (sizeof(std::uint8_t) + sizeof(std::uint16_t)) : 0;
    const std::size_t before = sizeof(BlockHead) + prelude + outliers * kOutlierBytes + mapBytes(shape);
    // Each plane has a gain before it; what is over is less than a plane, it fills up to 64 bytes.
    return {bytes > before ? (bytes - before) / (kPlaneBytes + 1) : 0, outliers};
}

std::size_t heldBytes(const Shape& shape, const BlockCounts& counts)
{
    return shape.rows * (sizeof(float) + 2 * sizeof(std::uint16_t)) + shape.cols * (sizeof(float) + sizeof(std::uint16_t)) +
           (shape.tileRows() + 1) * sizeof(std::uint32_t) + counts.outliers * sizeof(Outlier) + shape.tiles() * sizeof(NestedTile) +
           (counts.planes + kNestedAhead) * sizeof(NestedPlane) + shape.tileRows() * shape.tileGroups() * sizeof(NestedGroup);
}

Result<Matrix> readBlocks(const Shape& shape, std::span<const Bytes> blocks, const std::byte* base)
{
    Matrix matrix;
    matrix.shape = shape;
    matrix.bytes = base;
    std::vector<Tile> tiles(blocks.empty() ? 0 : shape.tiles());
    std::vector<Outlier> outliers;
    if (shape.rows > kMostRows || shape.cols > kMostRows)
        return Error{ErrorCode::Format, "a nested matrix has at most " + std::to_string(kMostRows) + " rows and columns, not [" +
                                            std::to_string(shape.rows) + ", " + std::to_string(shape.cols) + "]"};
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        BS_ASSERT(blocks[i].data() >= base && (blocks[i].data() - base) % 64 == 0);
        Reader reader(blocks[i], i);
        BS_TRY(const auto head, reader.take<BlockHead>(1, "head"));
        if (head[0].reserved != 0)
            return damaged(i, "the reserved field is " + std::to_string(head[0].reserved) + ", 0 is expected");
        if (i == 0)
            BS_CHECK(takePrelude(reader, matrix));
        BS_CHECK(takeOutliers(reader, i, head[0].outliers, shape, outliers));
        BS_CHECK(takePlanes(reader, blocks[i], i, matrix, tiles));
    }
    if (!blocks.empty()) {
        matrix.setOutliers(outliers);
        matrix.setTiles(tiles);
    }
    return matrix;
}

} // namespace bs::nested
