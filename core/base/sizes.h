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

} // namespace bs
