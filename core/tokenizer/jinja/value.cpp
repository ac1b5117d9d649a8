#include "core/tokenizer/jinja/value.h"

#include <algorithm>
#include <array>

namespace bs::jinja {

namespace {

constexpr std::uint64_t kBytesPerUnit = 16;
constexpr std::uint64_t kUnitsPerItem = 4;
constexpr std::size_t kBytesPerValue = 96; // of the bookkeeping around each

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
    constexpr std::array<const char*, 11> names = {"undefined", "none",   "bool",    "int",
                                                   "float",     "string", "list",    "dict",
                                                   "namespace", "macro",  "function"};
    return names[m_content.index()];
}

bool Value::isTrue() const
{
    if (const std::string* string = text()) return !string->empty();
    if (const List* list = as<List>()) return !(*list)->items.empty();
    if (const Dict* dict = as<Dict>()) return !(*dict)->items.empty();
    if (isNumber(*this)) return numberOf(*this) != 0;
    return is<std::shared_ptr<Namespace>>() || is<Macro>() || is<Function>();
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
    if (units > m_limits.steps - m_steps)
        return failure("it does more than " + std::to_string(m_limits.steps) +
                       " steps of work; is it broken?");
    m_steps += units;
    return {};
}

Result<void> Work::checkText(std::size_t bytes) const
{
    if (bytes <= m_limits.textBytes) return {};
    return failure("it makes a text of more than " + std::to_string(m_limits.textBytes) + " bytes");
}

Result<void> Work::chargeOutput(std::size_t bytes)
{
    if (bytes > m_limits.outputBytes - m_printed)
        return failure("it prints more than " + std::to_string(m_limits.outputBytes) + " bytes");
    m_printed += bytes;
    return charge(1 + bytes / kBytesPerUnit);
}

template <class T>
Result<Value> Work::keep(T content, std::size_t bytes)
{
    bytes += kBytesPerValue;
    if (bytes > m_limits.valueBytes - *m_valueBytes)
        return failure("its values take more than " + std::to_string(m_limits.valueBytes) +
                       " bytes");
    *m_valueBytes += bytes;
    const auto forget = [count = m_valueBytes, bytes](const T* gone) {
        *count -= bytes;
        delete gone; // NOLINT(cppcoreguidelines-owning-memory): this is the owner
    };
    return Value(std::shared_ptr<const T>(new T(std::move(content)), forget));
}

Result<Value> Work::text(std::string text)
{
    BS_CHECK(charge(1 + text.size() / kBytesPerUnit));
    BS_CHECK(checkText(text.size()));
    const std::size_t bytes = text.capacity();
    return keep(std::move(text), bytes);
}

Result<void> Work::checkItem(const Value& item, int& depth) const
{
    if (item.is<std::shared_ptr<Namespace>>())
        return failure("a namespace inside a list or dict is not supported");
    depth = std::max(depth, item.depth() + 1);
    if (depth > Limits::deepestValue)
        return failure("lists and dicts more than " + std::to_string(Limits::deepestValue) +
                       " levels deep");
    return {};
}

Result<Value> Work::list(std::vector<Value> items, bool isTuple)
{
    BS_CHECK(charge(1 + items.size() * kUnitsPerItem));
    ListBox box{std::move(items), 1, isTuple};
    for (const Value& item : box.items)
        BS_CHECK(checkItem(item, box.depth));
    const std::size_t bytes = box.items.capacity() * sizeof(Value);
    return keep(std::move(box), bytes);
}

Result<Value> Work::dict(std::vector<std::pair<std::string, Value>> items)
{
    BS_CHECK(charge(1 + items.size() * kUnitsPerItem));
    DictBox box{std::move(items), 1};
    std::size_t bytes = box.items.capacity() * sizeof(box.items[0]);
    for (const auto& [name, item] : box.items) {
        BS_CHECK(charge(name.size() / kBytesPerUnit));
        bytes += name.size();
        BS_CHECK(checkItem(item, box.depth));
    }
    return keep(std::move(box), bytes);
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

} // namespace bs::jinja
