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

static_assert(sizeof(Tile) == sizeof(NestedTile));

/// Up to this many rows of x are multiplied straight from the planes; for more, decoding once pays.
constexpr std::size_t kDirectRows = 12;

std::size_t paddedCols(const Shape& shape)
{
    return shape.tileCols() * kTileCols;
}

NestedRow rowOf(const Matrix& matrix, std::size_t tileRow)
{
    const std::size_t tiles = matrix.shape.tileCols();
    const std::size_t first = tileRow * tiles;
    return {&tables(), reinterpret_cast<const std::uint8_t*>(matrix.bytes), matrix.tiles.data() + first, tiles,
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

std::span<const Outlier> outliersOf(const Matrix& matrix, std::size_t tileRow)
{
    return std::span(matrix.outliers).subspan(matrix.firstOutlier[tileRow], matrix.firstOutlier[tileRow + 1] - matrix.firstOutlier[tileRow]);
}

/// x as the planes see it: in the codec's order, times colScale, zeros up to whole tiles.
void arrange(const Matrix& matrix, const float* x, float* arranged)
{
    for (std::size_t j = 0; j < matrix.shape.cols; ++j)
        arranged[j] = x[matrix.colOrder[j]] * matrix.colScale[j];
    std::fill(arranged + matrix.shape.cols, arranged + paddedCols(matrix.shape), 0.0F);
}

/// One row of x as the planes of one matrix see it.
struct Arranged
{
    std::vector<float> x;           ///< [padded cols]
    std::vector<std::int16_t> sums; ///< NestedX::sums and room to align them
    std::vector<float> unit;        ///< [tiles]
    NestedX lookedUp;
    bool finite = false;

    void set(const Matrix& matrix, const float* from)
    {
        const std::size_t tiles = matrix.shape.tileCols();
        x.resize(paddedCols(matrix.shape));
        unit.resize(tiles);
        sums.resize(tiles * kNestedSums + kAlignment);
        arrange(matrix, from, x.data());
        finite = allFinite(x);
        void* at = sums.data();
        std::size_t room = sums.size() * sizeof(std::int16_t);
        auto* aligned = static_cast<std::int16_t*>(std::align(kAlignment, tiles * kNestedSums * sizeof(std::int16_t), at, room));
        if (finite)
            kernels().nestedPrepare(x.data(), tiles, aligned, unit.data());
        lookedUp = {aligned, unit.data()};
    }

private:
    /// Bits of floats without their sign order as the magnitudes do, and whole numbers are compared many at a time.
    static bool allFinite(const std::vector<float>& values)
    {
        constexpr std::int32_t kInfinity = 0x7F800000;
        std::int32_t largest = 0;
        for (const float value : values)
            largest = std::max(largest, std::bit_cast<std::int32_t>(value) & 0x7FFFFFFF);
        return largest < kInfinity;
    }
};

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

/// z [rows]: rows of y in the codec's order.
void multiplyTileRow(const Matrix& matrix, std::size_t tileRow, const Arranged& x, float* z)
{
    const RowRange rows(matrix.shape, tileRow);
    if (!x.finite) {
        std::fill(z + rows.first, z + rows.last, std::numeric_limits<float>::quiet_NaN());
        return;
    }
    float sums[kTileRows];
    kernels().nestedProduct(rowOf(matrix, tileRow), x.lookedUp, sums);
    addOutliers(outliersOf(matrix, tileRow), rows.first, x.x.data(), sums);
    for (std::size_t i = rows.first; i < rows.last; ++i)
        z[i] = matrix.rowScale[i] * sums[i - rows.first];
}

/// What one call of multiplyDirect works with, kept for the next.
struct Scratch
{
    std::vector<Arranged> arranged; ///< [products, n]
    std::vector<float> z;           ///< [n, rows of all products]
};

/// Rows of z to where they belong.
void scatter(const Product& product, const float* z, std::size_t n, std::size_t zStride, ThreadPool& pool)
{
    constexpr std::size_t kWorthThreads = 8192;
    const auto& order = product.matrix->rowOrder;
    const auto rows = [&](std::size_t begin, std::size_t end) {
        for (std::size_t t = 0; t < n; ++t)
            for (std::size_t i = begin; i < end; ++i)
                product.y[t * product.yStride + order[i]] = z[t * zStride + i];
    };
    pool.parallelRanges(order.size(), kWorthThreads, rows);
}

void multiplyDirect(std::span<const Product> products, const float* x, std::size_t n, ThreadPool& pool)
{
    thread_local Scratch scratch;
    std::vector<Arranged>& arranged = scratch.arranged;
    arranged.resize(std::max(arranged.size(), products.size() * n));
    const auto arrangeOne = [&](std::size_t i) {
        const Matrix& matrix = *products[i / n].matrix;
        arranged[i].set(matrix, x + i % n * matrix.shape.cols);
    };
    // One or two take less time than waking the threads.
    if (products.size() * n > 2)
        pool.parallelFor(products.size() * n, arrangeOne);
    else
        for (std::size_t i = 0; i < products.size() * n; ++i)
            arrangeOne(i);
    std::vector<std::size_t> end; // of each matrix's rows of tiles among all
    for (const Product& product : products)
        end.push_back((end.empty() ? 0 : end.back()) + product.matrix->shape.tileRows());
    // Rows go to their places afterwards: two threads would write to the same cache lines all the time.
    const std::size_t stride = end.back() * kTileRows;
    std::vector<float>& z = scratch.z;
    z.resize(std::max(z.size(), n * stride));
    const auto multiplyAt = [&](std::size_t at) {
        const auto p = static_cast<std::size_t>(std::upper_bound(end.begin(), end.end(), at) - end.begin());
        const Product& product = products[p];
        const std::size_t first = end[p] - product.matrix->shape.tileRows();
        for (std::size_t t = 0; t < n; ++t)
            multiplyTileRow(*product.matrix, at - first, arranged[p * n + t], z.data() + t * stride + first * kTileRows);
    };
    // In ranges, since a row of tiles asks for the planes of the next one.
    pool.parallelRanges(end.back(), 1, [&](std::size_t begin, std::size_t last) {
        for (std::size_t at = begin; at < last; ++at)
            multiplyAt(at);
    });
    for (std::size_t p = 0; p < products.size(); ++p)
        scatter(products[p], z.data() + (end[p] - products[p].matrix->shape.tileRows()) * kTileRows, n, stride, pool);
}

/// Decodes 64 rows once for all of x.
void multiplyByTileRows(const Product& product, const float* x, std::size_t n, ThreadPool& pool)
{
    const Matrix& matrix = *product.matrix;
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
        for (const Outlier& o : outliersOf(matrix, tileRow))
            W[(o.row - rows.first) * cols + o.col] += o.value;
        gemmNT(n, rows.count(), cols, arranged.data(), cols, W.data(), cols, z.data(), rows.count());
        for (std::size_t t = 0; t < n; ++t)
            for (std::size_t i = rows.first; i < rows.last; ++i)
                product.y[t * product.yStride + matrix.rowOrder[i]] = matrix.rowScale[i] * z[t * rows.count() + i - rows.first];
    });
}

} // namespace

void multiply(std::span<const Product> products, const float* x, std::size_t n, ThreadPool& pool)
{
    std::vector<Product> loaded;
    for (const Product& product : products) {
        BS_ASSERT(product.yStride >= product.matrix->shape.rows);
        if (!product.matrix->empty())
            loaded.push_back(product);
        else
            for (std::size_t t = 0; t < n; ++t)
                std::fill_n(product.y + t * product.yStride, product.matrix->shape.rows, 0.0F);
    }
    if (n <= kDirectRows && !loaded.empty())
        multiplyDirect(loaded, x, n, pool);
    else
        for (const Product& product : loaded)
            multiplyByTileRows(product, x, n, pool);
}

} // namespace bs::nested
