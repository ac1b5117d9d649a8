#include "core/codecs/bitstack/product.h"

#include "core/base/result.h"
#include "core/linalg/cpu/kernels.h"
#include "core/linalg/dense.h"

#include <algorithm>

namespace bs::bitstack {

namespace {

/// Up to this many rows of x the blocks are used as they are; measured in README.md.
constexpr std::size_t kDirectRows = 2;
/// Rows decoded at a time for more. Fixed, so that results do not depend on threads.
constexpr std::size_t kTileRows = 96;

struct Scratch
{
    std::vector<float> v;    ///< [k, cols], one block's vt
    std::vector<float> p;    ///< [k, cols], v times x
    std::vector<float> u;    ///< [rows, k]
    std::vector<float> z;    ///< [rows, k], signed sums
    std::vector<float> tile; ///< [kTileRows, cols]
};

Scratch& scratch()
{
    thread_local Scratch space;
    return space;
}

float* sized(std::vector<float>& space, std::size_t count)
{
    if (space.size() < count) space.resize(count);
    return space.data();
}

/// Adds one block's share of y[row] for rows [first, last): y_i = sum_r u_ir (sum_j s_ij vt_rj
/// x_j).
void addBlockProduct(const Shape& shape, const BlockView& block, const float* x, std::size_t n,
                     std::size_t first, std::size_t last, float* y)
{
    const Kernels& table = kernels();
    Scratch& space = scratch();
    const std::size_t rows = last - first;
    float* v = sized(space.v, shape.k * shape.cols);
    float* p = sized(space.p, shape.k * shape.cols);
    float* z = sized(space.z, rows * shape.k);
    table.halfToFloat(block.vt, v, shape.k * shape.cols);
    for (std::size_t t = 0; t < n; ++t) {
        const float* xt = x + t * shape.cols;
        for (std::size_t r = 0; r < shape.k; ++r)
            for (std::size_t j = 0; j < shape.cols; ++j)
                p[r * shape.cols + j] = v[r * shape.cols + j] * xt[j];
        table.signedSums(block.sign + first * (shape.cols / 8), p, rows, shape.cols, shape.k, z);
        for (std::size_t i = 0; i < rows; ++i)
            y[t * shape.rows + first + i] +=
                table.dotF16(block.u + (first + i) * shape.k, z + i * shape.k, shape.k);
    }
}

/// One piece of rows a thread: each piece makes the tables of signed sums anew, and a row's result
/// does not depend on the piece it is in.
void multiplyDirect(const Shape& shape, std::span<const BlockView> blocks, const float* x,
                    std::size_t n, float* y, ThreadPool& pool)
{
    const auto threads = static_cast<std::size_t>(pool.size());
    const std::size_t length = (shape.rows + threads - 1) / threads;
    pool.parallelFor(threads, [&](std::size_t piece) {
        const std::size_t first = std::min(shape.rows, piece * length);
        const std::size_t last = std::min(shape.rows, first + length);
        for (std::size_t t = 0; t < n; ++t)
            std::fill(y + t * shape.rows + first, y + t * shape.rows + last, 0.0F);
        if (first < last)
            for (const BlockView& block : blocks)
                addBlockProduct(shape, block, x, n, first, last, y);
    });
}

void multiplyByTiles(const Shape& shape, std::span<const BlockView> blocks, const float* x,
                     std::size_t n, float* y, ThreadPool& pool)
{
    const std::size_t tiles = (shape.rows + kTileRows - 1) / kTileRows;
    pool.parallelFor(tiles, [&](std::size_t tile) {
        const std::size_t first = tile * kTileRows;
        const std::size_t last = std::min(shape.rows, first + kTileRows);
        float* W = sized(scratch().tile, kTileRows * shape.cols);
        decodeRows(shape, blocks, first, last, W);
        gemmNT(n, last - first, shape.cols, x, shape.cols, W, shape.cols, y + first, shape.rows);
    });
}

} // namespace

void decodeRows(const Shape& shape, std::span<const BlockView> blocks, std::size_t firstRow,
                std::size_t lastRow, float* W)
{
    BS_ASSERT(firstRow <= lastRow && lastRow <= shape.rows && shape.cols % 8 == 0);
    const Kernels& table = kernels();
    Scratch& space = scratch();
    const std::size_t rows = lastRow - firstRow;
    float* v = sized(space.v, shape.k * shape.cols);
    float* u = sized(space.u, rows * shape.k);
    std::fill(W, W + rows * shape.cols, 0.0F);
    for (const BlockView& block : blocks) {
        table.halfToFloat(block.vt, v, shape.k * shape.cols);
        table.halfToFloat(block.u + firstRow * shape.k, u, rows * shape.k);
        table.addSignedLowRank(block.sign + firstRow * (shape.cols / 8), u, v, rows, shape.cols,
                               shape.k, W);
    }
}

void multiply(const Shape& shape, std::span<const BlockView> blocks, const float* x, std::size_t n,
              float* y, ThreadPool& pool)
{
    BS_ASSERT(shape.cols % 8 == 0);
    if (n <= kDirectRows)
        multiplyDirect(shape, blocks, x, n, y, pool);
    else
        multiplyByTiles(shape, blocks, x, n, y, pool);
}

} // namespace bs::bitstack
