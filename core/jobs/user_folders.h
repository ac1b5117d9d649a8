#pragma once

#include "core/base/result.h"

#include <string>

namespace bs {

/// $XDG_CACHE_HOME/bitstack/<name>, or below ~/.cache; the folder is made. Errors: Io.
Result<std::string> userCacheFolder(const std::string& name);

} // namespace bs
