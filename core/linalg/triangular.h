#pragma once

#include <cstddef>

namespace bs {

/// In place: the inverse of an upper triangular matrix A [n, n] f32 row-major whose diagonal counts as ones
/// (what is stored on and below it is neither read nor written). n^3 / 3 multiply-adds on the calling thread.
void invertUnitUpper(float* A, std::size_t n);

/// C [m, n] += A [k, m]^T B [k, n], f32 row-major with leading dimensions; OpenBLAS on the calling thread.
void addProductTN(std::size_t m, std::size_t n, std::size_t k, const float* A, std::size_t lda, const float* B, std::size_t ldb,
                  float* C, std::size_t ldc);

} // namespace bs
