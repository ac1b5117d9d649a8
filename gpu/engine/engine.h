#pragma once

#include "core/infer/engine.h"

namespace bs::gpu {

/// The engine on a device. `plan` only for a stack; without one everything is loaded. `threads`
/// read and check blocks. Errors: as Engine::setPlan; Memory (the card is full), Unsupported (no
/// such card, no driver, head sizes and files that a card does not take).
Result<std::unique_ptr<Engine>> loadDeviceEngine(std::shared_ptr<const ModelSource> source,
                                                 int device, int threads, const Plan* plan,
                                                 const JobContext& context);

/// The same with as many of the first layers on the device as fit what is free there, the rest on
/// the processor (core/infer/first_layers.h). `kvBytes`: of a KV cache of all layers in f32.
/// Errors: Memory (not one layer fits), and as above.
Result<std::unique_ptr<Engine>> loadSplitDeviceEngine(std::shared_ptr<const ModelSource> source,
                                                      int device, int threads, const Plan* plan,
                                                      std::uint64_t kvBytes,
                                                      const JobContext& context);

} // namespace bs::gpu
