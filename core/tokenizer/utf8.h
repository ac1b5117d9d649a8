#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bs {

/// Bytes of the well-formed UTF-8 character that `text` begins with (1 to 4; overlong forms,
/// surrogates and values above U+10FFFF are not well-formed), 0 if there is none.
std::size_t utf8CharLength(std::string_view text);

/// Whether `text` is the beginning of a character whose other bytes may still follow.
bool isUtf8Prefix(std::string_view text);

/// Whether every character is well-formed.
bool isUtf8(std::string_view text);

/// Code point of the well-formed character that `text` begins with.
char32_t utf8CodePoint(std::string_view text);

/// Appends a code point's UTF-8.
void appendUtf8(std::string& text, char32_t codePoint);

} // namespace bs
