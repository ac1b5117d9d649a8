// The plain loops: what the fast product and the fast decoder are tested against.
#include "core/codecs/bitstack/product.h"
#include "core/tensor/float16.h"

#include <algorithm>

namespace bs::bitstack {

namespace {

/// Weight (i, j) of one block.
float valueAt(const Shape& shape, const BlockView& block, std::size_t i, std::size_t j)
{
    float sum = 0;
    for (std::size_t r = 0; r < shape.k; ++r)
        sum += halfToFloat(block.u[i * shape.k + r]) * halfToFloat(block.vt[r * shape.cols + j]);
    const std::uint8_t byte = block.sign[i * (shape.cols / 8) + j / 8];
    return ((byte >> (7 - j % 8)) & 1) != 0 ? sum : -sum;
}

} // namespace

void decode(const Shape& shape, std::span<const BlockView> blocks, float* W)
{
    std::fill(W, W + shape.rows * shape.cols, 0.0F);
    for (const BlockView& block : blocks)
        for (std::size_t i = 0; i < shape.rows; ++i)
            for (std::size_t j = 0; j < shape.cols; ++j)
                W[i * shape.cols + j] += valueAt(shape, block, i, j);
}

void multiplyReference(const Shape& shape, std::span<const BlockView> blocks, const float* x,
                       float* y)
{
    std::fill(y, y + shape.rows, 0.0F);
    for (const BlockView& block : blocks)
        for (std::size_t i = 0; i < shape.rows; ++i)
            for (std::size_t j = 0; j < shape.cols; ++j)
                y[i] += valueAt(shape, block, i, j) * x[j];
}

} // namespace bs::bitstack
