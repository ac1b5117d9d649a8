#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bs {

struct UnicodeForm
{
    bool composed;      ///< NFC, NFKC; else NFD, NFKD
    bool compatibility; ///< NFKC, NFKD
};

/// The text in one of Unicode's normal forms. Bytes that are no UTF-8 stay as they are.
std::string normalizedUnicode(std::string_view text, UnicodeForm form);

/// Bytes of the first grapheme cluster of a text that is not empty; 1 for a byte that is no UTF-8.
std::size_t graphemeLength(std::string_view text);

/// Bytes of white space at the beginning, at the end.
std::size_t leadingSpace(std::string_view text);
std::size_t trailingSpace(std::string_view text);

/// Whether a word character (letter, mark, digit, connector) is at the beginning, at the end.
bool beginsWithWord(std::string_view text);
bool endsWithWord(std::string_view text);

} // namespace bs
