#include "core/tokenizer/unicode.h"

#include "core/tokenizer/utf8.h"

#include <utf8proc.h>

#include <algorithm>
#include <vector>

namespace bs {

namespace {

/// Unicode's White_Space.
bool isSpace(char32_t character)
{
    return (character >= 0x9 && character <= 0xD) || character == 0x20 || character == 0x85 ||
           character == 0xA0 || character == 0x1680 ||
           (character >= 0x2000 && character <= 0x200A) || character == 0x2028 ||
           character == 0x2029 || character == 0x202F || character == 0x205F || character == 0x3000;
}

bool isWord(char32_t character)
{
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(character))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_PC:
        return true;
    default:
        return character == 0x200C || character == 0x200D; // joiners count, as in Rust's \w
    }
}

/// The last character's bytes; a byte that is no UTF-8 by itself.
std::string_view lastCharacter(std::string_view text)
{
    for (std::size_t length = 1; length <= std::min<std::size_t>(4, text.size()); ++length) {
        const std::string_view tail = text.substr(text.size() - length);
        if (utf8CharLength(tail) == length) return tail;
    }
    return text.substr(text.size() - 1);
}

/// One run of well-formed UTF-8.
void appendNormalized(std::string& to, std::string_view run, UnicodeForm form)
{
    int options = UTF8PROC_STABLE | (form.composed ? UTF8PROC_COMPOSE : UTF8PROC_DECOMPOSE);
    if (form.compatibility) options |= UTF8PROC_COMPAT;
    const auto flags = static_cast<utf8proc_option_t>(options);
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(run.data());
    const auto size = static_cast<utf8proc_ssize_t>(run.size());
    const utf8proc_ssize_t count = utf8proc_decompose(bytes, size, nullptr, 0, flags);
    std::vector<utf8proc_int32_t> points(
        static_cast<std::size_t>(std::max<utf8proc_ssize_t>(count, 0)));
    if (count < 0 || utf8proc_decompose(bytes, size, points.data(), count, flags) != count) {
        to += run;
        return;
    }
    const utf8proc_ssize_t left = utf8proc_normalize_utf32(points.data(), count, flags);
    for (utf8proc_ssize_t at = 0; at < left; ++at)
        appendUtf8(to, static_cast<char32_t>(points[static_cast<std::size_t>(at)]));
}

} // namespace

std::string normalizedUnicode(std::string_view text, UnicodeForm form)
{
    // ASCII is in every form.
    if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
        return std::string(text);
    std::string result;
    std::size_t begin = 0;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t length = at < text.size() ? utf8CharLength(text.substr(at)) : 0;
        if (length > 0) {
            at += length;
            continue;
        }
        appendNormalized(result, text.substr(begin, at - begin), form);
        if (at < text.size()) result += text[at];
        begin = ++at;
    }
    return result;
}

std::size_t graphemeLength(std::string_view text)
{
    std::size_t at = utf8CharLength(text);
    if (at == 0) return 1;
    utf8proc_int32_t state = 0;
    auto previous = static_cast<utf8proc_int32_t>(utf8CodePoint(text));
    while (at < text.size()) {
        const std::size_t length = utf8CharLength(text.substr(at));
        if (length == 0) break;
        const auto next = static_cast<utf8proc_int32_t>(utf8CodePoint(text.substr(at)));
        if (utf8proc_grapheme_break_stateful(previous, next, &state)) break;
        previous = next;
        at += length;
    }
    return at;
}

std::size_t leadingSpace(std::string_view text)
{
    std::size_t at = 0;
    while (at < text.size() && isSpace(utf8CodePoint(text.substr(at))))
        at += utf8CharLength(text.substr(at));
    return at;
}

std::size_t trailingSpace(std::string_view text)
{
    std::size_t size = 0;
    while (size < text.size()) {
        const std::string_view last = lastCharacter(text.substr(0, text.size() - size));
        if (!isSpace(utf8CodePoint(last))) break;
        size += last.size();
    }
    return size;
}

bool beginsWithWord(std::string_view text)
{
    return utf8CharLength(text) > 0 && isWord(utf8CodePoint(text));
}

bool endsWithWord(std::string_view text)
{
    return !text.empty() && beginsWithWord(lastCharacter(text));
}

} // namespace bs
