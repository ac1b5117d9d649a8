#include "core/codecs/nested/product.h"

#include "core/base/result.h"
#include "core/linalg/cpu/kernels.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <memory>
#include <span>
#include <vector>

namespace bs::nested {

namespace {

static_assert(sizeof(Tile) == sizeof(NestedTile));

std::size_t directRows = kDirectRows; // for more, decoding once pays

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

/// Largest magnitude; NaN or infinite if one is. Bits of floats without their sign order as the magnitudes do, and whole numbers are compared many at a time.
float largest(const std::vector<float>& values)
{
    std::int32_t most = 0;
    for (const float value : values)
        most = std::max(most, std::bit_cast<std::int32_t>(value) & 0x7FFFFFFF);
    return std::bit_cast<float>(most);
}

/// Room for `count` values, aligned for the kernels.
template <typename T> T* alignedRoom(std::vector<T>& held, std::size_t count)
{
    held.resize(std::max(held.size(), count + kAlignment / sizeof(T)));
    void* at = held.data();
    std::size_t room = held.size() * sizeof(T);
    return static_cast<T*>(std::align(kAlignment, count * sizeof(T), at, room));
}

/// One row of x as the planes of one matrix see it.
struct Arranged
{
    std::vector<float> x;    ///< [padded cols]
    std::vector<float> unit; ///< [tiles]
    std::vector<NestedPart> parts;
    std::vector<std::uint8_t> entries; ///< NestedX::entries and room to align them
    NestedX lookedUp;
    bool usable = false; ///< sums of x, times gains, stay finite; products are NaN if not

    void set(const Matrix& matrix, const float* from)
    {
        const std::size_t tiles = matrix.shape.tileCols();
        x.resize(paddedCols(matrix.shape));
        unit.resize(tiles);
        parts.resize(2 * tiles);
        arrange(matrix, from, x.data());
        usable = largest(x) < 1e30F;
        std::uint8_t* const aligned = alignedRoom(entries, 2 * tiles * kNestedEntries);
        lookedUp = {parts.data(), aligned, usable ? kernels().nestedPrepare(x.data(), tiles, unit.data(), parts.data(), aligned) : NestedCount{}};
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
    if (!x.usable) {
        std::fill(z + rows.first, z + rows.last, std::numeric_limits<float>::quiet_NaN());
        return;
    }
    float sums[kTileRows];
    kernels().nestedProduct(rowOf(matrix, tileRow), x.lookedUp, sums);
    addOutliers(outliersOf(matrix, tileRow), rows.first, x.x.data(), sums);
    for (std::size_t i = rows.first; i < rows.last; ++i)
        z[i] = matrix.rowScale[i] * sums[i - rows.first];
}

/// The rows of tiles of several products, one product behind the other.
class TileRows
{
public:
    explicit TileRows(std::span<const Product> products)
    {
        for (const Product& product : products)
            m_first.push_back(m_first.back() + product.matrix->shape.tileRows());
    }
    std::size_t count() const { return m_first.back(); }
    /// The first one of product p.
    std::size_t first(std::size_t p) const { return m_first[p]; }
    std::size_t productOf(std::size_t at) const
    {
        return static_cast<std::size_t>(std::upper_bound(m_first.begin(), m_first.end(), at) - m_first.begin()) - 1;
    }

private:
    std::vector<std::size_t> m_first{0}; ///< of each product, then how many there are
};

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
    const TileRows all(products);
    // Rows go to their places afterwards: two threads would write to the same cache lines all the time.
    const std::size_t stride = all.count() * kTileRows;
    std::vector<float>& z = scratch.z;
    z.resize(std::max(z.size(), n * stride));
    const auto multiplyAt = [&](std::size_t at) {
        const std::size_t p = all.productOf(at);
        for (std::size_t t = 0; t < n; ++t)
            multiplyTileRow(*products[p].matrix, at - all.first(p), arranged[p * n + t], z.data() + t * stride + all.first(p) * kTileRows);
    };
    // In ranges, since a row of tiles asks for the planes of the next one.
    pool.parallelRanges(all.count(), 1, [&](std::size_t begin, std::size_t last) {
        for (std::size_t at = begin; at < last; ++at)
            multiplyAt(at);
    });
    for (std::size_t p = 0; p < products.size(); ++p)
        scatter(products[p], z.data() + all.first(p) * kTileRows, n, stride, pool);
}

/// All rows of x as the levels of one matrix see them, in panels.
class Panels
{
public:
    void resize(const Matrix& matrix, std::size_t n)
    {
        m_matrix = &matrix;
        m_tiles = matrix.shape.tileCols();
        m_pairs.resize(std::max(m_pairs.size(), panelsOf(n) * m_tiles * kNestedPairs));
        m_unit.resize(std::max(m_unit.size(), panelsOf(n) * m_tiles * kNestedPanel));
        m_finite.assign(panelsOf(n) * kNestedPanel, 0);
    }
    static std::size_t panelsOf(std::size_t n) { return (n + kNestedPanel - 1) / kNestedPanel; }
    /// Rows of x [n, cols]; those of the last panel that are not there are zeros.
    void fill(std::size_t panel, const float* x, std::size_t n)
    {
        thread_local std::vector<float> arranged;
        arranged.resize(paddedCols(m_matrix->shape));
        for (std::size_t at = 0; at < kNestedPanel; ++at) {
            const std::size_t row = panel * kNestedPanel + at;
            if (row < n)
                arrange(*m_matrix, x + row * m_matrix->shape.cols, arranged.data());
            m_finite[row] = row < n && largest(arranged) < std::numeric_limits<float>::infinity() ? 1 : 0;
            if (m_finite[row] == 0)
                std::fill(arranged.begin(), arranged.end(), 0.0F);
            kernels().nestedPanel(arranged.data(), m_tiles, at, pairs(panel), unit(panel));
        }
    }
    std::int16_t* pairs(std::size_t panel) { return m_pairs.data() + panel * m_tiles * kNestedPairs; }
    float* unit(std::size_t panel) { return m_unit.data() + panel * m_tiles * kNestedPanel; }
    bool finite(std::size_t row) const { return m_finite[row] != 0; }

private:
    const Matrix* m_matrix = nullptr;
    std::size_t m_tiles = 0;
    std::vector<std::int16_t> m_pairs;
    std::vector<float> m_unit;
    std::vector<std::uint8_t> m_finite;
};

/// A row of tiles times all panels: z [n up to whole panels, zStride], its rows in the codec's order but for their scales.
void multiplyLevels(const Matrix& matrix, std::size_t tileRow, Panels& x, std::size_t panels, float* z, std::size_t zStride)
{
    thread_local std::vector<std::int16_t> levels;
    thread_local std::vector<float> scale;
    const NestedRow row = rowOf(matrix, tileRow);
    scale.resize(row.count);
    std::int16_t* const aligned = alignedRoom(levels, row.count * kTileRows * kTileCols);
    kernels().nestedDecode(row, aligned);
    for (std::size_t c = 0; c < row.count; ++c)
        scale[c] = row.tiles[c].planes > 0 ? row.tables->scale[row.tiles[c].gains[0]] : 0;
    const auto outliers = outliersOf(matrix, tileRow);
    const NestedLevels weights{aligned, scale.data(), row.count, outliers.data(), outliers.size(), tileRow * kTileRows};
    for (std::size_t panel = 0; panel < panels; ++panel)
        kernels().nestedBatch(weights, x.pairs(panel), x.unit(panel), z + panel * kNestedPanel * zStride, zStride);
}

/// Rows of products that are worked on together at most, if one alone has not more: results in the codec's order are kept for all of them.
constexpr std::size_t kRowsTogether = 8192;

/// Decodes rows once for all of x.
void multiplyDecoded(std::span<const Product> products, const float* x, std::size_t n, ThreadPool& pool)
{
    // What is allocated anew is filled by the system page by page, a tenth of the time.
    thread_local std::vector<Panels> kept;
    thread_local std::vector<float> z; // [n up to whole panels, rows of all up to whole tiles], in the codec's order
    kept.resize(std::max(kept.size(), products.size()));
    std::vector<Panels>& xs = kept;
    const std::size_t panels = Panels::panelsOf(n);
    for (std::size_t p = 0; p < products.size(); ++p) {
        BS_ASSERT(products[p].matrix->shape.cols == products[0].matrix->shape.cols);
        xs[p].resize(*products[p].matrix, n);
    }
    const TileRows all(products);
    const std::size_t stride = all.count() * kTileRows;
    z.resize(std::max(z.size(), panels * kNestedPanel * stride));
    float* const zs = z.data();
    pool.parallelFor(products.size() * panels, [&](std::size_t i) { xs[i / panels].fill(i % panels, x, n); });
    pool.parallelFor(all.count(), [&](std::size_t at) {
        const std::size_t p = all.productOf(at);
        multiplyLevels(*products[p].matrix, at - all.first(p), xs[p], panels, zs + at * kTileRows, stride);
    });
    pool.parallelRanges(n, 1, [&](std::size_t begin, std::size_t last) {
        for (std::size_t t = begin; t < last; ++t)
            for (std::size_t p = 0; p < products.size(); ++p) {
                const Matrix& matrix = *products[p].matrix;
                const float* from = zs + t * stride + all.first(p) * kTileRows;
                const float nothing = xs[p].finite(t) ? 0.0F : std::numeric_limits<float>::quiet_NaN();
                for (std::size_t i = 0; i < matrix.shape.rows; ++i)
                    products[p].y[t * products[p].yStride + matrix.rowOrder[i]] = matrix.rowScale[i] * from[i] + nothing;
            }
    });
}

} // namespace

void setDirectRows(std::size_t rows)
{
    directRows = rows;
}

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
    if (loaded.empty())
        return;
    if (n <= directRows)
        return multiplyDirect(loaded, x, n, pool);
    for (std::size_t begin = 0, end = 0; begin < loaded.size(); begin = end) {
        std::size_t rows = 0;
        do
            rows += loaded[end++].matrix->shape.rows;
        while (end < loaded.size() && rows + loaded[end].matrix->shape.rows <= kRowsTogether);
        multiplyDecoded(std::span(loaded).subspan(begin, end - begin), x, n, pool);
    }
}

} // namespace bs::nested
