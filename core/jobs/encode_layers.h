#pragma once

#include "core/base/progress.h"
#include "core/jobs/compress.h"
#include "core/jobs/work_folder.h"
#include "core/model/source.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace bs {

class CompressDevice;

/// Calibrates and encodes every layer that the work folder does not hold yet, one at a time: memory is a
/// layer in f32 and the samples' hidden states. Large products are the device's; nullptr: the processor's.
/// Errors: Usage, Io, Numeric, Canceled, Memory (the device is full).
Result<void> encodeLayers(const CompressRequest& request, std::shared_ptr<const ModelSource> source,
                          const WorkFolder& work, const std::vector<std::int32_t>& calibrationTokens,
                          CompressDevice* device, const JobContext& context);

} // namespace bs
