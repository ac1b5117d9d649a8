#include "core/tokenizer/jinja/value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace bs::jinja {

namespace {

constexpr int kDeepestValue = 32;
constexpr std::uint64_t kBytesPerUnit = 16;
constexpr std::uint64_t kUnitsPerItem = 4;

bool isNumber(const Value& value)
{
    return value.is<bool>() || value.is<std::int64_t>() || value.is<double>();
}

double numberOf(const Value& value)
{
    if (const bool* flag = value.as<bool>()) return *flag ? 1 : 0;
    if (const auto* whole = value.as<std::int64_t>()) return static_cast<double>(*whole);
    return *value.as<double>();
}

/// Shortest form that reads back the same, with a point as Python writes it.
std::string textOf(double number)
{
    std::array<char, 64> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
    std::string text(buffer.data(), end);
    if (std::isfinite(number) && text.find_first_of(".e") == std::string::npos) text += ".0";
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
        else if (static_cast<unsigned char>(character) < 0x20)
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
        return m_work.charge(1 + (m_text.size() - before) / kBytesPerUnit);
    }
    std::string take() { return std::move(m_text); }

private:
    Result<void> writeAny(const Value& value, int level)
    {
        if (const List* list = value.as<List>()) return writeItems((*list)->items, '[', ']', level);
        if (const Dict* dict = value.as<Dict>()) return writeItems((*dict)->items, '{', '}', level);
        return writeScalar(value);
    }

    Result<void> writeScalar(const Value& value)
    {
        if (const std::string* text = value.text())
            m_text += quoted(*text, m_notation.json);
        else if (const auto* whole = value.as<std::int64_t>())
            m_text += std::to_string(*whole);
        else if (const double* number = value.as<double>())
            m_text += textOf(*number);
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
    Result<void> writeItems(const Items& items, char open, char close, int level)
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

Result<bool> isEqualList(const ListBox& left, const ListBox& right, Work& work)
{
    if (left.items.size() != right.items.size()) return false;
    for (std::size_t at = 0; at < left.items.size(); ++at) {
        BS_TRY(const bool same, isEqual(left.items[at], right.items[at], work));
        if (!same) return false;
    }
    return true;
}

Result<bool> isEqualDict(const DictBox& left, const DictBox& right, Work& work)
{
    if (left.items.size() != right.items.size()) return false;
    for (const auto& [key, value] : left.items) {
        BS_CHECK(work.charge(right.items.size()));
        const Value* other = right.find(key);
        if (other == nullptr) return false;
        BS_TRY(const bool same, isEqual(value, *other, work));
        if (!same) return false;
    }
    return true;
}

} // namespace

Error failure(std::string message)
{
    return Error{ErrorCode::Format, std::move(message)};
}

const Value* DictBox::find(std::string_view key) const
{
    for (const auto& [name, value] : items)
        if (name == key) return &value;
    return nullptr;
}

const std::string* Value::text() const
{
    const Text* text = as<Text>();
    return text != nullptr ? text->get() : nullptr;
}

const char* Value::typeName() const
{
    constexpr std::array<const char*, 9> names = {"undefined", "none", "bool", "int",      "float",
                                                  "string",    "list", "dict", "namespace"};
    return names[m_content.index()];
}

bool Value::isTrue() const
{
    if (const std::string* string = text()) return !string->empty();
    if (const List* list = as<List>()) return !(*list)->items.empty();
    if (const Dict* dict = as<Dict>()) return !(*dict)->items.empty();
    if (isNumber(*this)) return numberOf(*this) != 0;
    return is<std::shared_ptr<Namespace>>();
}

int Value::depth() const
{
    if (const List* list = as<List>()) return (*list)->depth;
    if (const Dict* dict = as<Dict>()) return (*dict)->depth;
    return 0;
}

Result<void> Work::chargeSearch(std::size_t size, std::size_t wanted)
{
    return charge(1 + size / kBytesPerUnit * (1 + wanted / kBytesPerUnit));
}

Result<void> Work::charge(std::uint64_t units)
{
    if (units > m_left) return failure("the template does too much work; is it broken?");
    m_left -= units;
    return {};
}

Result<Value> Work::text(std::string text)
{
    BS_CHECK(charge(1 + text.size() / kBytesPerUnit));
    return Value(std::make_shared<const std::string>(std::move(text)));
}

Result<void> Work::checkItem(const Value& item, int& depth)
{
    if (item.is<std::shared_ptr<Namespace>>())
        return failure("a namespace inside a list or dict is not supported");
    depth = std::max(depth, item.depth() + 1);
    if (depth > kDeepestValue)
        return failure("lists and dicts more than " + std::to_string(kDeepestValue) +
                       " levels deep");
    return {};
}

Result<Value> Work::list(std::vector<Value> items)
{
    BS_CHECK(charge(1 + items.size() * kUnitsPerItem));
    ListBox box{std::move(items), 1};
    for (const Value& item : box.items)
        BS_CHECK(checkItem(item, box.depth));
    return Value(std::make_shared<const ListBox>(std::move(box)));
}

Result<Value> Work::dict(std::vector<std::pair<std::string, Value>> items)
{
    BS_CHECK(charge(1 + items.size() * kUnitsPerItem));
    DictBox box{std::move(items), 1};
    for (const auto& [name, item] : box.items) {
        BS_CHECK(charge(name.size() / kBytesPerUnit));
        BS_CHECK(checkItem(item, box.depth));
    }
    return Value(std::make_shared<const DictBox>(std::move(box)));
}

Result<bool> isEqual(const Value& left, const Value& right, Work& work)
{
    BS_CHECK(work.charge(1));
    if (left.is<std::int64_t>() && right.is<std::int64_t>())
        return *left.as<std::int64_t>() == *right.as<std::int64_t>();
    if (isNumber(left) && isNumber(right)) return numberOf(left) == numberOf(right);
    if (left.text() != nullptr && right.text() != nullptr) {
        BS_CHECK(work.charge(std::min(left.text()->size(), right.text()->size()) / kBytesPerUnit));
        return *left.text() == *right.text();
    }
    if (left.is<List>() && right.is<List>())
        return isEqualList(**left.as<List>(), **right.as<List>(), work);
    if (left.is<Dict>() && right.is<Dict>())
        return isEqualDict(**left.as<Dict>(), **right.as<Dict>(), work);
    return (left.is<None>() && right.is<None>()) || (left.is<Undefined>() && right.is<Undefined>());
}

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
