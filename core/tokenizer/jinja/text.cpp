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

} // namespace

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

bool isDigit(char32_t code)
{
    return utf8proc_category(static_cast<utf8proc_int32_t>(code)) == UTF8PROC_CATEGORY_ND;
}

Result<std::string> strip(std::string_view text, const std::optional<std::string>& characters,
                          bool atStart, bool atEnd)
{
    constexpr std::size_t most = 4096;
    std::vector<char32_t> wanted;
    if (characters && characters->size() > most)
        return failure("more than " + std::to_string(most) + " bytes of characters to strip");
    if (characters)
        for (std::string_view rest = *characters; !rest.empty();)
            wanted.push_back(codeOf(takeCharacter(rest)));
    const auto goes = [&](char32_t code) {
        return characters ? std::ranges::find(wanted, code) != wanted.end() : isSpace(code);
    };
    if (atStart) text.remove_prefix(leading(text, goes));
    if (atEnd) text.remove_suffix(trailing(text, goes));
    return std::string(text);
}

Result<Value> split(std::string_view text, const std::optional<std::string>& separator,
                    std::int64_t most, Work& work)
{
    const auto isOther = [](char32_t code) { return !isSpace(code); };
    std::vector<Value> parts;
    while (true) {
        if (!separator) text.remove_prefix(leading(text, isSpace));
        if (!separator && text.empty()) break;
        const bool isLast = most >= 0 && static_cast<std::int64_t>(parts.size()) >= most;
        std::size_t size = text.size();
        if (!isLast)
            size = separator ? std::min(text.find(*separator), size) : leading(text, isOther);
        BS_TRY(Value part, work.text(std::string(text.substr(0, size))));
        parts.push_back(std::move(part));
        if (separator && size == text.size()) break;
        text.remove_prefix(size + (separator ? separator->size() : 0));
    }
    return work.list(std::move(parts));
}

Result<std::vector<std::string_view>> splitLines(std::string_view text)
{
    constexpr std::size_t most = 100'000;
    const auto endsLine = [](char32_t code) {
        return (code >= 0x0A && code <= 0x0D) || (code >= 0x1C && code <= 0x1E) || code == 0x85 ||
               code == 0x2028 || code == 0x2029;
    };
    const auto isInside = [&](char32_t code) { return !endsLine(code); };
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t size = leading(text, isInside);
        if (lines.size() == most)
            return failure("more than " + std::to_string(most) + " lines to split");
        lines.push_back(text.substr(0, size));
        text.remove_prefix(size);
        if (text.starts_with("\r\n")) text.remove_prefix(1);
        if (!text.empty()) takeCharacter(text);
    }
    return lines;
}

Result<Value> replaced(const std::string& text, const std::string& from, const std::string& to,
                       Work& work)
{
    if (from.empty()) return failure("replace of an empty string is not supported");
    BS_CHECK(work.chargeSearch(text.size(), from.size()));
    std::string result;
    std::size_t begin = 0;
    for (std::size_t end = text.find(from); end != std::string::npos;
         end = text.find(from, begin)) {
        BS_CHECK(work.charge(1 + to.size() / 16));
        result += std::string_view(text).substr(begin, end - begin);
        result += to;
        BS_CHECK(work.checkText(result.size()));
        begin = end + from.size();
    }
    result += std::string_view(text).substr(begin);
    return work.text(std::move(result));
}

std::string recased(std::string_view text, std::string_view how)
{
    constexpr std::u32string_view wordEnds = U"-({[<";
    std::string result;
    bool up = how != "lower";
    while (!text.empty()) {
        const std::string_view character = takeCharacter(text);
        const char32_t code = codeOf(character);
        const auto signedCode = static_cast<utf8proc_int32_t>(code);
        const auto changed = up ? utf8proc_toupper(signedCode) : utf8proc_tolower(signedCode);
        if (up && code == 0xDF) // the one letter of these languages that becomes two
            result += how == "upper" ? "SS" : "Ss";
        else if (changed == signedCode)
            result += character;
        else
            appendUtf8(result, static_cast<char32_t>(changed));
        if (how == "capitalize")
            up = false;
        else if (how == "title")
            up = !isLetter(code);
        else if (how == "titlecase")
            up = isSpace(code) || wordEnds.find(code) != std::u32string_view::npos;
    }
    return result;
}

} // namespace bs::jinja
