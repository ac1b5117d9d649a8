#include "core/base/json_guard.h"
#include "core/tokenizer/jinja/builtins.h"
#include "core/tokenizer/jinja/operators.h"

#include <optional>

namespace bs::jinja {

namespace {

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
    if (name == "callable") return value.is<Macro>() || value.is<Function>();
    if (name == "float") return value.is<double>();
    return std::nullopt;
}

} // namespace

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
    for (const auto& [word, symbol] : {std::pair{"lt", "<"},
                                       {"lessthan", "<"},
                                       {"le", "<="},
                                       {"gt", ">"},
                                       {"greaterthan", ">"},
                                       {"ge", ">="}})
        if (name == word) return compare(symbol, value, arguments.get(1), work);
    if (name == "in") return compare("in", value, arguments.get(1), work);
    return failure("the test \"" + printable(name) + "\" is not supported");
}

} // namespace bs::jinja
