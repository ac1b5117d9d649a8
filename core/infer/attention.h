#pragma once

#include "core/infer/layer.h"

namespace bs {

/// Causal attention of a batch's queries q [n, heads * headDim] over their sequences' caches, which hold
/// the batch's own keys and values already; result to out [n, heads * headDim].
void attention(const ModelConfig& config, const std::vector<SequenceRows>& sequences, const float* q, float* out,
               ThreadPool& pool);

} // namespace bs
