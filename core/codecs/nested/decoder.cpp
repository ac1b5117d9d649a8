#include "core/codecs/nested/decoder.h"

#include <algorithm>

namespace bs::nested {

namespace {

unsigned bitAt(const std::uint8_t* plane, std::size_t row, std::size_t col)
{
    return (plane[row / 8 * kTileCols + col] >> (row % 8)) & 1U;
}

unsigned symbolAt(const std::uint8_t* plane, std::size_t row, std::size_t col)
{
    return (plane[row / 4 * kTileCols + col] >> (2 * (row % 4))) & 3U;
}

/// The window of a row: its own bits lowest, then those of the rows before, around the ring.
unsigned windowAt(Base base, unsigned plane, const std::uint8_t* bytes, std::size_t row, std::size_t col)
{
    const auto before = [row](std::size_t steps) { return (row + kTileRows - steps) % kTileRows; };
    if (base == Base::Two && plane == 0)
        return symbolAt(bytes, row, col) | symbolAt(bytes, before(1), col) << 2;
    return bitAt(bytes, row, col) | bitAt(bytes, before(1), col) << 1 | bitAt(bytes, before(2), col) << 2 |
           bitAt(bytes, before(3), col) << 3;
}

int gainIndex(const Tile& tile, unsigned plane)
{
    return plane == 0 ? kGainOne : tile.gains[plane - 1];
}

/// Levels of a tile, [rows, 32] with `rows` <= 64.
void decodeTile(const Matrix& matrix, const Tile& tile, std::size_t rows, int* sums)
{
    std::fill(sums, sums + rows * kTileCols, 0);
    for (unsigned p = 0; p < tile.planes; ++p) {
        const Levels& table = levels(tile.base, p, gainIndex(tile, p));
        const int weight = levelWeight(tile.base, p);
        const std::uint8_t* bytes = matrix.plane(tile, p);
        for (std::size_t row = 0; row < rows; ++row)
            for (std::size_t col = 0; col < kTileCols; ++col)
                sums[row * kTileCols + col] += weight * table[windowAt(tile.base, p, bytes, row, col)];
    }
}

/// The first outlier in row `row` or behind it.
std::vector<Outlier>::const_iterator firstOutlier(const Matrix& matrix, std::size_t row)
{
    return std::lower_bound(matrix.outliers.begin(), matrix.outliers.end(), row,
                            [](const Outlier& o, std::size_t wanted) { return o.row < wanted; });
}

} // namespace

int weightOf(const Matrix& matrix, const Tile& tile, std::size_t row, std::size_t col)
{
    int sum = 0;
    for (unsigned p = 0; p < tile.planes; ++p)
        sum += levelWeight(tile.base, p) *
               levels(tile.base, p, gainIndex(tile, p))[windowAt(tile.base, p, matrix.plane(tile, p), row, col)];
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
        std::array<int, kTileCols> sums{};
        for (unsigned p = 0; p < tile.planes; ++p) {
            const Levels& table = levels(tile.base, p, gainIndex(tile, p));
            const int weight = levelWeight(tile.base, p);
            for (std::size_t col = 0; col < kTileCols; ++col)
                sums[col] += weight * table[windowAt(tile.base, p, matrix.plane(tile, p), i % kTileRows, col)];
        }
        const float scale = tile.scale() * matrix.rowScale[i];
        for (std::size_t j = c * kTileCols; j < std::min((c + 1) * kTileCols, shape.cols); ++j)
            values[matrix.colOrder[j]] = static_cast<float>(sums[j % kTileCols]) * scale * matrix.colScale[j];
    }
    for (auto o = firstOutlier(matrix, i); o != matrix.outliers.end() && o->row == i; ++o)
        values[matrix.colOrder[o->col]] += o->value * matrix.rowScale[i] * matrix.colScale[o->col];
}

void decodeTileRow(const Matrix& matrix, std::size_t tileRow, float* values)
{
    const Shape& shape = matrix.shape;
    const std::size_t first = tileRow * kTileRows;
    const std::size_t rows = std::min(kTileRows, shape.rows - first);
    std::array<int, kTileRows * kTileCols> sums{};
    for (std::size_t c = 0; c < shape.tileCols(); ++c) {
        const Tile& tile = matrix.tile(tileRow, c);
        decodeTile(matrix, tile, rows, sums.data());
        const float scale = tile.scale();
        for (std::size_t col = 0; col < std::min(kTileCols, shape.cols - c * kTileCols); ++col) {
            const std::size_t j = c * kTileCols + col;
            for (std::size_t row = 0; row < rows; ++row)
                values[row * shape.cols + matrix.colOrder[j]] = static_cast<float>(sums[row * kTileCols + col]) * scale *
                                                                matrix.rowScale[first + row] * matrix.colScale[j];
        }
    }
    for (auto o = firstOutlier(matrix, first); o != matrix.outliers.end() && o->row < first + rows; ++o)
        values[(o->row - first) * shape.cols + matrix.colOrder[o->col]] +=
            o->value * matrix.rowScale[o->row] * matrix.colScale[o->col];
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
                static_cast<float>(weightOf(matrix, tile, i % kTileRows, j % kTileCols)) * tile.scale() * matrix.rowScale[i] *
                matrix.colScale[j];
        }
    for (const Outlier& o : matrix.outliers)
        W[matrix.rowOrder[o.row] * shape.cols + matrix.colOrder[o.col]] +=
            o.value * matrix.rowScale[o.row] * matrix.colScale[o.col];
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
