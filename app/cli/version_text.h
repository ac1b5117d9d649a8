#pragma once

#include "core/base/result.h"

#include <string>

namespace bs::cli {

/// Version, commit, kernel tables and devices: what `bitstack --version` prints. `plugin`: what
/// came of opening the CUDA plugin.
std::string versionText(const Result<void>& plugin);

/// "cpu (avx2, 2 threads)", as an engine with that many threads (0: one per core) would say.
std::string cpuName(int threads);

} // namespace bs::cli
