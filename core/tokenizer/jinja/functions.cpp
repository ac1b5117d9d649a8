#include "core/base/json_guard.h"
#include "core/tokenizer/jinja/builtins.h"

#include <algorithm>
#include <array>

namespace bs::jinja {

namespace {

constexpr std::array<std::string_view, 5> kFunctions = {"raise_exception", "range", "dict",
                                                        "namespace", "strftime_now"};

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
        if (items.size() == Limits::rangeItems)
            return failure("a range of more than " + std::to_string(Limits::rangeItems) +
                           " numbers");
        BS_CHECK(work.charge(4));
        items.emplace_back(at);
        if (__builtin_add_overflow(at, step, &at)) break;
    }
    return work.list(std::move(items));
}

/// The local time in C's notation.
Result<Value> timeText(const Arguments& arguments, Work& work)
{
    BS_TRY(const std::string format, arguments.text(0, "strftime_now"));
    const std::time_t now = work.now();
    std::tm parts{};
    std::array<char, 512> buffer{};
    if (format.size() > 100 || format.find('\0') != std::string::npos ||
        ::localtime_r(&now, &parts) == nullptr)
        return failure("strftime_now cannot write \"" + printable(format) + "\"");
    // Nothing written is also what an empty format gives.
    const std::size_t size = std::strftime(buffer.data(), buffer.size(), format.c_str(), &parts);
    if (size == 0 && !format.empty())
        return failure("strftime_now: \"" + printable(format) + "\" gives nothing");
    return work.text(std::string(buffer.data(), size));
}

} // namespace

Value functionOf(std::string_view name)
{
    const auto* found = std::ranges::find(kFunctions, name);
    return found == kFunctions.end() ? Value() : Value(Function{*found});
}

Result<Value> callFunction(const std::string& name, const Arguments& arguments, Work& work)
{
    if (name == "raise_exception") {
        BS_TRY(const std::string words, toText(arguments.get(0, "message"), work));
        return Error{ErrorCode::Usage, printable(words, 500)};
    }
    if (name == "range") return rangeOf(arguments, work);
    if (name == "strftime_now") return timeText(arguments, work);
    if (name == "dict") return work.dict(arguments.named);
    BS_CHECK(work.dict(arguments.named)); // counts the work and looks at the values
    return Value(std::make_shared<Namespace>(Namespace{arguments.named}));
}

} // namespace bs::jinja
