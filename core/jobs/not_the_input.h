#pragma once

#include "core/base/result.h"

#include <string>

namespace bs {

/// Whether a file at `output` would take away what is read: `input`, or a file in the folder it is; links are followed. Errors: Usage.
Result<void> checkNotTheInput(const std::string& output, const std::string& input);

} // namespace bs
