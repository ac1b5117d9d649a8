#include "core/tokenizer/jinja/operators.h"
#include "core/tokenizer/jinja/value.h"
#include "core/tokenizer/utf8.h"

#include <utf8proc.h>

#include <array>
#include <charconv>
#include <cmath>

namespace bs::jinja {

namespace {

constexpr std::uint64_t kBytesPerUnit = 16;

/// Shortest form that reads back the same, with an exponent where Python writes one: from 1e16 up
/// and below 1e-4.
std::string textOf(double number, bool json)
{
    if (std::isnan(number)) return json ? "NaN" : "nan";
    if (std::isinf(number)) return (number < 0 ? "-" : "") + std::string(json ? "Infinity" : "inf");
    std::array<char, 64> buffer{};
    const double size = std::abs(number);
    const bool exponent = size != 0 && (size < 1e-4 || size >= 1e16);
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                      exponent ? std::chars_format::scientific : std::chars_format::fixed)
            .ptr;
    std::string text(buffer.data(), end);
    if (!exponent && text.find('.') == std::string::npos) text += ".0";
    return text;
}

/// How the scalars are spelled in the two notations.
struct Notation
{
    const char* none;
    const char* yes;
    const char* no;
    bool json;
    int indent; // < 0: on one line
};

constexpr Notation kPython = {"None", "True", "False", false, -1};

/// \n and the like where the notation has them, else the number of the character.
std::string escape(char32_t code, bool json)
{
    constexpr std::string_view shorts = "\n\r\t\b\f";
    const std::size_t known =
        code < 0x80 ? shorts.find(static_cast<char>(code)) : std::string::npos;
    if (known < (json ? 5 : 3)) return {'\\', "nrtbf"[known]};
    const int digits = !json && code < 0x100 ? 2 : code < 0x10000 ? 4 : 8;
    std::string escaped = digits == 2 ? "\\x" : digits == 4 ? "\\u" : "\\U";
    for (int at = digits - 1; at >= 0; --at)
        escaped += "0123456789abcdef"[(code >> (4 * at)) & 15];
    return escaped;
}

/// What Python's repr shows as it is: no control, format or private characters, no white space but
/// the space.
bool isPrintable(char32_t code)
{
    const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(code));
    return code == ' ' || (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_SO);
}

std::string quoted(std::string_view text, bool json)
{
    const bool single = !json && (text.find('\'') == std::string_view::npos ||
                                  text.find('"') != std::string_view::npos);
    const char quote = single ? '\'' : '"';
    std::string result(1, quote);
    while (!text.empty()) {
        const std::string_view character = takeCharacter(text);
        const char32_t code = utf8CodePoint(character);
        const bool isByte = code == 0xFFFD && character.size() == 1; // of no character: as it is
        if (character[0] == quote || character[0] == '\\')
            result += {'\\', character[0]};
        else if (!isByte && (json ? code < 0x20 : !isPrintable(code)))
            result += escape(code, json);
        else
            result += character;
    }
    return result + quote;
}

class Writer
{
public:
    Writer(const Notation& notation, Work& work)
        : m_notation(notation)
        , m_work(work)
    {
    }

    Result<void> write(const Value& value, int level)
    {
        const std::size_t before = m_text.size();
        BS_CHECK(writeAny(value, level));
        BS_CHECK(m_work.checkText(m_text.size()));
        return m_work.charge(1 + (m_text.size() - before) / kBytesPerUnit);
    }
    std::string take() { return std::move(m_text); }

private:
    Result<void> writeAny(const Value& value, int level)
    {
        if (const List* list = value.as<List>()) {
            const bool tuple = (*list)->isTuple && !m_notation.json;
            BS_CHECK(writeItems((*list)->items, tuple ? '(' : '[', {}, level));
            m_text += tuple && (*list)->items.size() == 1 ? ",)" : tuple ? ")" : "]";
            return {};
        }
        if (const Dict* dict = value.as<Dict>()) return writeItems((*dict)->items, '{', "}", level);
        return writeScalar(value);
    }

    Result<void> writeScalar(const Value& value)
    {
        if (const std::string* text = value.text())
            m_text += quoted(*text, m_notation.json);
        else if (const auto* whole = value.as<std::int64_t>())
            m_text += std::to_string(*whole);
        else if (const double* number = value.as<double>())
            m_text += textOf(*number, m_notation.json);
        else if (const bool* flag = value.as<bool>())
            m_text += *flag ? m_notation.yes : m_notation.no;
        else if (value.is<None>())
            m_text += m_notation.none;
        else
            return failure(std::string(value.typeName()) + " cannot be written as text");
        return {};
    }

    Result<void> writeItem(const Value& item, int level) { return write(item, level); }
    Result<void> writeItem(const std::pair<std::string, Value>& item, int level)
    {
        m_text += quoted(item.first, m_notation.json) + ": ";
        return write(item.second, level);
    }

    template <class Items>
    Result<void> writeItems(const Items& items, char open, std::string_view close, int level)
    {
        m_text += open;
        bool first = true;
        for (const auto& item : items) {
            if (!first) m_text += m_notation.indent < 0 ? ", " : ",";
            first = false;
            newLine(level + 1);
            BS_CHECK(writeItem(item, level + 1));
        }
        if (!items.empty()) newLine(level);
        m_text += close;
        return {};
    }

    void newLine(int level)
    {
        if (m_notation.indent >= 0)
            m_text += "\n" + std::string(static_cast<std::size_t>(m_notation.indent * level), ' ');
    }

    const Notation m_notation;
    Work& m_work;
    std::string m_text;
};

} // namespace

Result<std::string> toText(const Value& value, Work& work)
{
    if (const std::string* text = value.text()) {
        BS_CHECK(work.charge(1 + text->size() / kBytesPerUnit));
        return *text;
    }
    if (value.is<Undefined>()) return std::string();
    Writer writer(kPython, work);
    BS_CHECK(writer.write(value, 0));
    return writer.take();
}

Result<std::string> toJsonText(const Value& value, int indent, Work& work)
{
    Writer writer({"null", "true", "false", true, indent}, work);
    BS_CHECK(writer.write(value, 0));
    return writer.take();
}

} // namespace bs::jinja
