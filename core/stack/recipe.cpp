#include "core/stack/recipe.h"

#include "core/base/number_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace bs {

namespace {

constexpr std::string_view kBits = "bits";
constexpr double kMostBits = 64;
constexpr double kMostSteps = 1e6;

/// The whole text as a number.
std::optional<double> numberOf(std::string_view text)
{
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    double number = 0;
    const auto [end, failed] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (failed != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
        return std::nullopt;
    return number;
}

/// How closely a rule names a matrix; 0: not at all.
int closeness(const RecipeRule& rule, const std::string& matrix)
{
    if (rule.target == matrix) return 3;
    if (rule.target == wholeMatrix(matrix)) return 2;
    return rule.target == classOf(matrix) ? 1 : 0;
}

std::uint32_t depthWithBits(const StackMatrix& matrix, double bits)
{
    const double wanted = bits / 8 * static_cast<double>(matrix.rows * matrix.cols);
    double bytes = 0;
    std::uint32_t depth = 0;
    while (depth < matrix.blockBytes.size() && bytes < wanted)
        bytes += static_cast<double>(matrix.blockBytes[depth++]);
    return depth;
}

DepthRange rangeOf(const StackMatrix& matrix, const RecipeRule* rule, std::uint32_t smallest)
{
    const auto all = static_cast<std::uint32_t>(matrix.blockBytes.size());
    if (rule == nullptr) return {smallest, all, 0};
    if (rule->kind == RecipeRule::Kind::Offset)
        return {smallest, all, static_cast<std::int64_t>(rule->value)};
    std::uint32_t depth = rule->kind == RecipeRule::Kind::Bits
                              ? depthWithBits(matrix, rule->value)
                              : static_cast<std::uint32_t>(rule->value);
    if (!matrix.linear) depth = std::max(depth, 1U);
    depth = std::min(depth, all);
    return {depth, depth, 0};
}

} // namespace

std::string textOf(const RecipeRule& rule)
{
    std::string text = rule.target + '=';
    if (rule.kind == RecipeRule::Kind::Offset && rule.value >= 0) text += '+';
    text += plainNumber(rule.value);
    if (rule.kind == RecipeRule::Kind::Bits) text += kBits;
    return text;
}

Result<RecipeRule> parseRule(const std::string& text)
{
    const auto wrong = [&text] {
        return Error{ErrorCode::Usage, "'" + text +
                                           "' is no rule; rules are MATRIX=DEPTH, "
                                           "MATRIX=+STEPS, MATRIX=-STEPS, MATRIX=Nbits"};
    };
    const std::size_t at = text.rfind('=');
    if (at == std::string::npos || at == 0 || at + 1 == text.size()) return wrong();
    std::string_view value = std::string_view(text).substr(at + 1);
    const bool offset = value.front() == '+' || value.front() == '-';
    const bool bits = !offset && value.ends_with(kBits);
    if (bits) value.remove_suffix(kBits.size());
    const std::optional<double> number = numberOf(value);
    if (!number || std::abs(*number) > (bits ? kMostBits : kMostSteps)) return wrong();
    if (!bits && *number != std::floor(*number)) return wrong();
    using Kind = RecipeRule::Kind;
    return RecipeRule{text.substr(0, at),
                      bits     ? Kind::Bits
                      : offset ? Kind::Offset
                               : Kind::Depth,
                      *number};
}

std::string textOf(const Recipe& recipe)
{
    std::string text;
    for (const RecipeRule& rule : recipe)
        text += (text.empty() ? "" : ", ") + textOf(rule);
    return text;
}

Result<Recipe> parseRecipe(const std::vector<std::string>& texts)
{
    Recipe recipe;
    for (const std::string& text : texts) {
        BS_TRY(RecipeRule rule, parseRule(text));
        recipe.push_back(std::move(rule));
    }
    return recipe;
}

const RecipeRule* ruleFor(const Recipe& recipe, const std::string& matrix)
{
    const RecipeRule* closest = nullptr;
    int best = 1;
    for (const RecipeRule& rule : recipe)
        if (const int close = closeness(rule, matrix); close >= best) {
            closest = &rule;
            best = close;
        }
    return closest;
}

Result<std::vector<DepthRange>> rangesOf(const Stack& stack, const Recipe& recipe)
{
    for (const RecipeRule& rule : recipe)
        if (std::none_of(stack.matrices.begin(), stack.matrices.end(),
                         [&](const StackMatrix& m) { return closeness(rule, m.name) > 0; }))
            return Error{ErrorCode::Usage, "the rule " + textOf(rule) +
                                               " is for a matrix or class that the stack has not"};
    const Plan smallest = prefixPlan(stack, stack.smallestCount);
    std::vector<DepthRange> ranges;
    for (std::size_t m = 0; m < stack.matrices.size(); ++m)
        ranges.push_back(
            rangeOf(stack.matrices[m], ruleFor(recipe, stack.matrices[m].name), smallest.depth[m]));
    return ranges;
}

Plan rangedPlan(const Stack& stack, const std::vector<DepthRange>& ranges, std::size_t count)
{
    Plan plan = prefixPlan(stack, count);
    for (std::size_t m = 0; m < ranges.size(); ++m) {
        const std::int64_t wanted = std::int64_t{plan.depth[m]} + ranges[m].offset;
        plan.depth[m] = static_cast<std::uint32_t>(std::clamp<std::int64_t>(
            wanted, std::int64_t{ranges[m].least}, std::int64_t{ranges[m].most}));
    }
    return plan;
}

} // namespace bs
