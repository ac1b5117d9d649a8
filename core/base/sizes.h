#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace bs {

/// A size as a person writes it: a bare number is bytes; kB MB GB are 10^3 steps, KiB MiB GiB 2^10
/// steps, decimals allowed. Errors: Usage (names the text).
Result<std::uint64_t> parseSize(std::string_view text);

/// "149.0 MB": three or four digits with a 10^3 unit.
std::string formatSize(std::uint64_t bytes);

/// Memory this process could still take: the system's available memory, or what its cgroup leaves
/// of its limit if that is less. 0 if neither can be read.
std::uint64_t availableMemoryBytes();

/// This process's resident set, from /proc/self/statm (bytes).
std::uint64_t residentSetBytes();
/// Largest resident set so far (bytes).
std::uint64_t peakResidentBytes();

} // namespace bs
