#pragma once

#include "core/tokenizer/jinja/value.h"

#include <optional>

namespace bs::jinja {

/// Without the characters (white space if none are named) at its start and end.
std::string strip(std::string_view text, const std::optional<std::string>& characters, bool atStart,
                  bool atEnd);

/// Python's str.split: by a separator, or by runs of white space; at most `most` cuts (< 0: all).
std::vector<std::string> split(std::string_view text, const std::optional<std::string>& separator,
                               std::int64_t most);

/// Every `from` becomes `to`.
Result<Value> replaced(const std::string& text, const std::string& from, const std::string& to,
                       Work& work);

/// `how`: "upper", "lower", "title", "capitalize". One character becomes one character.
std::string recased(std::string_view text, std::string_view how);

} // namespace bs::jinja
