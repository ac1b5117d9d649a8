#include "core/tokenizer/jinja/operators.h"

#include <cmath>
#include <limits>

namespace bs::jinja {

namespace {

Error mismatch(const std::string& symbol, const Value& left, const Value& right)
{
    return failure(std::string(left.typeName()) + " " + symbol + " " + right.typeName() +
                   " is not supported");
}

std::optional<double> numberOf(const Value& value)
{
    if (const double* number = value.as<double>()) return *number;
    if (const auto whole = wholeOf(value)) return static_cast<double>(*whole);
    return std::nullopt;
}

/// Python's // and %: the quotient is rounded down, the remainder has the sign of the divisor.
Result<Value> divide(char symbol, std::int64_t left, std::int64_t right)
{
    if (right == 0) return failure("division by zero");
    if (right == -1 && left == std::numeric_limits<std::int64_t>::min())
        return failure("a number is too large");
    const std::int64_t remainder = left % right;
    const bool adjust = remainder != 0 && (remainder < 0) != (right < 0);
    if (symbol == '%') return Value(adjust ? remainder + right : remainder);
    return Value(adjust ? left / right - 1 : left / right);
}

Result<Value> wholeArithmetic(const std::string& symbol, std::int64_t left, std::int64_t right)
{
    std::int64_t result = 0;
    bool overflow = false;
    if (symbol == "+")
        overflow = __builtin_add_overflow(left, right, &result);
    else if (symbol == "-")
        overflow = __builtin_sub_overflow(left, right, &result);
    else if (symbol == "*")
        overflow = __builtin_mul_overflow(left, right, &result);
    else
        return divide(symbol[0], left, right);
    if (overflow) return failure("a number is too large");
    return Value(result);
}

Result<Value> arithmetic(const std::string& symbol, double left, double right)
{
    if (symbol == "+") return Value(left + right);
    if (symbol == "-") return Value(left - right);
    if (symbol == "*") return Value(left * right);
    if (right == 0) return failure("division by zero");
    if (symbol == "/") return Value(left / right);
    const double quotient = std::floor(left / right);
    return Value(symbol == "//" ? quotient : left - quotient * right);
}

Result<bool> contains(const Value& needle, const Value& hay, Work& work)
{
    if (const std::string* text = hay.text()) {
        if (needle.text() == nullptr) return mismatch("in", needle, hay);
        BS_CHECK(work.chargeSearch(text->size(), needle.text()->size()));
        return text->find(*needle.text()) != std::string::npos;
    }
    if (const Dict* dict = hay.as<Dict>()) {
        BS_CHECK(work.charge((*dict)->items.size()));
        return needle.text() != nullptr && (*dict)->find(*needle.text()) != nullptr;
    }
    if (const List* list = hay.as<List>()) {
        for (const Value& item : (*list)->items) {
            BS_TRY(const bool same, isEqual(item, needle, work));
            if (same) return true;
        }
        return false;
    }
    if (hay.is<Undefined>()) return false; // it has no items
    return mismatch("in", needle, hay);
}

template <class T>
bool ordered(const std::string& symbol, const T& left, const T& right)
{
    if (symbol == "<") return left < right;
    if (symbol == "<=") return left <= right;
    return symbol == ">" ? left > right : left >= right;
}

Result<Value> joinedTexts(const std::string& left, const std::string& right, Work& work)
{
    BS_CHECK(work.checkText(left.size() + right.size()));
    return work.text(left + right);
}

/// "ab" * 3 and 3 * "ab".
Result<Value> repeatedText(const Value& left, const Value& right, Work& work)
{
    const std::string& text = left.text() != nullptr ? *left.text() : *right.text();
    const auto count = wholeOf(left.text() != nullptr ? right : left);
    if (!count) return mismatch("*", left, right);
    std::string result;
    for (std::int64_t at = 0; at < *count && !text.empty(); ++at) {
        BS_CHECK(work.checkText(result.size() + text.size()));
        result += text;
    }
    return work.text(std::move(result));
}

} // namespace

std::optional<std::int64_t> wholeOf(const Value& value)
{
    if (const bool* flag = value.as<bool>()) return *flag ? 1 : 0;
    if (const auto* whole = value.as<std::int64_t>()) return *whole;
    return std::nullopt;
}

Result<Value> binary(const std::string& symbol, const Value& left, const Value& right, Work& work)
{
    if (symbol == "+" && left.text() != nullptr && right.text() != nullptr)
        return joinedTexts(*left.text(), *right.text(), work);
    if (symbol == "*" && (left.text() != nullptr) != (right.text() != nullptr))
        return repeatedText(left, right, work);
    if (symbol == "+" && left.is<List>() && right.is<List>()) {
        std::vector<Value> items = (*left.as<List>())->items;
        const auto& more = (*right.as<List>())->items;
        BS_CHECK(work.charge(items.size() + more.size()));
        items.reserve(items.size() + more.size());
        items.insert(items.end(), more.begin(), more.end());
        return work.list(std::move(items));
    }
    const auto wholeLeft = wholeOf(left);
    const auto wholeRight = wholeOf(right);
    if (wholeLeft && wholeRight && symbol != "/")
        return wholeArithmetic(symbol, *wholeLeft, *wholeRight);
    const auto numberLeft = numberOf(left);
    const auto numberRight = numberOf(right);
    if (numberLeft && numberRight) return arithmetic(symbol, *numberLeft, *numberRight);
    return mismatch(symbol, left, right);
}

Result<bool> compare(const std::string& symbol, const Value& left, const Value& right, Work& work)
{
    BS_CHECK(work.charge(1));
    if (symbol == "==" || symbol == "!=") {
        BS_TRY(const bool same, isEqual(left, right, work));
        return same == (symbol == "==");
    }
    if (symbol == "in" || symbol == "not in") {
        BS_TRY(const bool found, contains(left, right, work));
        return found == (symbol == "in");
    }
    if (left.text() != nullptr && right.text() != nullptr)
        return ordered(symbol, *left.text(), *right.text());
    const auto numberLeft = numberOf(left);
    const auto numberRight = numberOf(right);
    if (numberLeft && numberRight) return ordered(symbol, *numberLeft, *numberRight);
    return mismatch(symbol, left, right);
}

} // namespace bs::jinja
