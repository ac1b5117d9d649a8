#include "core/codecs/nested/product.h"

#include "core/base/result.h"
#include "core/codecs/nested/decoder.h"
#include "core/linalg/dense.h"

#include <algorithm>
#include <vector>

namespace bs::nested {

namespace {

/// Decodes 64 rows once for all of x.
void multiplyByTileRows(const Matrix& matrix, const float* x, std::size_t n, float* y, std::size_t yStride, ThreadPool& pool)
{
    const std::size_t cols = matrix.shape.cols;
    pool.parallelFor(matrix.shape.tileRows(), [&](std::size_t tileRow) {
        const std::size_t first = tileRow * kTileRows;
        const std::size_t rows = std::min(kTileRows, matrix.shape.rows - first);
        std::vector<float> W(rows * cols);
        std::vector<float> z(n * rows);
        decodeTileRow(matrix, tileRow, W.data());
        gemmNT(n, rows, cols, x, cols, W.data(), cols, z.data(), rows);
        for (std::size_t t = 0; t < n; ++t)
            for (std::size_t i = 0; i < rows; ++i)
                y[t * yStride + matrix.rowOrder[first + i]] = z[t * rows + i];
    });
}

} // namespace

void multiply(const Matrix& matrix, const float* x, std::size_t n, float* y, std::size_t yStride, ThreadPool& pool)
{
    BS_ASSERT(yStride >= matrix.shape.rows);
    if (matrix.empty()) {
        for (std::size_t t = 0; t < n; ++t)
            std::fill_n(y + t * yStride, matrix.shape.rows, 0.0F);
        return;
    }
    multiplyByTileRows(matrix, x, n, y, yStride, pool);
}

} // namespace bs::nested
