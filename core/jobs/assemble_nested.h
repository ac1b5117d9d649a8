#pragma once

#include "core/base/progress.h"
#include "core/jobs/calibration_text.h"
#include "core/jobs/compress.h"
#include "core/jobs/work_folder.h"
#include "core/model/source.h"

#include <cstdint>
#include <memory>
#include <string>

namespace bs {

/// Puts the matrices that encodeNested finished into loading order, measures eight sizes on tokens kept out of calibration and writes the
/// container. Returns its size. Errors: Exists, Io, Numeric, Canceled.
Result<std::uint64_t> assembleNested(const CompressRequest& request, std::shared_ptr<const ModelSource> source, const WorkFolder& work,
                                     const CalibrationText& text, const std::string& modelHash, const JobContext& context);

} // namespace bs
