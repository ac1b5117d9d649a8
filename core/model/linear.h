#pragma once

#include "core/base/thread_pool.h"
#include "core/codecs/bitstack/layout.h"
#include "core/codecs/nested/block.h"
#include "core/linalg/dense.h"

#include <span>
#include <vector>

namespace bs {

/// Neighbouring rows of a linear as codec `nested` holds them.
struct NestedSlab
{
    std::size_t firstRow = 0;
    nested::Matrix matrix; ///< empty: these rows of W are 0
};

/// A linear layer y = W x as it is resident: dense as stored, or the blocks that are loaded. An embedding
/// is one, too: its rows are looked up.
struct Linear
{
    std::size_t rows = 0;
    std::size_t cols = 0;
    bool dense = true;
    DenseView matrix;                        ///< if dense; without data: W = 0
    bitstack::Shape shape;                   ///< if not, codec `bitstack`
    std::vector<bitstack::BlockView> blocks; ///< the first `depth` blocks; none: W = 0
    std::vector<NestedSlab> slabs;           ///< codec `nested`: all rows, by firstRow
};

/// y [n, rows] = x [n, cols] W^T.
void multiply(const Linear& linear, const float* x, std::size_t n, float* y, ThreadPool& pool);

/// What x is multiplied with, and where that goes: y [n, rows].
struct LinearProduct
{
    const Linear* linear = nullptr;
    float* y = nullptr;
};

/// The same for several linears of one x [n, cols]; those of codec `nested` are worked on together.
void multiply(std::span<const LinearProduct> products, const float* x, std::size_t n, ThreadPool& pool);

/// Row `row` of W to `values` [cols]. Not for codec `bitstack`, whose whole tensors are dense.
void rowOf(const Linear& linear, std::size_t row, float* values);

} // namespace bs
