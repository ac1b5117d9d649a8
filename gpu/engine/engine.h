#pragma once

#include "core/infer/engine.h"

namespace bs::gpu {

/// The engine on a device. `plan` only for a stack; without one everything is loaded. `threads`
/// read and check blocks. Errors: as Engine::setPlan; Memory (the card is full), Unsupported (no
/// such card, no driver, head sizes and files that a card does not take).
Result<std::unique_ptr<Engine>> loadDeviceEngine(std::shared_ptr<const ModelSource> source,
                                                 int device, int threads, const Plan* plan,
                                                 const JobContext& context);

} // namespace bs::gpu
