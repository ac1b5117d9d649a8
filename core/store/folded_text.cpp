#include "core/store/folded_text.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

namespace bs {

namespace {

constexpr const char* kEllipsis = "\xE2\x80\xA6";

bool isAscii(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// What folding does to ASCII.
std::string lowered(std::string_view text)
{
    std::string folded(text);
    std::ranges::transform(folded, folded.begin(), lower);
    return folded;
}

/// Whether `text` holds `search`, which is lowered, when only ASCII letters have two cases.
bool holdsLowered(std::string_view text, std::string_view search)
{
    const auto same = [](char a, char b) { return lower(a) == b; };
    return std::search(text.begin(), text.end(), search.begin(), search.end(), same) != text.end();
}

/// Bytes of the character at `at`; 1 for what is no UTF-8.
std::size_t characterLength(std::string_view text, std::size_t at)
{
    utf8proc_int32_t codePoint = 0;
    const utf8proc_ssize_t length = utf8proc_iterate(
        reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
        static_cast<utf8proc_ssize_t>(std::min<std::size_t>(text.size() - at, 4)), &codePoint);
    return length > 0 ? static_cast<std::size_t>(length) : 1;
}

/// Where a hit in the folded text lies in the text itself: folding may change lengths, so the
/// characters are folded one after another until as many bytes came out.
std::size_t placeOf(std::string_view text, std::size_t foldedAt)
{
    std::size_t at = 0;
    std::size_t folded = 0;
    while (at < text.size() && folded < foldedAt) {
        const std::size_t length = characterLength(text, at);
        folded += foldedText(text.substr(at, length)).size();
        at += length;
    }
    return at;
}

bool isInsideCharacter(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

} // namespace

std::string foldedText(std::string_view text)
{
    if (isAscii(text)) return lowered(text);
    utf8proc_uint8_t* raw = nullptr;
    const utf8proc_ssize_t length =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                     static_cast<utf8proc_ssize_t>(text.size()), &raw,
                     static_cast<utf8proc_option_t>(UTF8PROC_CASEFOLD | UTF8PROC_COMPOSE));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(raw, &std::free);
    if (length < 0) return lowered(text);
    return {reinterpret_cast<const char*>(raw), static_cast<std::size_t>(length)};
}

bool holdsFolded(std::string_view text, std::string_view search)
{
    // What this finds is there in any case; other letters may fold to ASCII ones, but are rare.
    if (search.empty() || holdsLowered(text, search)) return true;
    return !isAscii(text) && foldedText(text).find(search) != std::string::npos;
}

std::string excerptAround(std::string_view text, std::string_view search, std::size_t around)
{
    const std::string wanted = foldedText(search);
    const std::size_t hit = foldedText(text).find(wanted);
    if (wanted.empty() || hit == std::string::npos) return {};
    const std::size_t at = placeOf(text, hit);
    std::size_t begin = at - std::min(at, around);
    std::size_t end = std::min(text.size(), at + search.size() + around);
    while (begin > 0 && isInsideCharacter(text[begin]))
        --begin;
    while (end < text.size() && isInsideCharacter(text[end]))
        ++end;
    std::string excerpt(text.substr(begin, end - begin));
    std::ranges::replace_if(
        excerpt, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return (begin > 0 ? kEllipsis : "") + excerpt + (end < text.size() ? kEllipsis : "");
}

} // namespace bs
