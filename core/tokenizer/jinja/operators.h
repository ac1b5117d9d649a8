#pragma once

#include "core/tokenizer/jinja/value.h"

#include <optional>

namespace bs::jinja {

// Of numbers and texts (operators.cpp).

/// left `symbol` right for + - * / // %. Errors: Format (types named).
Result<Value> binary(const std::string& symbol, const Value& left, const Value& right, Work& work);

/// left `symbol` right for == != < <= > >= in, not in. Errors: Format (types named).
Result<bool> compare(const std::string& symbol, const Value& left, const Value& right, Work& work);

/// A whole number or a truth value as a number; nothing for other values.
std::optional<std::int64_t> wholeOf(const Value& value);

// Of what holds others (items.cpp).

/// object[key] and object.key; what is not there is undefined. Errors: Format (object undefined).
Result<Value> itemOf(const Value& object, const Value& key, Work& work);
Result<Value> attributeOf(const Value& object, const std::string& name, Work& work);

/// object[start:stop:step] of a string or a list.
Result<Value> slice(const Value& object, std::optional<std::int64_t> start,
                    std::optional<std::int64_t> stop, std::int64_t step, Work& work);

/// What a loop over the value meets: items, keys of a dict, characters; nothing where it is
/// undefined. Errors: Format (type named).
Result<List> itemsOf(const Value& value, Work& work);

/// Number of items or characters. Errors: Format (type named).
Result<std::int64_t> lengthOf(const Value& value, Work& work);

/// Takes the first character off `text`; a byte that is none counts as one.
std::string_view takeCharacter(std::string_view& text);

} // namespace bs::jinja
