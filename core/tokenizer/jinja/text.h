#pragma once

#include "core/tokenizer/jinja/value.h"

#include <optional>

namespace bs::jinja {

/// Without the characters (white space if none are named) at its start and end. Errors: Format
/// (more than 4096 bytes of characters).
Result<std::string> strip(std::string_view text, const std::optional<std::string>& characters,
                          bool atStart, bool atEnd);

/// Python's str.split: by a separator, or by runs of white space; at most `most` cuts (< 0: all).
Result<Value> split(std::string_view text, const std::optional<std::string>& separator,
                    std::int64_t most, Work& work);

/// Python's str.splitlines: the lines without their ends. Errors: Format (more than 100,000).
Result<std::vector<std::string_view>> splitLines(std::string_view text);

/// What Python's str.isspace, isalpha and isdigit say of one character.
bool isSpace(char32_t code);
bool isLetter(char32_t code);
bool isDigit(char32_t code);

/// Every `from` becomes `to`.
Result<Value> replaced(const std::string& text, const std::string& from, const std::string& to,
                       Work& work);

/// `how`: "upper", "lower", "capitalize", "title" as the method, "titlecase" as the filter title,
/// whose words end at white space, '-' and opening brackets. One character becomes one
/// character, but for the German sharp s.
std::string recased(std::string_view text, std::string_view how);

} // namespace bs::jinja
