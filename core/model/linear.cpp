#include "core/model/linear.h"

#include "core/codecs/bitstack/product.h"

#include <algorithm>

namespace bs {

void multiply(const Linear& linear, const float* x, std::size_t n, float* y, ThreadPool& pool)
{
    if (linear.dense)
        multiply(linear.matrix, x, n, y, pool);
    else if (linear.blocks.empty())
        std::fill_n(y, n * linear.rows, 0.0F);
    else
        bitstack::multiply(linear.shape, linear.blocks, x, n, y, pool);
}

} // namespace bs
