#pragma once

#include "core/model/source.h"
#include "core/stack/stack.h"

#include <cstdint>

namespace bs::gpu {

/// What a model needs on a device beside its layers' weights: rooms for prompts and products.
std::uint64_t roomBytes(const ModelSource& source);

/// How many of the first layers fit `freeBytes` at a plan, each with its keys and values of
/// `kvBytes` for all layers.
std::uint32_t layersThatFit(const ModelSource& source, const Plan* plan, std::uint64_t kvBytes,
                            std::uint64_t freeBytes);

} // namespace bs::gpu
