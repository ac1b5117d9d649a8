#pragma once

#include "core/base/result.h"
#include "core/base/thread_pool.h"

#include <cstddef>
#include <span>

namespace bs {

/// C [cols, cols] += X^T X for X [n, cols] f32 row-major, lower triangle only. In fixed tiles, so
/// that the sums do not depend on the number of threads.
void addGram(const float* X, std::size_t n, std::size_t cols, float* C, ThreadPool& pool);

/// Copies the lower triangle of A [n, n] to the upper one.
void mirrorLower(float* A, std::size_t n);

/// Lower triangular L with L L^T = A, in place of A's lower triangle (row-major; the upper one is
/// left as it is). n^3 / 3 multiply-adds on the calling thread. Errors: Numeric (A is not positive
/// definite: the first row at which that shows is named).
Result<void> choleskyLower(std::span<float> A, std::size_t n);

} // namespace bs
