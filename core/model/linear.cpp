#include "core/model/linear.h"

#include "core/base/result.h"
#include "core/codecs/bitstack/product.h"
#include "core/codecs/nested/decoder.h"
#include "core/codecs/nested/product.h"

#include <algorithm>

namespace bs {

Result<void> multiply(const Linear& linear, const float* x, std::size_t n, float* y, ThreadPool& pool)
{
    const LinearProduct product{&linear, y};
    return multiply(std::span(&product, 1), x, n, pool);
}

Result<void> multiply(std::span<const LinearProduct> products, const float* x, std::size_t n, ThreadPool& pool)
{
    std::vector<nested::Product> nestedOnes;
    for (const auto& [linear, y] : products) {
        if (linear->held != nullptr)
            BS_CHECK(linear->held->multiply(x, n, y));
        else if (!linear->slabs.empty())
            for (const NestedSlab& slab : linear->slabs)
                nestedOnes.push_back({&slab.matrix, y + slab.firstRow, linear->rows});
        else if (linear->dense && linear->matrix.data != nullptr)
            multiply(linear->matrix, x, n, y, pool);
        else if (!linear->dense && !linear->blocks.empty())
            bitstack::multiply(linear->shape, linear->blocks, x, n, y, pool);
        else
            std::fill_n(y, n * linear->rows, 0.0F);
    }
    if (!nestedOnes.empty())
        nested::multiply(nestedOnes, x, n, pool);
    return {};
}

Result<void> multiplyTransposed(const Linear& linear, const float* x, std::size_t n, float* y, Into into, ThreadPool& pool)
{
    if (linear.held != nullptr)
        return linear.held->multiplyTransposed(x, n, y, into);
    BS_ASSERT(linear.dense && linear.matrix.dtype == DType::F32);
    multiplyTransposed(reinterpret_cast<const float*>(linear.matrix.data), linear.rows, linear.cols, x, n, y, into, pool);
    return {};
}

void rowOf(const Linear& linear, std::size_t row, float* values)
{
    BS_ASSERT(row < linear.rows && linear.blocks.empty());
    if (!linear.slabs.empty()) {
        const auto behind = std::upper_bound(linear.slabs.begin(), linear.slabs.end(), row,
                                             [](std::size_t r, const NestedSlab& slab) { return r < slab.firstRow; });
        const NestedSlab& slab = *std::prev(behind);
        nested::decodeRow(slab.matrix, row - slab.firstRow, values);
    } else if (linear.matrix.data != nullptr) {
        denseRow(linear.matrix, row, values);
    } else {
        std::fill_n(values, linear.cols, 0.0F);
    }
}

} // namespace bs
