#pragma once

#include "core/tokenizer/jinja/value.h"

#include <optional>

namespace bs::jinja {

/// Arguments of a call; of a filter or test the first is what stands before it.
struct Arguments
{
    std::vector<Value> positional;
    std::vector<std::pair<std::string, Value>> named;

    /// The argument at a position or by its name; undefined if it was not given.
    Value get(std::size_t position, std::string_view name = {}) const;
    /// The same where a string is needed. Errors: Format (function, type).
    Result<std::string> text(std::size_t position, const std::string& function) const;
};

/// value | name(...). Errors: Format (unknown filter named, wrong type).
Result<Value> applyFilter(const std::string& name, const Arguments& arguments, Work& work);

/// value is name(...). Errors: Format (unknown test named).
Result<bool> applyTest(const std::string& name, const Arguments& arguments, Work& work);

/// object.name(...) for strings and dicts. Errors: Format (unknown method named, wrong type).
Result<Value> callMethod(const Value& object, const std::string& name, const Arguments& arguments,
                         Work& work);

/// The function of that name (namespace, range, dict, raise_exception, strftime_now), or undefined.
Value functionOf(std::string_view name);

/// name(...) of one of those. Errors: Usage (raise_exception: its words), Format.
Result<Value> callFunction(const std::string& name, const Arguments& arguments, Work& work);

} // namespace bs::jinja
