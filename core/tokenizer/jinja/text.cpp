#include "core/tokenizer/jinja/text.h"

#include "core/tokenizer/jinja/operators.h"
#include "core/tokenizer/utf8.h"

#include <utf8proc.h>

#include <algorithm>

namespace bs::jinja {

namespace {

char32_t codeOf(std::string_view character)
{
    return utf8CodePoint(character);
}

/// What Python's str.isspace says.
bool isSpace(char32_t code)
{
    if ((code >= 0x09 && code <= 0x0D) || (code >= 0x1C && code <= 0x20) || code == 0x85)
        return true;
    const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(code));
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP;
}

bool isLetter(char32_t code)
{
    const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(code));
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

/// Bytes of the characters at the start of `text` that `goes` holds for.
template <class Predicate>
std::size_t leading(std::string_view text, const Predicate& goes)
{
    std::size_t size = 0;
    while (size < text.size()) {
        const std::size_t length = std::max<std::size_t>(utf8CharLength(text.substr(size)), 1);
        if (!goes(codeOf(text.substr(size, length)))) break;
        size += length;
    }
    return size;
}

/// The same at the end.
template <class Predicate>
std::size_t trailing(std::string_view text, const Predicate& goes)
{
    std::size_t end = text.size();
    while (end > 0) {
        std::size_t begin = end - 1;
        while (begin > 0 && end - begin < 4 &&
               (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80)
            --begin;
        if (!goes(codeOf(text.substr(begin, end - begin)))) break;
        end = begin;
    }
    return text.size() - end;
}

std::vector<std::string> splitBySpace(std::string_view text, std::int64_t most)
{
    std::vector<std::string> parts;
    const auto isOther = [](char32_t code) { return !isSpace(code); };
    while (true) {
        text.remove_prefix(leading(text, isSpace));
        if (text.empty()) return parts;
        const bool isLast = most >= 0 && static_cast<std::int64_t>(parts.size()) == most;
        const std::size_t size = isLast ? text.size() : leading(text, isOther);
        parts.emplace_back(text.substr(0, size));
        text.remove_prefix(size);
    }
}

} // namespace

std::string strip(std::string_view text, const std::optional<std::string>& characters, bool atStart,
                  bool atEnd)
{
    std::vector<char32_t> wanted;
    if (characters)
        for (const std::string_view character : charactersOf(*characters))
            wanted.push_back(codeOf(character));
    const auto goes = [&](char32_t code) {
        return characters ? std::ranges::find(wanted, code) != wanted.end() : isSpace(code);
    };
    if (atStart) text.remove_prefix(leading(text, goes));
    if (atEnd) text.remove_suffix(trailing(text, goes));
    return std::string(text);
}

std::vector<std::string> split(std::string_view text, const std::optional<std::string>& separator,
                               std::int64_t most)
{
    if (!separator) return splitBySpace(text, most);
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (most < 0 || static_cast<std::int64_t>(parts.size()) < most) {
        const std::size_t end = text.find(*separator, begin);
        if (end == std::string_view::npos) break;
        parts.emplace_back(text.substr(begin, end - begin));
        begin = end + separator->size();
    }
    parts.emplace_back(text.substr(begin));
    return parts;
}

Result<Value> replaced(const std::string& text, const std::string& from, const std::string& to,
                       Work& work)
{
    if (from.empty()) return failure("replace of an empty string");
    BS_CHECK(work.chargeSearch(text.size(), from.size()));
    std::string result;
    std::size_t begin = 0;
    for (std::size_t end = text.find(from); end != std::string::npos;
         end = text.find(from, begin)) {
        BS_CHECK(work.charge(1 + to.size() / 16));
        result += std::string_view(text).substr(begin, end - begin);
        result += to;
        begin = end + from.size();
    }
    result += std::string_view(text).substr(begin);
    return work.text(std::move(result));
}

std::string recased(std::string_view text, std::string_view how)
{
    std::string result;
    bool up = how != "lower";
    for (const std::string_view character : charactersOf(text)) {
        const char32_t code = codeOf(character);
        const auto signedCode = static_cast<utf8proc_int32_t>(code);
        const auto changed = up ? utf8proc_toupper(signedCode) : utf8proc_tolower(signedCode);
        if (changed == signedCode)
            result += character;
        else
            appendUtf8(result, static_cast<char32_t>(changed));
        if (how == "capitalize")
            up = false;
        else if (how == "title")
            up = !isLetter(code);
    }
    return result;
}

} // namespace bs::jinja
