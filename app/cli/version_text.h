#pragma once

#include <string>

namespace bs::cli {

/// Version, commit, kernel tables and device: what `bitstack --version` prints.
std::string versionText();

/// "cpu (avx2, 2 threads)", as an engine with that many threads (0: one per core) would say.
std::string cpuName(int threads);

} // namespace bs::cli
