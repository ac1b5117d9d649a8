#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace bs {

/// Memory this process could still take: the system's available memory, or what its cgroup leaves
/// of its limit if that is less. 0 if neither can be read.
std::uint64_t availableMemoryBytes();

/// This process's resident set, from /proc/self/statm (bytes).
std::uint64_t residentSetBytes();
/// Largest resident set so far (bytes).
std::uint64_t peakResidentBytes();

/// Share of the last ten seconds in which something here waited for memory, 0 to 1: pressure stall
/// information of the cgroup, else of the system. None where the kernel keeps none.
std::optional<double> memoryPressure();
/// The same from such a file's text ("some avg10=0.12 avg60=.."); none if it does not say.
std::optional<double> parsePressure(std::string_view text);

} // namespace bs
