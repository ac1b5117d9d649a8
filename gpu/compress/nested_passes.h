#pragma once

#include "core/codecs/nested/passes.h"
#include "gpu/compress/memory_share.h"

#include <cstdint>
#include <memory>

namespace bs::gpu {

/// nested::Passes on a card: each column of tiles is one launch over all rows of tiles, what its
/// errors add to later columns products of matrices. The same choices as the processor's but for
/// sums whose order differs, and single weights that the second visit buys in tiles that get no
/// plane: there are none here. `memory` lasts longer. Errors: as nested::PassDevice::startPasses.
Result<std::unique_ptr<nested::Passes>> startDevicePasses(int card, nested::Standard& standard,
                                                          const nested::EncodeOptions& options,
                                                          MemoryShare& memory,
                                                          const JobContext& context);

} // namespace bs::gpu
