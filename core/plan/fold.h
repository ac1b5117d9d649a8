#pragma once

#include "core/plan/calibration.h"

namespace bs {

/// What is done about o where several query heads share a key-value head, so that v has fewer rows than o
/// has columns.
enum class GroupedOutput {
    Shared,    ///< the heads of a group share one scale a channel, which v's rows can undo
    Published, ///< o stays unscaled, as in the authors' code
};

/// Multiplies the columns of the layer's linears by their calibration scales and divides the op before by
/// them, so that the layer computes the same: the norm before q/k/v and before gate/up, the rows of up for
/// down, the rows of v for o.
/// Returns, by slot, the mean square that each folded linear's input then has, [cols].
/// Source: BitStack (arXiv 2410.23918), section 3.2, activation-aware scaling. Differs: GroupedOutput::Shared,
/// which takes the demo model's perplexity over the first two windows at depth 3 from 85.0 to 70.3 and at
/// depth 4 from 43.7 to 41.9 for the same bytes (8192 calibration tokens).
std::array<std::vector<float>, kSlots> foldScales(DenseLayer& layer, const ModelConfig& config, const LayerStats& stats,
                                                  GroupedOutput grouped);

/// The scales that foldScales gives the columns of each linear, by slot, [cols].
std::array<std::vector<float>, kSlots> columnScales(const ModelConfig& config, const LayerStats& stats, GroupedOutput grouped);

} // namespace bs
