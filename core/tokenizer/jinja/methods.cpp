#include "core/base/json_guard.h"
#include "core/tokenizer/jinja/builtins.h"
#include "core/tokenizer/jinja/operators.h"
#include "core/tokenizer/jinja/text.h"

#include <algorithm>
#include <limits>

namespace bs::jinja {

namespace {

/// What strip(), split() and the like were told: characters, separator; nothing for white space.
Result<std::optional<std::string>> optionalText(const Arguments& arguments, std::size_t position,
                                                std::string_view name)
{
    const Value value = arguments.get(position, name);
    if (value.is<Undefined>() || value.is<None>()) return std::optional<std::string>();
    if (value.text() == nullptr)
        return failure(std::string(name) + " is " + value.typeName() + ", not a string");
    return std::optional<std::string>(*value.text());
}

Result<Value> splitMethod(const std::string& text, const Arguments& arguments, Work& work)
{
    BS_TRY(const std::optional<std::string> separator, optionalText(arguments, 0, "sep"));
    const Value most = arguments.get(1, "maxsplit");
    const auto* limit = most.as<std::int64_t>();
    if (separator && separator->empty()) return failure("split by an empty string");
    std::vector<Value> parts;
    BS_CHECK(work.charge(text.size() * 4));
    BS_CHECK(work.chargeSearch(text.size(), separator ? separator->size() : 1));
    for (std::string& part : split(text, separator, limit != nullptr ? *limit : -1)) {
        BS_TRY(Value value, work.text(std::move(part)));
        parts.push_back(std::move(value));
    }
    return work.list(std::move(parts));
}

/// startswith and endswith take one string or several.
Result<Value> affixMethod(const std::string& text, const std::string& name,
                          const Arguments& arguments)
{
    const Value wanted = arguments.get(0);
    const bool atStart = name == "startswith";
    const auto fits = [&](const Value& affix) {
        return affix.text() != nullptr &&
               (atStart ? text.starts_with(*affix.text()) : text.ends_with(*affix.text()));
    };
    if (const List* list = wanted.as<List>())
        return Value(std::ranges::any_of((*list)->items, fits));
    if (wanted.text() == nullptr) return failure(name + " needs a string");
    return Value(fits(wanted));
}

Result<Value> stringMethod(const std::string& text, const std::string& name,
                           const Arguments& arguments, Work& work)
{
    BS_CHECK(work.charge(1 + text.size() / 16));
    if (name == "strip" || name == "lstrip" || name == "rstrip") {
        BS_TRY(const std::optional<std::string> characters, optionalText(arguments, 0, "chars"));
        BS_CHECK(work.charge(text.size() / 16 * (characters ? characters->size() : 1)));
        return work.text(strip(text, characters, name != "rstrip", name != "lstrip"));
    }
    if (name == "startswith" || name == "endswith") return affixMethod(text, name, arguments);
    if (name == "split") return splitMethod(text, arguments, work);
    if (name == "replace") {
        BS_TRY(const std::string from, arguments.text(0, name));
        BS_TRY(const std::string to, arguments.text(1, name));
        return replaced(text, from, to, work);
    }
    if (name == "find") {
        BS_TRY(const std::string wanted, arguments.text(0, name));
        BS_CHECK(work.chargeSearch(text.size(), wanted.size()));
        const std::size_t at = text.find(wanted);
        if (at == std::string::npos) return Value(std::int64_t{-1});
        BS_TRY(const Value before, work.text(text.substr(0, at)));
        BS_TRY(const std::int64_t characters, lengthOf(before, work));
        return Value(characters);
    }
    if (name == "upper" || name == "lower" || name == "title" || name == "capitalize")
        return work.text(recased(text, name));
    return failure("the method \"" + printable(name) + "\" of a string is not supported");
}

Result<Value> dictMethod(const DictBox& dict, const std::string& name, const Arguments& arguments,
                         Work& work)
{
    if (name == "get") {
        BS_TRY(const std::string key, arguments.text(0, name));
        BS_CHECK(work.charge(dict.items.size()));
        const Value* found = dict.find(key);
        if (found != nullptr) return *found;
        const Value otherwise = arguments.get(1, "default");
        return otherwise.is<Undefined>() ? Value(None{}) : otherwise;
    }
    if (name != "items" && name != "keys" && name != "values")
        return failure("the method \"" + printable(name) + "\" of a dict is not supported");
    std::vector<Value> items;
    for (const auto& [key, value] : dict.items) {
        BS_TRY(Value item, work.text(key));
        if (name == "values") item = value;
        if (name == "items") {
            BS_TRY(item, work.list({item, value}));
        }
        items.push_back(std::move(item));
    }
    return work.list(std::move(items));
}

Result<Value> rangeOf(const Arguments& arguments, Work& work)
{
    std::vector<std::int64_t> numbers;
    for (const Value& value : arguments.positional) {
        const auto* number = value.as<std::int64_t>();
        if (number == nullptr) return failure(std::string("range of ") + value.typeName());
        numbers.push_back(*number);
    }
    if (numbers.empty() || numbers.size() > 3 || (numbers.size() == 3 && numbers[2] == 0))
        return failure("range needs one to three numbers, the step not 0");
    std::int64_t at = numbers.size() == 1 ? 0 : numbers[0];
    const std::int64_t end = numbers.size() == 1 ? numbers[0] : numbers[1];
    const std::int64_t step = numbers.size() == 3 ? numbers[2] : 1;
    std::vector<Value> items;
    while (step > 0 ? at < end : at > end) {
        BS_CHECK(work.charge(4));
        items.emplace_back(at);
        if (__builtin_add_overflow(at, step, &at)) break;
    }
    return work.list(std::move(items));
}

} // namespace

Value Arguments::get(std::size_t position, std::string_view name) const
{
    if (position < positional.size()) return positional[position];
    for (const auto& [key, value] : named)
        if (key == name) return value;
    return {};
}

Result<std::string> Arguments::text(std::size_t position, const std::string& function) const
{
    const Value value = get(position);
    if (value.text() == nullptr)
        return failure(function + " needs a string, not " + value.typeName());
    return *value.text();
}

Result<Value> callMethod(const Value& object, const std::string& name, const Arguments& arguments,
                         Work& work)
{
    if (const std::string* text = object.text()) return stringMethod(*text, name, arguments, work);
    if (const Dict* dict = object.as<Dict>()) return dictMethod(**dict, name, arguments, work);
    return failure("the method \"" + printable(name) + "\" of " + object.typeName() +
                   " is not supported");
}

Result<Value> callFunction(const std::string& name, const Arguments& arguments, Work& work)
{
    if (name == "raise_exception") {
        BS_TRY(const std::string words, toText(arguments.get(0, "message"), work));
        return failure(printable(words, 500));
    }
    if (name == "range") return rangeOf(arguments, work);
    if (name == "dict") return work.dict(arguments.named);
    if (name == "namespace") {
        BS_CHECK(work.dict(arguments.named)); // counts the work and looks at the values
        return Value(std::make_shared<Namespace>(Namespace{arguments.named}));
    }
    return failure("the function \"" + printable(name) + "\" is not supported");
}

} // namespace bs::jinja
