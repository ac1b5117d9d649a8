#pragma once

#include "core/model/config.h"

#include <cstddef>
#include <cstdint>

namespace bs::gpu {

/// Bytes that a batch of so many tokens takes between the layers, beside decoded matrices.
std::uint64_t batchBytes(const ModelConfig& config, std::size_t tokens);

/// Tokens of a long prompt that run at once on a card with so many free bytes: the more, the less
/// often its matrices are decoded. As many as take a small part of that, which they then keep,
/// Engine::kBatchTokens to four times as many.
std::size_t promptBatch(const ModelConfig& config, std::uint64_t freeBytes);

} // namespace bs::gpu
