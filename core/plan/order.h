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

struct LoadingOrder
{
    std::vector<StackBlock> order;
    std::size_t smallestCount = 0;         ///< entries until every matrix has its first block
    std::vector<std::vector<double>> gain; ///< expected loss saved, [matrix][block]
};

/// Blocks by falling expected loss saved per byte along the lower convex hull of each matrix's curve, so
/// that a matrix's blocks keep their order. Matrices in `first` (embedding, head) come whole before all
/// others; then the first block of every matrix, since a model with a missing matrix is of no use.
LoadingOrder orderByLoss(const std::vector<RateDistortion>& matrices, const std::vector<std::uint32_t>& first);

} // namespace bs
