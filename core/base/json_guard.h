#pragma once

#include "core/base/result.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace bs {

struct JsonLimits
{
    std::uint64_t maxBytes = 100'000'000;
    std::size_t maxDepth = 64; ///< arrays and objects inside one another
};

/// Parses JSON that somebody else wrote. Beyond the syntax it refuses what the library lets
/// through: nesting that would overflow the stack, keys that occur twice in one object (the last
/// would win silently), and NUL bytes (the library takes the first for the end). `what` names the
/// text in messages, "config.json". Errors: Format (byte position, key).
Result<nlohmann::json> parseJson(std::string_view text, const std::string& what,
                                 const JsonLimits& limits = {});

/// `text` made fit for a message: control characters and bytes that are no UTF-8 become '?', and
/// what is longer than `maxBytes` ends in "...".
std::string printable(std::string_view text, std::size_t maxBytes = 120);

/// Appends `text` as a JSON string, quotes included. Bytes that are no UTF-8 become U+FFFD.
void appendJsonString(std::string& to, std::string_view text);

} // namespace bs
