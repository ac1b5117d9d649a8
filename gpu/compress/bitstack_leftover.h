#pragma once

#include "core/codecs/bitstack/encoder.h"
#include "gpu/compress/memory_share.h"
#include "gpu/compress/product_lanes.h"

#include <memory>

namespace bs::gpu {

/// bitstack::Leftover on `card`. Waits for its share of `memory`; that and `lanes` last longer.
/// Errors: as LeftoverDevice::startLeftover.
Result<std::unique_ptr<bitstack::Leftover>>
startDeviceLeftover(int card, const bitstack::LeftoverInput& input,
                    const bitstack::EncodeOptions& options, MemoryShare& memory,
                    ProductLanes& lanes, const JobContext& context);

} // namespace bs::gpu
