#pragma once

#include "core/plan/order.h"

#include <vector>

namespace bs {

/// A matrix of the codec `nested`, block by block.
struct PricedMatrix
{
    std::vector<std::uint64_t> bytes; ///< of each block
    std::vector<double> price;        ///< nats a byte at which it was coded, falling
    std::vector<double> loss;         ///< expected loss with the first 0, 1, .. blocks: one more than bytes
};

/// First every matrix's block 0, which is the smallest plan; then by falling price, which is the order of gain per byte on the convex
/// hull of every matrix; among blocks of a price by what was gained per byte.
LoadingOrder orderByPrice(const std::vector<PricedMatrix>& matrices);

} // namespace bs
