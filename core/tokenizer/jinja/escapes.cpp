#include "core/tokenizer/jinja/escapes.h"

#include "core/tokenizer/utf8.h"

#include <charconv>
#include <cstdint>

namespace bs::jinja {

namespace {

bool readCodePoint(std::string_view source, std::size_t& at, std::size_t digits, std::string& text)
{
    const std::string_view number = source.substr(at + 1, digits);
    std::uint32_t code = 0;
    const auto parsed = std::from_chars(number.data(), number.data() + number.size(), code, 16);
    if (number.size() != digits || parsed.ptr != number.data() + digits || code > 0x10FFFF ||
        (code >= 0xD800 && code <= 0xDFFF))
        return false;
    appendUtf8(text, code);
    at += digits;
    return true;
}

} // namespace

bool unescape(std::string_view source, std::size_t& at, std::string& text)
{
    static constexpr std::string_view kFrom = "ntr\\'\"abfv0\n";
    static constexpr std::string_view kTo{"\n\t\r\\'\"\a\b\f\v\0", 11};
    if (++at >= source.size()) return false;
    const char letter = source[at];
    const std::size_t known = kFrom.find(letter);
    if (known != std::string_view::npos) {
        if (known < kTo.size()) text += kTo[known]; // a line end after a backslash is nothing
        return true;
    }
    const std::size_t digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    if (digits == 0) { // an unknown escape stands for itself
        text += {'\\', letter};
        return true;
    }
    return readCodePoint(source, at, digits, text);
}

} // namespace bs::jinja
