#pragma once

#include "gpu/device/runtime.h"
#include "gpu/kernels/sign_steps_layout.h"

#include <cstddef>
#include <cstdint>

namespace bs::gpu {

// R, S, M, E, G [rows, n] f32: what is left over of a matrix, signs (+1 or -1), magnitudes, errors,
// gradients. `count` is rows times n.

/// S = sign(R), sign(0) = +1
Result<void> takeSigns(const float* R, float* S, std::size_t count, const Stream& stream);

/// A = |R|, column j times weight[j]; no weights: as they are.
Result<void> magnitudesOf(const float* R, const float* weight, float* A, std::size_t count,
                          std::size_t n, const Stream& stream);

/// out = R - S * M; without R: S * M. `out` may be R or M.
Result<void> signedError(const float* R, const float* S, const float* M, float* out,
                         std::size_t count, const Stream& stream);

/// G = S * (G + damping * power[j] * E)
Result<void> signedGradient(const float* S, const float* E, const float* power, float damping,
                            float* G, std::size_t count, std::size_t n, const Stream& stream);

/// packed [count / 8]: bits of S, the first in the highest one; bit j of a row is column place[j];
/// no places: as they lie. n is a multiple of 8.
Result<void> packSigns(const float* S, const std::uint32_t* place, std::uint8_t* packed,
                       std::size_t count, std::size_t n, const Stream& stream);

/// Blocks of dotShares.
std::size_t dotBlocks(std::size_t count);
/// sums [dotBlocks(count)]: shares of the sum of a * b, in an order that is always the same.
Result<void> dotShares(const float* a, const float* b, std::size_t count, double* sums,
                       const Stream& stream);

Result<void> chooseSigns(const SignPanel& panel, const Stream& stream);

/// Blocks of a step, each with k sums.
std::size_t columnStepBlocks(std::size_t rows);
Result<void> refitColumn(const ColumnStep& step, const Stream& stream);

} // namespace bs::gpu
