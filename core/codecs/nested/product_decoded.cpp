#include "core/codecs/nested/product_steps.h"

#include <limits>

namespace bs::nested {

namespace {

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
    const NestedRow row = matrix.row(tileRow);
    scale.resize(row.count);
    std::int16_t* const aligned = alignedRoom(levels, row.count * kTileRows * kTileCols);
    kernels().nestedDecode(row, aligned);
    for (std::size_t c = 0; c < row.count; ++c)
        scale[c] = row.tiles[c].planes > 0 ? row.tables->scale[row.tiles[c].gain] : 0;
    const auto outliers = outliersOf(matrix, tileRow);
    const NestedLevels weights{aligned, scale.data(), row.count, outliers.data(), outliers.size(), tileRow * kTileRows};
    for (std::size_t panel = 0; panel < panels; ++panel)
        kernels().nestedBatch(weights, x.pairs(panel), x.unit(panel), z + panel * kNestedPanel * zStride, zStride);
}

} // namespace

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
    const Parts all(products, [](const Shape& shape) { return shape.tileRows(); });
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
                const float* const from = zs + t * stride + all.first(p) * kTileRows;
                float* const y = products[p].y + t * products[p].yStride;
                if (xs[p].finite(t))
                    kernels().gather(from, matrix.rowPlace.data(), matrix.rowScale.data(), matrix.shape.rows, y);
                else
                    std::fill_n(y, matrix.shape.rows, std::numeric_limits<float>::quiet_NaN());
            }
    });
}

} // namespace bs::nested
