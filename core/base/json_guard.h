#pragma once

#include "core/base/result.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bs {

struct JsonLimits
{
    std::uint64_t maxBytes = 100'000'000;
    std::size_t maxDepth = 64;             ///< arrays and objects inside one another
    std::uint64_t maxMemory = 32ULL << 20; ///< of the parsed values, by an estimate from above
    std::size_t maxKeys = 1ULL << 19;      ///< of one object
    std::size_t maxRun = 8ULL << 20; ///< bytes of a text, or from one to the next (the library
                                     ///< keeps them twice while it reads)
};

/// Parses JSON that somebody else wrote. Beyond the syntax it refuses what the library lets
/// through: nesting that would overflow the stack, keys that occur twice in one object (the last
/// would win silently), NUL bytes (the library takes the first for the end), and texts whose values
/// would take many times their bytes. `what` names the text in messages, "config.json". Errors:
/// Format (byte position, key, bound).
Result<nlohmann::json> parseJson(std::string_view text, const std::string& what,
                                 const JsonLimits& limits = {});

/// Where the first run of more than `most` bytes begins: of a text in quotes, or from one to the
/// next (JsonLimits::maxRun). For readers that take the library's events without parseJson.
std::optional<std::size_t> longRun(std::string_view text, std::size_t most);

/// `text` made fit for a message: control characters and bytes that are no UTF-8 become '?', and
/// what is longer than `maxBytes` ends in "...".
std::string printable(std::string_view text, std::size_t maxBytes = 120);

/// Appends `text` as a JSON string, quotes included. Bytes that are no UTF-8 become U+FFFD.
void appendJsonString(std::string& to, std::string_view text);

} // namespace bs
