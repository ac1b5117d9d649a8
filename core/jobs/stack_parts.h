#pragma once

#include "core/formats/container.h"
#include "core/jobs/calibration_text.h"
#include "core/jobs/compress.h"
#include "core/model/source.h"

#include <string>

namespace bs {

/// What every new stack begins with: codec, config, tokenizer and where it comes from.
ContainerContent commonContent(const CompressRequest& request, const ModelSource& source, const CalibrationText& text,
                               const std::string& modelHash);

} // namespace bs
