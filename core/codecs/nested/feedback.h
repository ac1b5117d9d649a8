#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <span>
#include <vector>

namespace bs::nested {

/// How the error of coded columns is made up for by later ones.
struct Feedback
{
    /// [n, n], strictly upper: the target of column k is z_k + sum over j < k of (z_j - coded_j) factor[j, k].
    std::vector<float> factor;
    /// [n] loss per unit of squared error of a column against its target, what later columns can make up for taken off.
    std::vector<float> own;
};

/// What is added to the diagonal [n] of moments: damping times itself and floor times its mean.
std::vector<float> dampingOf(std::span<const float> diagonal, float damping, float floor);

/// Feedback::own of a column from its squared pivot and what of that the damping is.
float ownLoss(float pivotSquare, float counted);

/// `moments` [n, n] symmetric; works in its place, which becomes the factor. Factorises A = moments + damping * diagonal + floor * mean diagonal as R R^T with R upper
/// triangular, so factor[j, k] = R[j, k] / R[k, k]. n^3 / 3 multiplications for each of factor and own; memory 256 n beside.
/// Source: LDLQ (QuIP, arXiv 2307.13304), which equals GPTQ's updates. Errors: Numeric (not positive definite).
Result<Feedback> makeFeedback(std::vector<float> moments, std::size_t n, float damping, float floor);

} // namespace bs::nested
