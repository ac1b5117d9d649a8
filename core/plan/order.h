#pragma once

#include "core/stack/stack.h"

#include <vector>

namespace bs {

/// What a matrix costs and saves, block by block.
struct RateDistortion
{
    std::vector<std::uint64_t> bytes; ///< of each block
    std::vector<double> loss;         ///< expected loss with the first 0, 1, .. blocks: one more than bytes
};

/// Levels that the smallest plan has whole. With one block a matrix the demo model does no better than
/// guessing (perplexity 36,000 of a vocabulary of 49,152), with two it begins to be of use (README.md).
inline constexpr std::uint32_t kLevelsOfUse = 2;

struct LoadingOrder
{
    std::vector<StackBlock> order;
    std::size_t smallestCount = 0;         ///< entries until every matrix has kLevelsOfUse blocks, or all it has
    std::vector<std::vector<double>> gain; ///< expected loss saved, [matrix][block]
};

/// Whole tensors (`first`: embedding, head) before all others, then level by level: every matrix's first
/// block, every matrix's second, and so on; within a level by falling expected loss saved per byte.
///
/// Levels, because output errors of different matrices do not add up to a loss: spending bytes freely by
/// error saved per byte is worse at every size (README.md has the figures).
LoadingOrder orderByLoss(const std::vector<RateDistortion>& matrices, const std::vector<std::uint32_t>& first);

} // namespace bs
