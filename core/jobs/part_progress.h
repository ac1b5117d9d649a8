#pragma once

#include "core/base/progress.h"

#include <string>

namespace bs {

/// The progress of one part of several, as progress of the whole; `whole` must outlive it.
JobContext partOf(const JobContext& whole, std::size_t index, std::size_t count,
                  const std::string& what);

} // namespace bs
