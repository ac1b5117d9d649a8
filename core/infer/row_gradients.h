#pragma once

// Forward and backward of what a layer does row by row: RMS norm and SwiGLU.

#include "core/base/thread_pool.h"

#include <cstddef>
#include <vector>

namespace bs {

/// An RMS norm's results, kept for its backward.
struct NormRows
{
    std::vector<float> normalised; ///< [n, width], before the weight
    std::vector<float> inverse;    ///< [n], 1 / root mean square
    std::vector<float> y;          ///< [n, width]
};

/// Norm of x [n, width], times `weight`.
void normForward(const float* x, const std::vector<float>& weight, std::size_t n, float epsilon,
                 NormRows& rows, ThreadPool& pool);

/// Adds to gradX [n, width] what the gradient at the output gradY [n, width] is at the input.
void normBackward(const NormRows& rows, const std::vector<float>& weight, std::size_t n,
                  const float* gradY, float* gradX, ThreadPool& pool);

/// y = silu(gate) * up, `count` values each.
void swigluForward(const float* gate, const float* up, float* y, std::size_t count,
                   ThreadPool& pool);

/// gate and up become the gradients at gate and up.
void swigluBackward(const float* gradY, float* gate, float* up, std::size_t count,
                    ThreadPool& pool);

} // namespace bs
