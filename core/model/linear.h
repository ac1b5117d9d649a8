#pragma once

#include "core/base/thread_pool.h"
#include "core/codecs/bitstack/layout.h"
#include "core/linalg/dense.h"

#include <vector>

namespace bs {

/// A linear layer y = W x as it is resident: dense as stored, or the blocks that are loaded.
struct Linear
{
    std::size_t rows = 0;
    std::size_t cols = 0;
    bool dense = true;
    DenseView matrix;                              ///< if dense
    bitstack::Shape shape;                         ///< if not
    std::vector<bitstack::BlockView> blocks;       ///< the first `depth` blocks; none: W = 0
};

/// y [n, rows] = x [n, cols] W^T.
void multiply(const Linear& linear, const float* x, std::size_t n, float* y, ThreadPool& pool);

} // namespace bs
