#pragma once

#include "core/base/file.h"

#include <cstdint>
#include <span>
#include <string>

namespace bs {

/// XXH3-64 of the bytes, seed 0.
std::uint64_t xxh3(std::span<const std::byte> bytes);

/// 16 lower-case hexadecimal digits, most significant first.
std::string hexOf(std::uint64_t hash);

/// hexOf(xxh3) of a whole file, read in pieces. Errors as File.
Result<std::string> hashFile(const std::string& path);

} // namespace bs
