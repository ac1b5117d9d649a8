#include "core/codecs/nested/decoder.h"

#include <algorithm>

namespace bs::nested {

namespace {

/// Whether the sign of a row, counted around the ring, is -1.
bool signAt(const std::uint8_t* plane, std::size_t row, std::size_t col)
{
    return ((plane[planeByte(row % kTileRows, col)] >> (col % 8)) & 1U) != 0;
}

/// What a plane adds to a weight.
int levelAt(const Matrix& matrix, const Tile& tile, unsigned p, std::size_t row, std::size_t col)
{
    const std::uint8_t* plane = matrix.plane(tile, p);
    const bool own = signAt(plane, row, col);
    const bool product = signAt(plane, row + kTileRows - 1, col) != own;
    return levelOf(tile, p, own, product != (signAt(plane, row + 2, col) != signAt(plane, row + 3, col)));
}

} // namespace

int weightOf(const Matrix& matrix, const Tile& tile, std::size_t row, std::size_t col)
{
    int sum = 0;
    for (unsigned p = 0; p < tile.planes; ++p)
        sum += levelAt(matrix, tile, p, row, col);
    return sum;
}

void decodeRow(const Matrix& matrix, std::size_t row, float* values)
{
    const Shape& shape = matrix.shape;
    if (matrix.empty()) {
        std::fill_n(values, shape.cols, 0.0F);
        return;
    }
    const std::size_t i = matrix.rowPlace[row];
    for (std::size_t c = 0; c < shape.tileCols(); ++c) {
        const Tile& tile = matrix.tile(i / kTileRows, c);
        const float scale = tile.scale() * matrix.rowScale[row];
        for (std::size_t j = c * kTileCols; j < std::min((c + 1) * kTileCols, shape.cols); ++j)
            values[matrix.colOrder[j]] =
                static_cast<float>(weightOf(matrix, tile, i % kTileRows, j % kTileCols)) * scale * matrix.colScale[j];
    }
    for (std::size_t k = matrix.firstOutlier[i / kTileRows]; k < matrix.firstOutlier[i / kTileRows + 1]; ++k)
        if (const Outlier& o = matrix.outliers[k]; o.row == i)
            values[matrix.colOrder[o.col]] += o.value * matrix.rowScale[row] * matrix.colScale[o.col];
}

void decodeReference(const Matrix& matrix, float* W)
{
    const Shape& shape = matrix.shape;
    std::fill(W, W + shape.rows * shape.cols, 0.0F);
    if (matrix.empty())
        return;
    for (std::size_t i = 0; i < shape.rows; ++i)
        for (std::size_t j = 0; j < shape.cols; ++j) {
            const Tile& tile = matrix.tile(i / kTileRows, j / kTileCols);
            W[matrix.rowOrder[i] * shape.cols + matrix.colOrder[j]] =
                static_cast<float>(weightOf(matrix, tile, i % kTileRows, j % kTileCols)) * tile.scale() * matrix.rowScale[matrix.rowOrder[i]] *
                matrix.colScale[j];
        }
    for (const Outlier& o : matrix.outliers)
        W[matrix.rowOrder[o.row] * shape.cols + matrix.colOrder[o.col]] +=
            o.value * matrix.rowScale[matrix.rowOrder[o.row]] * matrix.colScale[o.col];
}

void multiplyReference(const Matrix& matrix, const float* x, float* y)
{
    const Shape& shape = matrix.shape;
    std::vector<float> W(shape.rows * shape.cols);
    decodeReference(matrix, W.data());
    for (std::size_t i = 0; i < shape.rows; ++i) {
        y[i] = 0;
        for (std::size_t j = 0; j < shape.cols; ++j)
            y[i] += W[i * shape.cols + j] * x[j];
    }
}

} // namespace bs::nested
