#include "core/store/run_filter.h"

#include "core/base/sizes.h"
#include "core/store/folded_text.h"

#include <array>
#include <charconv>
#include <cmath>

namespace bs {

namespace {

using Sign = RunFilter::Sign;
using Term = RunFilter::Term;

struct SignText
{
    std::string_view text;
    Sign sign;
};

/// Longer ones first, so that `<=` is not read as `<`.
constexpr std::array<SignText, 7> kSigns{{{"<=", Sign::LessEqual},
                                          {">=", Sign::GreaterEqual},
                                          {"!=", Sign::NotEqual},
                                          {"<", Sign::Less},
                                          {">", Sign::Greater},
                                          {"=", Sign::Equal},
                                          {":", Sign::Holds}}};

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// The next term of the line, quotes included; empty at its end. Errors: a quote without an end.
Result<std::string_view> nextTerm(std::string_view& line)
{
    while (!line.empty() && isSpace(line.front()))
        line.remove_prefix(1);
    bool quoted = false;
    std::size_t end = 0;
    for (; end < line.size() && (quoted || !isSpace(line[end])); ++end)
        if (line[end] == '"') quoted = !quoted;
    if (quoted) return Error{ErrorCode::Usage, "'" + std::string(line) + "': the quote has no end"};
    const std::string_view term = line.substr(0, end);
    line.remove_prefix(end);
    return term;
}

std::string unquoted(std::string_view text)
{
    std::string plain;
    for (const char c : text)
        if (c != '"') plain += c;
    return plain;
}

std::string allNames()
{
    std::string names;
    for (int i = 0; i < kRunColumnCount; ++i)
        names += (i > 0 ? ", " : "") + std::string(filterName(static_cast<RunColumn>(i)));
    return names;
}

/// How near is equal: half of the last digit that was written; a percentage has two more.
double toleranceOf(std::string_view digits, bool percent)
{
    const std::size_t exponent = std::min(digits.find_first_of("eE"), digits.size());
    int power = 0;
    const char* const end = digits.data() + digits.size();
    if (exponent + 1 < digits.size())
        std::from_chars(digits.data() + exponent + (digits[exponent + 1] == '+' ? 2 : 1), end,
                        power);
    digits = digits.substr(0, exponent);
    const std::size_t point = digits.find('.');
    const auto decimals =
        static_cast<double>(point == std::string_view::npos ? 0 : digits.size() - point - 1);
    return 0.5 * std::pow(10.0, power - decimals - (percent ? 2 : 0));
}

Error wrongNumber(const std::string& term, const std::string& value, RunColumn column)
{
    return {ErrorCode::Usage, "'" + term + "': '" + value + "' is no " +
                                  (column == RunColumn::Size ? "size, such as 100MB" : "number")};
}

Result<void> readNumber(Term& term, const std::string& whole, const std::string& value)
{
    if (term.sign == Sign::Holds) term.sign = Sign::Equal;
    if (term.column == RunColumn::Size) {
        const Result<std::uint64_t> bytes = parseSize(value);
        if (!bytes) return wrongNumber(whole, value, term.column);
        term.number = static_cast<double>(bytes.value());
        term.text = formatSize(bytes.value());
        return {};
    }
    const bool percent = value.ends_with('%');
    const std::string_view digits =
        std::string_view(value).substr(0, value.size() - (percent ? 1 : 0));
    const auto [end, failed] =
        std::from_chars(digits.data(), digits.data() + digits.size(), term.number);
    if (failed != std::errc() || end != digits.data() + digits.size() ||
        !std::isfinite(term.number))
        return wrongNumber(whole, value, term.column);
    if (percent) term.number /= 100;
    term.tolerance = toleranceOf(digits, percent);
    return {};
}

Result<void> readText(Term& term, const std::string& whole, const std::string& value)
{
    const bool ordered =
        term.sign != Sign::Holds && term.sign != Sign::Equal && term.sign != Sign::NotEqual;
    const std::string name(filterName(term.column));
    if (ordered && term.column != RunColumn::Started)
        return Error{ErrorCode::Usage, "'" + whole + "': " + name + " is a text; write " + name +
                                           ":" + value + " or " + name + "=" + value};
    term.text = foldedText(value);
    return {};
}

Result<Term> readTerm(std::string_view text)
{
    const std::string whole(text);
    Term term;
    if (text.size() > 1 && text.front() == '-') {
        term.negated = true;
        text.remove_prefix(1);
    }
    const std::size_t quote = std::min(text.find('"'), text.size());
    const std::size_t at = text.substr(0, quote).find_first_of("<>=!:");
    const SignText* found = nullptr;
    for (const SignText& sign : kSigns)
        if (found == nullptr && at != std::string_view::npos &&
            text.substr(at).starts_with(sign.text))
            found = &sign;
    if (found == nullptr) {
        term.text = foldedText(unquoted(text));
        return term;
    }
    const std::string name = foldedText(text.substr(0, at));
    const std::string value = unquoted(text.substr(at + found->text.size()));
    const std::optional<RunColumn> column = runColumnNamed(name);
    if (!column)
        return Error{ErrorCode::Usage, "'" + whole + "': there is no column '" + name +
                                           "'; there are " + allNames() +
                                           ". Put a word with signs into quotes."};
    if (value.empty())
        return Error{ErrorCode::Usage, "'" + whole + "': nothing stands behind the sign"};
    term.sign = found->sign;
    term.column = *column;
    BS_CHECK((isNumber(*column) ? readNumber : readText)(term, whole, value));
    return term;
}

bool isOrdered(Sign sign, int comparison)
{
    switch (sign) {
    case Sign::Less:
        return comparison < 0;
    case Sign::LessEqual:
        return comparison <= 0;
    case Sign::Greater:
        return comparison > 0;
    case Sign::GreaterEqual:
        return comparison >= 0;
    case Sign::NotEqual:
        return comparison != 0;
    default:
        return comparison == 0;
    }
}

/// -1, 0 or 1; sizes that read the same are equal, other numbers as near as their digits say.
int compared(const Term& term, double number)
{
    const bool digits = term.sign == Sign::Equal || term.sign == Sign::NotEqual;
    if (digits && term.column == RunColumn::Size)
        return formatSize(static_cast<std::uint64_t>(number)) == term.text ? 0 : 1;
    if (digits && std::abs(number - term.number) <= term.tolerance) return 0;
    return number < term.number ? -1 : (number > term.number ? 1 : 0);
}

bool anyHolds(const RunPoint& point, const std::string& folded)
{
    for (int i = 0; i < kRunColumnCount; ++i) {
        const auto column = static_cast<RunColumn>(i);
        if (!isNumber(column) && holdsFolded(textOf(point, column), folded)) return true;
    }
    return false;
}

bool holds(const Term& term, const RunPoint& point)
{
    if (term.sign == Sign::Word) return anyHolds(point, term.text);
    if (isNumber(term.column)) {
        const std::optional<double> number = numberOf(point, term.column);
        return number && isOrdered(term.sign, compared(term, *number));
    }
    const std::string_view text = textOf(point, term.column);
    if (term.sign == Sign::Holds) return holdsFolded(text, term.text);
    const std::string folded = foldedText(text);
    if (term.column == RunColumn::Started) {
        // As far as it was written: 2026-11-20 is that whole day.
        const std::string_view shown = std::string_view(folded).substr(0, term.text.size());
        return isOrdered(term.sign, shown.compare(term.text));
    }
    return isOrdered(term.sign, folded.compare(term.text));
}

} // namespace

Result<RunFilter> RunFilter::parse(std::string_view line)
{
    RunFilter filter;
    while (true) {
        BS_TRY(const std::string_view text, nextTerm(line));
        if (text.empty()) return filter;
        BS_TRY(Term term, readTerm(text));
        filter.m_terms.push_back(std::move(term));
    }
}

bool RunFilter::matches(const RunPoint& point) const
{
    for (const Term& term : m_terms)
        if (holds(term, point) == term.negated) return false;
    return true;
}

} // namespace bs
