#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace bs {

/// `text` compressed: its length (8 bytes, little-endian), then a zlib stream (RFC 1950). The same every time.
std::string packText(std::string_view text);

/// The text again (untrusted). Nothing is allocated that the stream could not fill. Errors: Format (both
/// lengths, "more than `maxBytes`").
Result<std::string> unpackText(std::string_view packed, std::uint64_t maxBytes);

} // namespace bs
