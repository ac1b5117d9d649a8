#pragma once

#include <cstddef>

namespace bs {

// Products of a matrix with few columns, where a GEMM copies operands for longer than it multiplies. A [rows, cols] f32 row-major; Q and
// Y column by column, as Eigen has them. On the calling thread. Sums are in f32 and grow over all of a row, with no order promised.

/// Y [rows, k] = A Q of Q [cols, k].
void multiplyNarrow(const float* A, std::size_t rows, std::size_t cols, const float* Q, std::size_t k, float* Y);
/// Y [cols, k] = A^T Q of Q [rows, k].
void multiplyNarrowTransposed(const float* A, std::size_t rows, std::size_t cols, const float* Q, std::size_t k, float* Y);
/// Y [cols, k] = A^T A Q of Q [cols, k]; A is read from memory once.
void multiplyNarrowGram(const float* A, std::size_t rows, std::size_t cols, const float* Q, std::size_t k, float* Y);
/// Y [rows, k] = A A^T Q of Q [rows, k].
void multiplyNarrowGramTransposed(const float* A, std::size_t rows, std::size_t cols, const float* Q, std::size_t k, float* Y);

} // namespace bs
