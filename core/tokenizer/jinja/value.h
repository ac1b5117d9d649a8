#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace bs::jinja {

class Value;
struct Undefined
{
};
struct None
{
};

/// Lists and dicts do not change once they are made and hold no namespace, so that no value can
/// contain itself; `depth` counts the levels inside one another.
struct ListBox
{
    std::vector<Value> items;
    int depth = 1;
};
struct DictBox
{
    std::vector<std::pair<std::string, Value>> items; ///< in the order they were written
    int depth = 1;
    const Value* find(std::string_view key) const;
};
/// What `namespace()` makes: the only thing a template can change.
struct Namespace
{
    std::vector<std::pair<std::string, Value>> items;
};

using Text = std::shared_ptr<const std::string>;
using List = std::shared_ptr<const ListBox>;
using Dict = std::shared_ptr<const DictBox>;

/// A value of a template. Copies are cheap.
class Value
{
public:
    Value() = default; ///< undefined
    template <class T>
    requires(!std::is_same_v<std::remove_cvref_t<T>, Value>) explicit Value(T content)
        : m_content(std::move(content))
    {
    }

    template <class T>
    const T* as() const
    {
        return std::get_if<T>(&m_content);
    }
    template <class T>
    bool is() const
    {
        return std::holds_alternative<T>(m_content);
    }
    /// The string, or nullptr.
    const std::string* text() const;
    /// Python's name of the type, for messages and tests.
    const char* typeName() const;
    bool isTrue() const;
    int depth() const;

private:
    std::variant<Undefined, None, bool, std::int64_t, double, Text, List, Dict,
                 std::shared_ptr<Namespace>>
        m_content;
};

/// What is left of the work one rendering may do. Everything a template makes goes through here, so
/// that a hostile one ends with an error after a bounded time and memory.
class Work
{
public:
    explicit Work(std::uint64_t units)
        : m_left(units)
    {
    }
    /// Errors: Format ("too much work").
    Result<void> charge(std::uint64_t units);
    /// For looking for `wanted` bytes in `size`: the library's search is quadratic at worst.
    Result<void> chargeSearch(std::size_t size, std::size_t wanted);
    Result<Value> text(std::string text);
    Result<Value> list(std::vector<Value> items);
    Result<Value> dict(std::vector<std::pair<std::string, Value>> items);

private:
    Result<void> checkItem(const Value& item, int& depth);
    std::uint64_t m_left;
};

/// Python's ==. Numbers of different kinds compare by value.
Result<bool> isEqual(const Value& left, const Value& right, Work& work);

/// What {{ value }} prints.
Result<std::string> toText(const Value& value, Work& work);

/// What the filter tojson prints, as Python's json.dumps(ensure_ascii=False); `indent` < 0: one
/// line.
Result<std::string> toJsonText(const Value& value, int indent, Work& work);

Error failure(std::string message);

} // namespace bs::jinja
