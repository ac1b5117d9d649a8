#pragma once

#include "core/base/thread_pool.h"
#include "core/model/config.h"

#include <cstddef>
#include <span>
#include <vector>

namespace bs {

/// Queries, keys and values of whole sequences, one after another in a batch, already rotated.
struct AttentionRows
{
    const float* q = nullptr; ///< [n, heads * headDim]
    const float* k = nullptr; ///< [n, kvHeads * headDim]
    const float* v = nullptr; ///< [n, kvHeads * headDim]
};

/// Causal attention of sequences of these lengths to out [n, heads * headDim]. The softmax weights
/// are kept for the backward: `weights` becomes, sequence by sequence, [heads, length, length], of
/// which what lies behind a query is not written.
void attentionForward(const ModelConfig& config, std::span<const std::size_t> lengths,
                      const AttentionRows& rows, std::vector<float>& weights, float* out,
                      ThreadPool& pool);

/// From the gradient at `out` those at q, k and v (shapes as in AttentionRows).
void attentionBackward(const ModelConfig& config, std::span<const std::size_t> lengths,
                       const AttentionRows& rows, const std::vector<float>& weights,
                       const float* gradOut, float* gradQ, float* gradK, float* gradV,
                       ThreadPool& pool);

} // namespace bs
