#pragma once

#include "core/base/thread_pool.h"
#include "core/codecs/nested/block.h"

#include <cstddef>

namespace bs::nested {

/// y [n, yStride] columns [0, rows) = x [n, cols] W^T: row t of x gives y[t * yStride + i], i < rows. Slabs of a higher matrix
/// write side by side with a yStride of the whole. For small n (decoding) straight from the planes with x in 8 bits, for large n
/// (prompts) 64 rows at a time are decoded to f32 once and used for the whole batch. An empty matrix gives zeros; otherwise a row
/// of x that is not finite gives nothing finite. The result does not depend on the number of threads.
void multiply(const Matrix& matrix, const float* x, std::size_t n, float* y, std::size_t yStride, ThreadPool& pool);

} // namespace bs::nested
