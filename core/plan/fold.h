#pragma once

#include "core/plan/calibration.h"

namespace bs {

/// Multiplies the columns of the layer's linears by their calibration scales and divides the op before by
/// them, so that the layer computes the same: the norm before q/k/v and before gate/up, the rows of up for
/// down, the rows of v for o where v and o have one shape (with grouped queries o keeps its scale).
/// Returns, by slot, the mean square that each folded linear's input then has, [cols].
/// Source: BitStack (arXiv 2410.23918), section 3.2, activation-aware scaling.
std::array<std::vector<float>, kSlots> foldScales(DenseLayer& layer, const LayerStats& stats);

} // namespace bs
