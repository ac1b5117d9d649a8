#include "core/codecs/nested/product_steps.h"

#include <limits>

namespace bs::nested {

namespace {

/// One row of x as the planes of one matrix see it.
struct Arranged
{
    std::vector<float> x;                    ///< [padded cols]
    std::vector<float> quad, octet, most;    ///< as NestedX has them
    std::vector<NestedFar> far;
    std::vector<std::uint8_t> entries; ///< NestedX::entries and room to align them
    NestedX lookedUp;
    bool usable = false; ///< sums of x, times gains, stay finite; products are NaN if not

    void set(const Matrix& matrix, const float* from)
    {
        const std::size_t tiles = matrix.shape.tileCols();
        x.resize(paddedCols(matrix.shape));
        for (std::vector<float>* const perTile : {&quad, &octet, &most})
            perTile->resize(tiles);
        far.resize(tiles);
        arrange(matrix, from, x.data());
        usable = largest(x) < 1e30F;
        lookedUp = {tiles, quad.data(), octet.data(), most.data(), alignedRoom(entries, tiles * kNestedEntries), far.data()};
        if (usable)
            kernels().nestedPrepare(x.data(), lookedUp);
    }
};

void addOutliers(std::span<const Outlier> outliers, std::size_t firstRow, const float* x, float* sums)
{
    for (const Outlier& o : outliers)
        sums[o.row - firstRow] += o.value * x[o.col];
}

/// z [kTileRows]: what a group of a row of tiles adds to rows of y, but for their scales.
void multiplyGroup(const Matrix& matrix, std::size_t tileRow, std::size_t group, const Arranged& x, float* z)
{
    if (!x.usable) {
        std::fill_n(z, kTileRows, std::numeric_limits<float>::quiet_NaN());
        return;
    }
    kernels().nestedProduct(matrix.row(tileRow), group, x.lookedUp, z);
    // Outliers are any groups' work: as many for each.
    const auto outliers = outliersOf(matrix, tileRow);
    const std::size_t groups = matrix.shape.tileGroups();
    const std::size_t first = outliers.size() * group / groups;
    addOutliers(outliers.subspan(first, outliers.size() * (group + 1) / groups - first), tileRow * kTileRows, x.x.data(), z);
}

/// What one call of multiplyDirect works with, kept for the next.
struct Scratch
{
    std::vector<Arranged> arranged; ///< [products, n]
    std::vector<float> z;           ///< [n, groups of all products, kTileRows]
};

/// Rows of y from what groups add to them: z [n, rows of tiles, groups, kTileRows], which is changed.
void collect(const Product& product, float* z, std::size_t n, std::size_t zStride, ThreadPool& pool)
{
    constexpr std::size_t kWorthThreads = 8192;
    const Matrix& matrix = *product.matrix;
    const std::size_t groups = matrix.shape.tileGroups();
    for (std::size_t t = 0; t < n; ++t, z += zStride) {
        for (std::size_t i = 0; i < matrix.shape.tileRows() && groups > 1; ++i) {
            const float* from = z + i * groups * kTileRows;
            float sums[kTileRows];
            std::copy_n(from, kTileRows, sums);
            for (std::size_t g = 1; g < groups; ++g)
                kernels().axpy(1, from + g * kTileRows, sums, kTileRows);
            std::copy_n(sums, kTileRows, z + i * kTileRows);
        }
        float* const y = product.y + t * product.yStride;
        pool.parallelRanges(matrix.shape.rows, kWorthThreads, [&](std::size_t begin, std::size_t end) {
            kernels().gather(z, matrix.rowPlace.data() + begin, matrix.rowScale.data() + begin, end - begin, y + begin);
        });
    }
}

} // namespace

void multiplyDirect(std::span<const Product> products, const float* x, std::size_t n, ThreadPool& pool)
{
    thread_local Scratch scratch;
    std::vector<Arranged>& arranged = scratch.arranged;
    arranged.resize(std::max(arranged.size(), products.size() * n));
    const auto arrangeOne = [&](std::size_t i) {
        const Matrix& matrix = *products[i / n].matrix;
        arranged[i].set(matrix, x + i % n * matrix.shape.cols);
    };
    // One takes less time than waking the threads.
    if (products.size() * n > 1)
        pool.parallelFor(products.size() * n, arrangeOne);
    else
        for (std::size_t i = 0; i < products.size() * n; ++i)
            arrangeOne(i);
    const Parts all(products, [](const Shape& shape) { return shape.tileRows() * shape.tileGroups(); });
    // Rows are collected afterwards: two threads would write to the same cache lines all the time.
    const std::size_t stride = all.count() * kTileRows;
    std::vector<float>& z = scratch.z;
    z.resize(std::max(z.size(), n * stride));
    const auto multiplyAt = [&](std::size_t at) {
        const std::size_t p = all.productOf(at);
        const Matrix& matrix = *products[p].matrix;
        const std::size_t groups = matrix.shape.tileGroups();
        const std::size_t of = at - all.first(p);
        for (std::size_t t = 0; t < n; ++t)
            multiplyGroup(matrix, of / groups, of % groups, arranged[p * n + t], z.data() + t * stride + at * kTileRows);
    };
    // In ranges, since a group asks for the planes of the next one.
    pool.parallelRanges(all.count(), 1, [&](std::size_t begin, std::size_t last) {
        for (std::size_t at = begin; at < last; ++at)
            multiplyAt(at);
    });
    for (std::size_t p = 0; p < products.size(); ++p)
        collect(products[p], z.data() + all.first(p) * kTileRows, n, stride, pool);
}

} // namespace bs::nested
