#pragma once

#include "core/model/weights.h"

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace bs::test {

/// Called at every linear in f64: x [n, cols] went in, y [n, rows] comes out and may be changed.
using DoubleProbe =
    std::function<void(Slot slot, const std::vector<double>& x, std::vector<double>& y)>;

/// One decoder layer over one sequence by plain loops in f64: the oracle of the fast ones and, by
/// finite differences, of their gradients. hidden [n, width] is changed in place.
void doubleLayer(const ModelConfig& config, const LayerWeights& weights,
                 std::vector<double>& hidden, const DoubleProbe& probe);

/// x [n, width] row by row over its root mean square, times `weight`.
std::vector<double> doubleNorm(const std::vector<double>& x, const std::vector<float>& weight,
                               float epsilon);

/// x [n, cols] W^T for W [rows, cols] f32.
std::vector<double> doubleProduct(std::span<const float> W, std::size_t rows,
                                  const std::vector<double>& x);

} // namespace bs::test
