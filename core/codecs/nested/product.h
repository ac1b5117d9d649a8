#pragma once

#include "core/base/thread_pool.h"
#include "core/codecs/nested/block.h"

#include <cstddef>
#include <span>

namespace bs::nested {

/// Where the products of one matrix go: y [n, yStride], its rows in columns [0, rows).
struct Product
{
    const Matrix* matrix = nullptr;
    float* y = nullptr;
    std::size_t yStride = 0;
};

/// Products of one x [n, cols] with several matrices of that many columns: row t of x gives y[t * yStride + i], i < rows. Slabs of a
/// higher matrix write side by side with a yStride of the whole. For small n (decoding) straight from the planes with sums of x in 8 or 12 bits, in one
/// parallel loop over all rows of tiles; for large n (prompts) 64 rows at a time are decoded to whole numbers once and meet x in 12 bits. An
/// empty matrix gives zeros; otherwise a row of x that is not finite gives nothing finite, nor does one straight from the planes where x times
/// column scales reaches 1e30. The result does not depend on the number of threads.
void multiply(std::span<const Product> products, const float* x, std::size_t n, ThreadPool& pool);

/// Rows of x up to which products are taken straight from the planes. Another number is for tests and benchmarks, before other threads run.
inline constexpr std::size_t kDirectRows = 20;
void setDirectRows(std::size_t rows);

} // namespace bs::nested
