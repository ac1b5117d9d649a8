#include "core/codecs/nested/decoder.h"

#include "core/linalg/cpu/nested_steps.h"

#include <algorithm>
#include <vector>

namespace bs::nested {

namespace {

/// Whether the sign of a row, counted around the ring, is -1.
bool signAt(const std::uint8_t* plane, std::size_t row, std::size_t col)
{
    return ((plane[planeByte(row % kTileRows, col)] >> (col % 8)) & 1U) != 0;
}

/// What a plane adds to a weight.
int levelAt(const NestedLevel& level, const std::uint8_t* plane, bool plain, std::size_t row, std::size_t col)
{
    const bool own = signAt(plane, row, col);
    if (plain)
        return own ? -level.major : level.major;
    const bool product = signAt(plane, row + kTileRows - 1, col) != own;
    return (own ? -level.minor : level.minor) + (product != (signAt(plane, row + 2, col) != signAt(plane, row + 3, col)) ? -level.major : level.major);
}

} // namespace

void decodeRow(const Matrix& matrix, std::size_t row, float* values)
{
    const Shape& shape = matrix.shape;
    if (matrix.empty()) {
        std::fill_n(values, shape.cols, 0.0F);
        return;
    }
    const std::size_t i = matrix.rowPlace[row];
    const NestedRow tiles = matrix.row(i / kTileRows);
    std::vector<int> sums(shape.tileCols() * kTileCols, 0);
    nestedEachPlane(tiles, [&](const NestedPlane& plane, bool plain) {
        const NestedLevel level(tiles, plane, plain);
        for (std::size_t j = 0; j < kTileCols; ++j)
            sums[plane.tile * kTileCols + j] += levelAt(level, tiles.bytes + std::size_t{plane.at} * kAlignment, plain, i % kTileRows, j);
    });
    for (std::size_t j = 0; j < shape.cols; ++j)
        values[matrix.colOrder[j]] = static_cast<float>(sums[j]) * tables().scale[tiles.tiles[j / kTileCols].gain] * matrix.rowScale[row] * matrix.colScale[j];
    for (std::size_t k = matrix.firstOutlier[i / kTileRows]; k < matrix.firstOutlier[i / kTileRows + 1]; ++k)
        if (const Outlier& o = matrix.outliers[k]; o.row == i)
            values[matrix.colOrder[o.col]] += o.value * matrix.rowScale[row] * matrix.colScale[o.col];
}

void decodeReference(const Matrix& matrix, float* W)
{
    for (std::size_t row = 0; row < matrix.shape.rows; ++row)
        decodeRow(matrix, row, W + row * matrix.shape.cols);
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
