#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bs {

/// Bytes as base64 text (RFC 4648, padded) and back; nothing if the text is none.
std::string toBase64(std::string_view bytes);
std::optional<std::string> fromBase64(std::string_view text);

} // namespace bs
