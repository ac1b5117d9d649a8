#pragma once

#include "core/infer/first_layers.h"

namespace bs::gpu {

/// What a model needs on a device beside its layers' weights: rooms for prompts and products.
std::uint64_t roomBytes(const ModelSource& source);

/// How many of the first layers fit `freeBytes` at a plan, each with its keys and values of
/// `kvBytes` for all layers.
std::uint32_t layersThatFit(const ModelSource& source, const Plan* plan, std::uint64_t kvBytes,
                            std::uint64_t freeBytes);

/// The first `count` layers on a device. Errors: as loadDeviceEngine.
Result<std::unique_ptr<FirstLayers>> loadFirstLayers(std::shared_ptr<const ModelSource> source,
                                                     std::uint32_t count, int device, int threads,
                                                     const Plan* plan, const JobContext& context);

} // namespace bs::gpu
