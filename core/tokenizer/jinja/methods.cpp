#include "core/base/json_guard.h"
#include "core/tokenizer/jinja/builtins.h"
#include "core/tokenizer/jinja/operators.h"
#include "core/tokenizer/jinja/text.h"
#include "core/tokenizer/utf8.h"

#include <algorithm>

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
    BS_CHECK(work.charge(text.size()));
    BS_CHECK(work.chargeSearch(text.size(), separator ? separator->size() : 1));
    return split(text, separator, limit != nullptr ? *limit : -1, work);
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

/// Places are counted in characters.
Result<Value> searchMethod(const std::string& text, const std::string& name,
                           const Arguments& arguments, Work& work)
{
    BS_TRY(const std::string wanted, arguments.text(0, name));
    BS_CHECK(work.chargeSearch(text.size(), wanted.size()));
    if (name == "count") {
        if (wanted.empty()) return failure("count of an empty string is not supported");
        std::int64_t count = 0;
        for (std::size_t at = text.find(wanted); at != std::string::npos;
             at = text.find(wanted, at + wanted.size()))
            ++count;
        return Value(count);
    }
    const std::size_t at = name == "rfind" ? text.rfind(wanted) : text.find(wanted);
    if (at == std::string::npos && name == "index")
        return failure("\"" + printable(wanted) + "\" is not in the string");
    if (at == std::string::npos) return Value(std::int64_t{-1});
    BS_TRY(const Value before, work.text(text.substr(0, at)));
    BS_TRY(const std::int64_t characters, lengthOf(before, work));
    return Value(characters);
}

/// Whether there are characters and all are of a kind.
Result<Value> kindMethod(std::string_view text, const std::string& name, Work& work)
{
    BS_CHECK(work.charge(text.size()));
    bool all = !text.empty();
    while (all && !text.empty()) {
        const char32_t code = utf8CodePoint(takeCharacter(text));
        const bool letter = name != "isdigit" && name != "isspace" && isLetter(code);
        const bool digit = (name == "isdigit" || name == "isalnum") && isDigit(code);
        all = letter || digit || (name == "isspace" && isSpace(code));
    }
    return Value(all);
}

/// Python's str.format with {}, {0} and {name}; no attributes, conversions or widths.
Result<Value> formatMethod(std::string_view text, const Arguments& arguments, Work& work)
{
    std::string result;
    std::size_t following = 0;
    while (!text.empty()) {
        const std::size_t size = std::min(text.find_first_of("{}"), text.size());
        result += text.substr(0, size);
        text.remove_prefix(size);
        if (text.starts_with("{{") || text.starts_with("}}")) {
            result += text[0];
            text.remove_prefix(2);
        } else if (!text.empty()) {
            const std::size_t end = text[0] == '{' ? text.find('}') : std::string_view::npos;
            if (end == std::string_view::npos) return failure("format: a bracket stands alone");
            const std::string field(text.substr(1, end - 1));
            const bool isPlace = field.find_first_not_of("0123456789") == std::string::npos;
            if (isPlace && field.size() > 3) return failure("format: {" + printable(field) + "}");
            const std::size_t place = field.empty() ? following++
                                      : isPlace     ? std::stoul(field)
                                                    : std::string::npos;
            const Value value = arguments.get(place, isPlace ? "" : field);
            if (value.is<Undefined>())
                return failure("format: {" + printable(field) + "} is not among the arguments");
            BS_TRY(const std::string words, toText(value, work));
            result += words;
            text.remove_prefix(end + 1);
        }
        BS_CHECK(work.checkText(result.size()));
    }
    return work.text(std::move(result));
}

Result<Value> stringMethod(const std::string& text, const std::string& name,
                           const Arguments& arguments, Work& work)
{
    BS_CHECK(work.charge(1 + text.size() / 16));
    if (name == "strip" || name == "lstrip" || name == "rstrip") {
        BS_TRY(const std::optional<std::string> characters, optionalText(arguments, 0, "chars"));
        BS_CHECK(work.charge(text.size() / 16 * (characters ? characters->size() : 1)));
        BS_TRY(std::string stripped, strip(text, characters, name != "rstrip", name != "lstrip"));
        return work.text(std::move(stripped));
    }
    if (name == "startswith" || name == "endswith") return affixMethod(text, name, arguments);
    if (name == "split") return splitMethod(text, arguments, work);
    if (name == "replace") {
        BS_TRY(const std::string from, arguments.text(0, name));
        BS_TRY(const std::string to, arguments.text(1, name));
        return replaced(text, from, to, work);
    }
    if (name == "find" || name == "rfind" || name == "index" || name == "count")
        return searchMethod(text, name, arguments, work);
    if (name == "splitlines") {
        BS_TRY(const std::vector<std::string_view> lines, splitLines(text));
        std::vector<Value> items;
        for (const std::string_view line : lines) {
            BS_TRY(Value item, work.text(std::string(line)));
            items.push_back(std::move(item));
        }
        return work.list(std::move(items));
    }
    if (name == "removeprefix" || name == "removesuffix") {
        BS_TRY(const std::string affix, arguments.text(0, name));
        std::string_view rest = text;
        if (name == "removeprefix" && text.starts_with(affix)) rest.remove_prefix(affix.size());
        if (name == "removesuffix" && text.ends_with(affix)) rest.remove_suffix(affix.size());
        return work.text(std::string(rest));
    }
    if (name == "join") {
        BS_TRY(const Value separator, work.text(text));
        return applyFilter("join", {{arguments.get(0), separator}, {}}, work);
    }
    if (name == "format") return formatMethod(text, arguments, work);
    if (name == "isspace" || name == "isalpha" || name == "isdigit" || name == "isalnum")
        return kindMethod(text, name, work);
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
            BS_TRY(item, work.list({item, value}, true));
        }
        items.push_back(std::move(item));
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

} // namespace bs::jinja
