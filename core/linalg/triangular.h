#pragma once

#include <cstddef>

namespace bs {

/// In place: rows X [count, n] become X A^-1, with A [n, n] upper triangular whose diagonal counts as ones
/// (what is stored on and below it is not read). All f32 row-major, rows of A `stride` apart.
/// count n^2 / 2 multiply-adds on the calling thread.
void solveUnitUpper(const float* A, std::size_t stride, std::size_t n, float* X, std::size_t count);

} // namespace bs
