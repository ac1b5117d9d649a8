#include "core/base/json_guard.h"
#include "core/tokenizer/jinja/builtins.h"
#include "core/tokenizer/jinja/operators.h"
#include "core/tokenizer/jinja/text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace bs::jinja {

namespace {

using Filter = Result<Value> (*)(const std::string& name, const Arguments&, Work&);

Result<Value> trimFilter(const std::string&, const Arguments& arguments, Work& work)
{
    BS_TRY(const std::string text, toText(arguments.positional[0], work));
    BS_TRY(const Value value, work.text(text));
    return callMethod(
        value, "strip",
        {{arguments.positional.begin() + 1, arguments.positional.end()}, arguments.named}, work);
}

Result<Value> lengthFilter(const std::string&, const Arguments& arguments, Work& work)
{
    BS_TRY(const std::int64_t length, lengthOf(arguments.positional[0], work));
    return Value(length);
}

Result<Value> defaultFilter(const std::string&, const Arguments& arguments, Work& work)
{
    const Value& value = arguments.positional[0];
    const bool alsoFalse = arguments.get(2, "boolean").isTrue();
    if (!value.is<Undefined>() && (!alsoFalse || value.isTrue())) return value;
    const Value otherwise = arguments.get(1, "default_value");
    return otherwise.is<Undefined>() ? work.text({}) : Result<Value>(otherwise);
}

Result<Value> tojsonFilter(const std::string&, const Arguments& arguments, Work& work)
{
    const Value wanted = arguments.get(1, "indent");
    const auto* indent = wanted.as<std::int64_t>();
    const int width =
        indent == nullptr ? -1 : static_cast<int>(std::clamp<std::int64_t>(*indent, 0, 16));
    BS_TRY(std::string text, toJsonText(arguments.positional[0], width, work));
    return work.text(std::move(text));
}

Result<Value> caseFilter(const std::string& name, const Arguments& arguments, Work& work)
{
    BS_TRY(const std::string text, toText(arguments.positional[0], work));
    return work.text(recased(text, name));
}

/// The first or last item.
Result<Value> endFilter(const std::string& name, const Arguments& arguments, Work& work)
{
    BS_TRY(const std::vector<Value> items, itemsOf(arguments.positional[0], work));
    if (items.empty()) return Value();
    return name == "first" ? items.front() : items.back();
}

Result<Value> joinFilter(const std::string&, const Arguments& arguments, Work& work)
{
    BS_TRY(const std::vector<Value> items, itemsOf(arguments.positional[0], work));
    BS_TRY(const std::string separator, toText(arguments.get(1, "d"), work));
    std::string joined;
    for (std::size_t at = 0; at < items.size(); ++at) {
        BS_TRY(const std::string text, toText(items[at], work));
        BS_CHECK(work.charge(1 + separator.size() / 16));
        joined += at == 0 ? text : separator + text;
    }
    return work.text(std::move(joined));
}

Result<Value> listFilter(const std::string& name, const Arguments& arguments, Work& work)
{
    BS_TRY(std::vector<Value> items, itemsOf(arguments.positional[0], work));
    if (name == "reverse") std::ranges::reverse(items);
    return work.list(std::move(items));
}

Result<Value> stringFilter(const std::string&, const Arguments& arguments, Work& work)
{
    BS_TRY(std::string text, toText(arguments.positional[0], work));
    return work.text(std::move(text));
}

Result<Value> intFilter(const std::string&, const Arguments& arguments, Work&)
{
    const Value& value = arguments.positional[0];
    if (const bool* flag = value.as<bool>()) return Value(std::int64_t{*flag});
    if (value.is<std::int64_t>()) return value;
    std::int64_t number = 0;
    if (const std::string* text = value.text()) {
        const std::string digits = strip(*text, std::nullopt, true, true);
        const char* end = digits.data() + digits.size();
        const auto parsed = std::from_chars(digits.data(), end, number);
        return Value(parsed.ptr == end && parsed.ec == std::errc() ? number : 0);
    }
    const double* real = value.as<double>();
    return Value(real != nullptr && *real > -1e18 && *real < 1e18 ? static_cast<std::int64_t>(*real)
                                                                  : 0);
}

Result<Value> replaceFilter(const std::string&, const Arguments& arguments, Work& work)
{
    BS_TRY(const std::string text, toText(arguments.positional[0], work));
    BS_TRY(const std::string from, toText(arguments.get(1, "old"), work));
    BS_TRY(const std::string to, toText(arguments.get(2, "new"), work));
    return replaced(text, from, to, work);
}

Result<Value> itemsFilter(const std::string&, const Arguments& arguments, Work& work)
{
    if (arguments.positional[0].is<Undefined>()) return work.list({});
    return callMethod(arguments.positional[0], "items", {}, work);
}

/// selectattr(name, test, ...) keeps the items whose attribute passes the test (is true, if none
/// is named); rejectattr keeps the others.
Result<Value> selectFilter(const std::string& name, const Arguments& arguments, Work& work)
{
    BS_TRY(const std::vector<Value> items, itemsOf(arguments.positional[0], work));
    BS_TRY(const std::string attribute, arguments.text(1, name));
    std::string test;
    if (arguments.positional.size() > 2) {
        BS_TRY(test, arguments.text(2, name));
    }
    std::vector<Value> kept;
    for (const Value& item : items) {
        BS_TRY(const Value value, attributeOf(item, attribute, work));
        bool passes = value.isTrue();
        if (!test.empty()) {
            Arguments tested{{value}, {}};
            for (std::size_t at = 3; at < arguments.positional.size(); ++at)
                tested.positional.push_back(arguments.positional[at]);
            BS_TRY(passes, applyTest(test, tested, work));
        }
        if (passes == (name == "selectattr")) kept.push_back(item);
    }
    return work.list(std::move(kept));
}

/// map(attribute=name) and map(filter).
Result<Value> mapFilter(const std::string& name, const Arguments& arguments, Work& work)
{
    BS_TRY(const std::vector<Value> items, itemsOf(arguments.positional[0], work));
    const Value attribute = arguments.get(arguments.positional.size(), "attribute");
    std::string filter;
    if (attribute.text() == nullptr) {
        BS_TRY(filter, arguments.text(1, name));
    }
    if (filter == "map") return failure("map of map is not supported");
    std::vector<Value> mapped;
    for (const Value& item : items) {
        BS_TRY(Value value, attribute.text() != nullptr ? attributeOf(item, *attribute.text(), work)
                                                        : applyFilter(filter, {{item}, {}}, work));
        mapped.push_back(std::move(value));
    }
    return work.list(std::move(mapped));
}

constexpr std::array<std::pair<std::string_view, Filter>, 23> kFilters = {{
    {"trim", trimFilter},         {"length", lengthFilter}, {"count", lengthFilter},
    {"default", defaultFilter},   {"d", defaultFilter},     {"tojson", tojsonFilter},
    {"upper", caseFilter},        {"lower", caseFilter},    {"capitalize", caseFilter},
    {"title", caseFilter},        {"first", endFilter},     {"last", endFilter},
    {"join", joinFilter},         {"list", listFilter},     {"reverse", listFilter},
    {"string", stringFilter},     {"safe", stringFilter},   {"int", intFilter},
    {"replace", replaceFilter},   {"items", itemsFilter},   {"selectattr", selectFilter},
    {"rejectattr", selectFilter}, {"map", mapFilter},
}};

/// Tests that look at the type only.
std::optional<bool> typeTest(const std::string& name, const Value& value)
{
    const bool text = value.text() != nullptr;
    const bool number = value.is<std::int64_t>() || value.is<double>();
    if (name == "defined" || name == "undefined")
        return value.is<Undefined>() == (name == "undefined");
    if (name == "none") return value.is<None>();
    if (name == "string") return text;
    if (name == "mapping") return value.is<Dict>();
    if (name == "iterable" || name == "sequence")
        return text || value.is<List>() || value.is<Dict>() || value.is<Undefined>();
    if (name == "boolean") return value.is<bool>();
    if (name == "number") return number || value.is<bool>();
    if (name == "integer") return value.is<std::int64_t>();
    if (name == "float") return value.is<double>();
    return std::nullopt;
}

} // namespace

Result<Value> applyFilter(const std::string& name, const Arguments& arguments, Work& work)
{
    const auto* found =
        std::ranges::find(kFilters, name, &std::pair<std::string_view, Filter>::first);
    if (name.empty() || found == kFilters.end())
        return failure("the filter \"" + printable(name) + "\" is not supported");
    BS_CHECK(work.charge(1));
    return found->second(name, arguments, work);
}

Result<bool> applyTest(const std::string& name, const Arguments& arguments, Work& work)
{
    const Value& value = arguments.positional[0];
    BS_CHECK(work.charge(1));
    if (const std::optional<bool> answer = typeTest(name, value)) return *answer;
    if (name == "true" || name == "false") {
        const bool* flag = value.as<bool>();
        return flag != nullptr && *flag == (name == "true");
    }
    if (name == "odd" || name == "even") {
        const auto* number = value.as<std::int64_t>();
        if (number == nullptr)
            return failure(name + " needs a whole number, not " + value.typeName());
        return (*number % 2 != 0) == (name == "odd");
    }
    if (name == "equalto" || name == "eq" || name == "==")
        return isEqual(value, arguments.get(1), work);
    if (name == "ne" || name == "!=") return compare("!=", value, arguments.get(1), work);
    if (name == "in") return compare("in", value, arguments.get(1), work);
    return failure("the test \"" + printable(name) + "\" is not supported");
}

} // namespace bs::jinja
