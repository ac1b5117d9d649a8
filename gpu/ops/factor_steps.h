#pragma once

#include "gpu/device/runtime.h"

#include <cstddef>

namespace bs::gpu {

/// to [rows, cols] = from [rows, cols], f32, rows `toStride` and `fromStride` apart.
Result<void> copyPart(const float* from, std::size_t fromStride, float* to, std::size_t toStride,
                      std::size_t rows, std::size_t cols, const Stream& stream);

/// A [n, n]: A[i, i] += added[i]
Result<void> addToDiagonal(float* A, const float* added, std::size_t n, const Stream& stream);

/// A [n, n]: A[i, j] *= factor[j] above the diagonal; the rest becomes 0.
Result<void> scaleUpper(float* A, const float* factor, std::size_t n, const Stream& stream);

/// sums[i] = sum over j of weight[j] A[i, j]^2 for A [n, n].
Result<void> weightedSquares(const float* A, const float* weight, std::size_t n, float* sums,
                             const Stream& stream);

} // namespace bs::gpu
