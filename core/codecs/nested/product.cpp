#include "core/codecs/nested/product.h"

#include "core/base/result.h"
#include "core/linalg/cpu/kernels.h"
#include "core/linalg/dense.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <memory>
#include <span>
#include <vector>

namespace bs::nested {

namespace {

static_assert(kTileRows == kNestedRows && kTileCols == kNestedCols && kMostPlanes == kNestedPlanes && kGains == kNestedGains);
static_assert(sizeof(Tile) == sizeof(NestedTile));

/// Up to this many rows of x are multiplied straight from the planes; for more, decoding once pays. At 1536 x 1536 it does from
/// about 40 rows on with 1 bit a weight, 24 with 3 bits, 10 with 6.
constexpr std::size_t kDirectRows = 12;

/// The window (newest bits lowest) of an index as it is cut from a plane's bytes (newest bits highest).
unsigned windowOf(unsigned index, bool twoBits)
{
    if (twoBits)
        return index >> 2 | (index & 3) << 2;
    return (index & 1) << 3 | (index & 2) << 1 | (index & 4) >> 1 | index >> 3;
}

void fillLevels(Base base, unsigned plane, int gain, NestedTables& tables)
{
    const Levels& from = levels(base, plane, gain);
    const bool first = plane == 0 || groupOf(base, plane) != groupOf(base, plane - 1);
    for (unsigned i = 0; i < 16; ++i)
        tables.levels[static_cast<std::size_t>(base)][plane][gain][i] =
            static_cast<std::uint8_t>(from[windowOf(i, base == Base::Two && plane == 0)] + (first ? kNestedZero : 0));
}

const NestedTables& kernelTables()
{
    static const std::unique_ptr<const NestedTables> tables = [] {
        auto made = std::make_unique<NestedTables>();
        for (const Base base : {Base::One, Base::Two})
            for (unsigned plane = 0; plane < kMostPlanes; ++plane)
                for (int gain = 0; gain < kGains; ++gain)
                    fillLevels(base, plane, gain, *made);
        made->plainGain = kGainOne;
        for (unsigned i = 0; i < 16; ++i)
            made->single[i] = static_cast<std::uint8_t>(levels(Base::One, 0, kGainOne)[windowOf(i, false)] + kNestedZeroSingle);
        for (int gain = 0; gain < 256; ++gain)
            made->scale[gain] = gainOf(gain, kFirstGainOne) / kUnit;
        return made;
    }();
    return *tables;
}

std::size_t paddedCols(const Shape& shape)
{
    return shape.tileCols() * kTileCols;
}

NestedRow rowOf(const Matrix& matrix, std::size_t tileRow)
{
    const std::size_t tiles = matrix.shape.tileCols();
    const std::size_t first = tileRow * tiles;
    return {&kernelTables(), reinterpret_cast<const std::uint8_t*>(matrix.bytes), matrix.tiles.data() + first, tiles,
            matrix.tiles.size() - first - tiles};
}

/// The rows of a tile row in the codec's order.
struct RowRange
{
    std::size_t first, last;

    RowRange(const Shape& shape, std::size_t tileRow)
        : first(tileRow * kTileRows), last(std::min(shape.rows, first + kTileRows))
    {
    }
    std::size_t count() const { return last - first; }
};

std::span<const Outlier> outliersOf(const Matrix& matrix, const RowRange& rows)
{
    const auto before = [](const Outlier& o, std::size_t row) { return o.row < row; };
    const auto begin = std::lower_bound(matrix.outliers.begin(), matrix.outliers.end(), rows.first, before);
    return {begin, std::lower_bound(begin, matrix.outliers.end(), rows.last, before)};
}

/// x as the planes see it: in the codec's order, times colScale, zeros up to whole tiles.
void arrange(const Matrix& matrix, const float* x, float* arranged)
{
    for (std::size_t j = 0; j < matrix.shape.cols; ++j)
        arranged[j] = x[matrix.colOrder[j]] * matrix.colScale[j];
    std::fill(arranged + matrix.shape.cols, arranged + paddedCols(matrix.shape), 0.0F);
}

/// Largest magnitudes by tile; false if a value is not finite. Bits of floats without their sign order as the magnitudes do, and
/// whole numbers are compared many at a time.
bool largestByTile(const float* arranged, std::size_t tiles, float* most)
{
    constexpr std::int32_t kInfinity = 0x7F800000;
    std::int32_t largest = 0;
    for (std::size_t c = 0; c < tiles; ++c) {
        std::int32_t inTile = 0;
        for (std::size_t j = c * kTileCols; j < (c + 1) * kTileCols; ++j)
            inTile = std::max(inTile, std::bit_cast<std::int32_t>(arranged[j]) & 0x7FFFFFFF);
        most[c] = std::bit_cast<float>(inTile);
        largest = std::max(largest, inTile);
    }
    return largest < kInfinity;
}

/// Adds the outliers, which lie by row, to sums [64] of the planes. Each row's own sum is kept beside them, so that no
/// addition waits for what was just stored.
void addOutliers(std::span<const Outlier> outliers, std::size_t firstRow, const float* x, float* sums)
{
    float planes[kTileRows];
    std::copy_n(sums, kTileRows, planes);
    float sum = 0;
    std::size_t before = kTileRows;
    for (const Outlier& o : outliers) {
        const std::size_t row = o.row - firstRow;
        sum = (row == before ? sum : 0.0F) + o.value * x[o.col];
        sums[row] = planes[row] + sum;
        before = row;
    }
}

void multiplyTileRow(const Matrix& matrix, std::size_t tileRow, const float* x, const float* most, float* y)
{
    float sums[kTileRows];
    const RowRange rows(matrix.shape, tileRow);
    kernels().nestedProduct(rowOf(matrix, tileRow), x, most, sums);
    addOutliers(outliersOf(matrix, rows), rows.first, x, sums);
    for (std::size_t i = rows.first; i < rows.last; ++i)
        y[matrix.rowOrder[i]] = matrix.rowScale[i] * sums[i - rows.first];
}

void multiplyDirect(const Matrix& matrix, const float* x, std::size_t n, float* y, std::size_t yStride, ThreadPool& pool)
{
    const Shape& shape = matrix.shape;
    std::vector<float> arranged(n * paddedCols(shape));
    std::vector<float> most(n * shape.tileCols());
    std::vector<bool> finite(n);
    for (std::size_t t = 0; t < n; ++t) {
        arrange(matrix, x + t * shape.cols, &arranged[t * paddedCols(shape)]);
        finite[t] = largestByTile(&arranged[t * paddedCols(shape)], shape.tileCols(), &most[t * shape.tileCols()]);
        if (!finite[t])
            std::fill_n(y + t * yStride, shape.rows, std::numeric_limits<float>::quiet_NaN());
    }
    pool.parallelFor(shape.tileRows(), [&](std::size_t tileRow) {
        for (std::size_t t = 0; t < n; ++t)
            if (finite[t])
                multiplyTileRow(matrix, tileRow, &arranged[t * paddedCols(shape)], &most[t * shape.tileCols()], y + t * yStride);
    });
}

/// Decodes 64 rows once for all of x.
void multiplyByTileRows(const Matrix& matrix, const float* x, std::size_t n, float* y, std::size_t yStride, ThreadPool& pool)
{
    const Shape& shape = matrix.shape;
    const std::size_t cols = paddedCols(shape);
    std::vector<float> arranged(n * cols);
    pool.parallelRanges(n, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t t = begin; t < end; ++t)
            arrange(matrix, x + t * shape.cols, &arranged[t * cols]);
    });
    pool.parallelFor(shape.tileRows(), [&](std::size_t tileRow) {
        const RowRange rows(shape, tileRow);
        std::vector<float> W(kTileRows * cols);
        std::vector<float> z(n * rows.count());
        kernels().nestedDecode(rowOf(matrix, tileRow), W.data());
        for (const Outlier& o : outliersOf(matrix, rows))
            W[(o.row - rows.first) * cols + o.col] += o.value;
        gemmNT(n, rows.count(), cols, arranged.data(), cols, W.data(), cols, z.data(), rows.count());
        for (std::size_t t = 0; t < n; ++t)
            for (std::size_t i = rows.first; i < rows.last; ++i)
                y[t * yStride + matrix.rowOrder[i]] = matrix.rowScale[i] * z[t * rows.count() + i - rows.first];
    });
}

} // namespace

void multiply(const Matrix& matrix, const float* x, std::size_t n, float* y, std::size_t yStride, ThreadPool& pool)
{
    BS_ASSERT(yStride >= matrix.shape.rows);
    if (matrix.empty())
        for (std::size_t t = 0; t < n; ++t)
            std::fill_n(y + t * yStride, matrix.shape.rows, 0.0F);
    else if (n <= kDirectRows)
        multiplyDirect(matrix, x, n, y, yStride, pool);
    else
        multiplyByTileRows(matrix, x, n, y, yStride, pool);
}

} // namespace bs::nested
