#include "core/tokenizer/jinja/value.h"

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
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                   exponent ? std::chars_format::scientific
                                            : std::chars_format::fixed)
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

std::string escape(unsigned char byte, bool json)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string escaped = json ? "\\u00" : "\\x";
    escaped += digits[byte >> 4];
    escaped += digits[byte & 15];
    return escaped;
}

std::string quoted(const std::string& text, bool json)
{
    const bool single =
        !json && (text.find('\'') == std::string::npos || text.find('"') != std::string::npos);
    const char quote = single ? '\'' : '"';
    std::string result(1, quote);
    for (const char character : text) {
        if (character == quote || character == '\\')
            result += {'\\', character};
        else if (character == '\n')
            result += "\\n";
        else if (character == '\r')
            result += "\\r";
        else if (character == '\t')
            result += "\\t";
        else if (json && character == '\b')
            result += "\\b";
        else if (json && character == '\f')
            result += "\\f";
        else if (static_cast<unsigned char>(character) < 0x20 ||
                 (!json && character == 0x7F))
            result += escape(static_cast<unsigned char>(character), json);
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
