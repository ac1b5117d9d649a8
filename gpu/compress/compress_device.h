#pragma once

#include "core/infer/compress_device.h"

#include <memory>

namespace bs::gpu {

/// Errors: as GpuDevices::compressDevice.
Result<std::unique_ptr<CompressDevice>> openCompressDevice(int card);

} // namespace bs::gpu
