#pragma once

#include "core/stack/stack.h"

#include <string>
#include <string_view>
#include <vector>

namespace bs {

/// A linear matrix of a checkpoint of the BitStack authors and how many blocks its files hold.
struct HeldMatrix
{
    std::string name; ///< "model.layers.0.self_attn.q_proj"; their order says "layer.0.self_attn.q_proj"
    std::uint32_t blocks = 0;
};

/// The loading order that a compression_config.json states.
struct StatedOrder
{
    std::vector<StackBlock> order; ///< matrix: place in the list of held ones
    std::size_t smallestCount = 0; ///< what the first step loads
    std::vector<std::uint32_t> depth; ///< by matrix, of the last step: deeper blocks are never loaded
};

/// Reads the list of steps, each with the depth of every matrix ("layers"), from the smallest size to
/// the largest. The blocks of the first step come level by level; each further step adds what it has
/// and the one before has not. Nothing but the step at hand is kept, since a large model has thousands
/// of steps of hundreds of matrices. Errors: Format (step, matrix, both numbers).
Result<StatedOrder> readCompressionConfig(std::string_view text,
                                          const std::vector<HeldMatrix>& matrices);

} // namespace bs
