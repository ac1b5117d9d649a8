#pragma once

#include <cstddef>

namespace bs {

/// In place: the inverse of an upper triangular matrix A [n, n] f32 row-major whose diagonal counts as ones
/// (what is stored on and below it is neither read nor written). n^3 / 3 multiply-adds on the calling thread.
void invertUnitUpper(float* A, std::size_t n);

} // namespace bs
