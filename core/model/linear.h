#pragma once

#include "core/base/thread_pool.h"
#include "core/codecs/bitstack/layout.h"
#include "core/codecs/nested/block.h"
#include "core/linalg/dense.h"
#include "core/linalg/gemm.h"
#include "core/linalg/matrix_device.h"

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
    HeldMatrix* held = nullptr;              ///< the same W on a card, which multiplies then
};

/// y [n, rows] = x [n, cols] W^T. Errors of this and the others: as HeldMatrix has them; none where W is not held on a
/// card.
Result<void> multiply(const Linear& linear, const float* x, std::size_t n, float* y, ThreadPool& pool);

/// What x is multiplied with, and where that goes: y [n, rows].
struct LinearProduct
{
    const Linear* linear = nullptr;
    float* y = nullptr;
};

/// The same for several linears of one x [n, cols]; those of codec `nested` are worked on together.
Result<void> multiply(std::span<const LinearProduct> products, const float* x, std::size_t n, ThreadPool& pool);

/// y [n, cols] = x [n, rows] W, or added to y. W is dense f32.
Result<void> multiplyTransposed(const Linear& linear, const float* x, std::size_t n, float* y, Into into, ThreadPool& pool);

/// Row `row` of W to `values` [cols]. Not for codec `bitstack`, whose whole tensors are dense.
void rowOf(const Linear& linear, std::size_t row, float* values);

} // namespace bs
