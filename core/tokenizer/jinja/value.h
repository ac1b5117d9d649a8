#pragma once

#include "core/base/result.h"
#include "core/tokenizer/jinja/limits.h"

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace bs::jinja {

class Value;
struct Node;
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
    bool isTuple = false; ///< differs only in how it is printed
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

/// What {% macro %} makes; the tree outlives it.
struct Macro
{
    const Node* node = nullptr;
};
/// A function that is there from the start, by its name.
struct Function
{
    std::string_view name;
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
                 std::shared_ptr<Namespace>, Macro, Function>
        m_content;
};

/// Counts what a rendering does and makes its values. Everything a template makes goes through
/// here.
class Work
{
public:
    /// `now` is what strftime_now tells.
    explicit Work(const Limits& limits, std::time_t now)
        : m_limits(limits)
        , m_now(now)
    {
    }
    /// Errors: Format, the bound named, as of all below.
    Result<void> charge(std::uint64_t units);
    /// For looking for `wanted` bytes in `size`: the library's search is quadratic at worst.
    Result<void> chargeSearch(std::size_t size, std::size_t wanted);
    /// A string of that size is about to be made.
    Result<void> checkText(std::size_t bytes) const;
    /// So much more is about to be printed.
    Result<void> chargeOutput(std::size_t bytes);
    Result<Value> text(std::string text);
    Result<Value> list(std::vector<Value> items, bool isTuple = false);
    Result<Value> dict(std::vector<std::pair<std::string, Value>> items);
    std::time_t now() const { return m_now; }

private:
    Result<void> checkItem(const Value& item, int& depth) const;
    /// The value in shared memory that is counted as long as it lives.
    template <class T>
    Result<Value> keep(T content, std::size_t bytes);

    const Limits m_limits;
    const std::time_t m_now;
    std::uint64_t m_steps = 0;
    std::size_t m_printed = 0;
    std::shared_ptr<std::size_t> m_valueBytes = std::make_shared<std::size_t>(0);
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
