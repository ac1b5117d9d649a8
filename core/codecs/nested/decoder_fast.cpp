#include "core/codecs/nested/decoder.h"
#include "core/codecs/nested/product_steps.h"

#include <algorithm>

namespace bs::nested {

namespace {

/// A row of tiles, as the kernel decodes it, to its rows of W. The factors come in decodeRow's
/// order, so that they round alike.
void scatter(const Matrix& matrix, std::size_t tileRow, const std::int16_t* levels, float* W)
{
    const Shape& shape = matrix.shape;
    const NestedRow row = matrix.row(tileRow);
    const std::size_t last = std::min(shape.rows, (tileRow + 1) * kTileRows);
    for (std::size_t i = tileRow * kTileRows; i < last; ++i) {
        const std::size_t own = matrix.rowOrder[i];
        float* const to = W + own * shape.cols;
        for (std::size_t j = 0; j < shape.cols; ++j) {
            const std::size_t tile = j / kTileCols;
            const std::int16_t level =
                levels[(tile * kTileRows + i % kTileRows) * kTileCols + j % kTileCols];
            to[matrix.colOrder[j]] = static_cast<float>(level) *
                                     tables().scale[row.tiles[tile].gain] * matrix.rowScale[own] *
                                     matrix.colScale[j];
        }
    }
    for (const Outlier& o : outliersOf(matrix, tileRow)) {
        const std::size_t own = matrix.rowOrder[o.row];
        W[own * shape.cols + matrix.colOrder[o.col]] +=
            o.value * matrix.rowScale[own] * matrix.colScale[o.col];
    }
}

} // namespace

void decode(const Matrix& matrix, float* W)
{
    if (matrix.empty()) {
        std::fill_n(W, matrix.shape.rows * matrix.shape.cols, 0.0F);
        return;
    }
    std::vector<std::int16_t> held;
    std::int16_t* const levels = alignedRoom(held, matrix.shape.tileCols() * kTileRows * kTileCols);
    for (std::size_t tileRow = 0; tileRow < matrix.shape.tileRows(); ++tileRow) {
        kernels().nestedDecode(matrix.row(tileRow), levels);
        scatter(matrix, tileRow, levels, W);
    }
}

} // namespace bs::nested
