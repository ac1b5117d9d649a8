#include "core/base/json_guard.h"
#include "core/tokenizer/jinja/builtins.h"
#include "core/tokenizer/jinja/list_filters.h"
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
    return work.text(recased(text, name == "title" ? "titlecase" : name));
}

/// The first or last item.
Result<Value> endFilter(const std::string& name, const Arguments& arguments, Work& work)
{
    BS_TRY(const List list, itemsOf(arguments.positional[0], work));
    const std::vector<Value>& items = list->items;
    if (items.empty()) return Value();
    return name == "first" ? items.front() : items.back();
}

Result<Value> joinFilter(const std::string&, const Arguments& arguments, Work& work)
{
    BS_TRY(const List list, itemsOf(arguments.positional[0], work));
    const std::vector<Value>& items = list->items;
    BS_TRY(const std::string separator, toText(arguments.get(1, "d"), work));
    std::string joined;
    for (std::size_t at = 0; at < items.size(); ++at) {
        BS_TRY(const std::string text, toText(items[at], work));
        BS_CHECK(work.charge(1 + separator.size() / 16));
        BS_CHECK(work.checkText(joined.size() + separator.size() + text.size()));
        joined += at == 0 ? text : separator + text;
    }
    return work.text(std::move(joined));
}

Result<Value> listFilter(const std::string& name, const Arguments& arguments, Work& work)
{
    BS_TRY(const List list, itemsOf(arguments.positional[0], work));
    std::vector<Value> items = list->items;
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
        BS_TRY(const std::string digits, strip(*text, std::nullopt, true, true));
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

Result<Value> absFilter(const std::string&, const Arguments& arguments, Work& work)
{
    const Value zero(std::int64_t{0});
    BS_TRY(const bool negative, compare("<", arguments.positional[0], zero, work));
    if (!negative) return arguments.positional[0];
    return binary("-", zero, arguments.positional[0], work);
}

Result<Value> floatFilter(const std::string&, const Arguments& arguments, Work& work)
{
    if (const std::string* text = arguments.positional[0].text()) {
        BS_TRY(const std::string digits, strip(*text, std::nullopt, true, true));
        double number = 0;
        const char* end = digits.data() + digits.size();
        const auto parsed = std::from_chars(digits.data(), end, number);
        return Value(parsed.ptr == end && parsed.ec == std::errc() ? number : 0.0);
    }
    return binary("+", arguments.positional[0], Value(0.0), work);
}

/// indent(width, first, blank): spaces, or a text, before every line but the first.
Result<Value> indentFilter(const std::string&, const Arguments& arguments, Work& work)
{
    BS_TRY(const std::string text, toText(arguments.positional[0], work));
    const Value width = arguments.get(1, "width");
    const auto* columns = width.as<std::int64_t>();
    if (columns != nullptr && (*columns < 0 || *columns > 1000))
        return failure("indent by " + std::to_string(*columns) + " columns");
    std::string before(columns != nullptr ? static_cast<std::size_t>(*columns) : 4, ' ');
    if (width.text() != nullptr) before = *width.text();
    const bool first = arguments.get(2, "first").isTrue();
    const bool blank = arguments.get(3, "blank").isTrue();
    const std::string whole = text + "\n";
    BS_TRY(const std::vector<std::string_view> lines, splitLines(whole));
    std::string result;
    for (std::size_t at = 0; at < lines.size(); ++at) {
        if (at > 0) result += '\n';
        if (at == 0 ? first : blank || !lines[at].empty()) result += before;
        result += lines[at];
        BS_CHECK(work.checkText(result.size()));
    }
    return work.text(std::move(result));
}

constexpr std::array<std::pair<std::string_view, Filter>, 33> kFilters = {{
    {"trim", trimFilter},         {"length", lengthFilter}, {"count", lengthFilter},
    {"default", defaultFilter},   {"d", defaultFilter},     {"tojson", tojsonFilter},
    {"upper", caseFilter},        {"lower", caseFilter},    {"capitalize", caseFilter},
    {"title", caseFilter},        {"first", endFilter},     {"last", endFilter},
    {"join", joinFilter},         {"list", listFilter},     {"reverse", listFilter},
    {"string", stringFilter},     {"safe", stringFilter},   {"int", intFilter},
    {"replace", replaceFilter},   {"items", itemsFilter},   {"selectattr", selectFilter},
    {"rejectattr", selectFilter}, {"map", mapFilter},       {"select", selectFilter},
    {"reject", selectFilter},     {"sort", sortFilter},     {"dictsort", dictSortFilter},
    {"unique", uniqueFilter},     {"abs", absFilter},       {"float", floatFilter},
    {"indent", indentFilter},     {"min", extremeFilter},   {"max", extremeFilter},
}};

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

} // namespace bs::jinja
