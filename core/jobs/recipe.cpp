#include "core/jobs/recipe.h"

#include "core/base/json_guard.h"
#include "core/base/sizes.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace bs {

namespace {

/// Sums of gains that a stack leaves out, and what they were predicted to cost.
struct Rise
{
    double left = 0;
    double rise = 0;
};

double gainOf(const Container& container, const StackBlock& block)
{
    return container.blocks[block.matrix][block.index].gain;
}

double gainLeft(const Container& container, const Plan& plan)
{
    double left = 0;
    for (std::size_t m = 0; m < plan.depth.size(); ++m)
        for (std::size_t i = plan.depth[m]; i < container.blocks[m].size(); ++i)
            left += container.blocks[m][i].gain;
    return left;
}

bool hasGains(const Container& container)
{
    return std::any_of(container.stack.order.begin(), container.stack.order.end(),
                       [&](const StackBlock& block) { return gainOf(container, block) != 0; });
}

/// At the sizes that were predicted, the largest first; none without gains or with fewer than two. A
/// header takes long to write, so that its length is interpolated between those of the two ends.
std::vector<Rise> predictions(const Container& container)
{
    if (container.predicted.size() < 2 || !hasGains(container)) return {};
    const Stack& stack = container.stack;
    const Plan smallest = smallestPlan(container);
    auto bytes = static_cast<double>(fileBytesOf(container, smallest));
    const double all = static_cast<double>(fileBytesOf(container, largestPlan(container))) - bytes;
    const auto blocks = static_cast<double>(blockBytesOf(stack, largestPlan(container)) -
                                            blockBytesOf(stack, smallest));
    const double each = blocks > 0 ? all / blocks : 1; // bytes of the file for one of a block
    double left = gainLeft(container, smallest);
    std::size_t at = stack.smallestCount;
    std::vector<Rise> rises;
    for (const PredictedRise& p : container.predicted) {
        // A file that was cut says nothing about the sizes it has no more.
        if (at == stack.order.size() && rises.size() >= 2) break;
        const auto wanted = static_cast<double>(p.budgetBytes);
        for (; at < stack.order.size() && bytes < wanted; ++at) {
            const StackBlock& block = stack.order[at];
            bytes +=
                each * static_cast<double>(stack.matrices[block.matrix].blockBytes[block.index]);
            left -= gainOf(container, block);
        }
        rises.push_back({std::max(left, 0.0), p.predictedRise});
    }
    std::reverse(rises.begin(), rises.end());
    return rises;
}

/// On the line through the two neighbours; beyond the ends on that of the last two.
std::optional<double> riseAt(const std::vector<Rise>& rises, double left)
{
    if (rises.empty()) return std::nullopt;
    std::size_t upper = 1;
    while (upper + 1 < rises.size() && rises[upper].left < left)
        ++upper;
    const Rise& a = rises[upper - 1];
    const Rise& b = rises[upper];
    if (!(b.left > a.left)) return a.rise;
    return a.rise + (left - a.left) * (b.rise - a.rise) / (b.left - a.left);
}

Result<Plan> plannedUnder(const Container& container, const Recipe& recipe, std::size_t count)
{
    BS_TRY(const std::vector<DepthRange> ranges, rangesOf(container.stack, recipe));
    return rangedPlan(container.stack, ranges, count);
}

Error tooLarge(std::uint64_t least, std::uint64_t asked)
{
    const auto figure = [](std::uint64_t bytes) {
        return formatSize(bytes) + " (" + std::to_string(bytes) + " bytes)";
    };
    return Error{ErrorCode::Budget, "the rules and the smallest plan take " + figure(least) +
                                        ", asked for were " + figure(asked)};
}

/// The last of [first, end) that fits: all before it do, none behind it; the first is taken for
/// one.
std::size_t lastThatFits(std::size_t first, std::size_t end,
                         const std::function<bool(std::size_t)>& fits)
{
    while (end - first > 1) {
        const std::size_t middle = first + (end - first) / 2;
        (fits(middle) ? first : end) = middle;
    }
    return first;
}

/// Against the unedited stack at the file's own size.
void compareWithUnedited(const Container& container, RecipeReport& report)
{
    const ChosenSize& size = report.plan.size;
    const Result<Plan> unedited = planRecipe(container, {}, size.fileBytes);
    if (unedited) report.uneditedBytes = fileBytesOf(container, unedited.value());
    if (!hasGains(container)) return;
    const std::vector<Rise> rises = predictions(container);
    const double left = gainLeft(container, size.plan);
    report.rise = riseAt(rises, left);
    if (!unedited) return; // no prefix is as small
    const double uneditedLeft = gainLeft(container, unedited.value());
    report.uneditedRise = riseAt(rises, uneditedLeft);
    report.change =
        std::expm1(report.rise ? *report.rise - *report.uneditedRise : left - uneditedLeft);
}

} // namespace

Result<Plan> planRecipe(const Container& container, const Recipe& recipe, std::uint64_t bytes)
{
    const Stack& stack = container.stack;
    BS_TRY(const std::vector<DepthRange> ranges, rangesOf(stack, recipe));
    const auto planAt = [&](std::size_t count) { return rangedPlan(stack, ranges, count); };
    const Plan smallest = planAt(stack.smallestCount);
    const Plan largest = planAt(stack.order.size());
    const std::uint64_t least = fileBytesOf(container, smallest);
    if (least > bytes) return tooLarge(least, bytes);
    const std::uint64_t most = fileBytesOf(container, largest);
    if (most <= bytes) return largest;
    // A header takes long to write. Blocks alone rule most counts out, or in with all that the
    // header can grow by; more of the order never makes a smaller file.
    const std::uint64_t blocks = blockBytesOf(stack, smallest);
    const std::uint64_t growth = most - least - (blockBytesOf(stack, largest) - blocks);
    const auto bytesOfBlocks = [&](std::size_t count) {
        return least + (blockBytesOf(stack, planAt(count)) - blocks);
    };
    const std::size_t first = stack.smallestCount;
    const std::size_t surely = lastThatFits(first, stack.order.size(), [&](std::size_t count) {
        return bytesOfBlocks(count) + growth <= bytes;
    });
    const std::size_t possibly = lastThatFits(surely, stack.order.size(), [&](std::size_t count) {
        return bytesOfBlocks(count) <= bytes;
    });
    return planAt(lastThatFits(surely, possibly + 1, [&](std::size_t count) {
        return fileBytesOf(container, planAt(count)) <= bytes;
    }));
}

Result<Plan> largestOf(const Container& container, const Recipe& recipe)
{
    return plannedUnder(container, recipe, container.stack.order.size());
}

Result<Plan> smallestOf(const Container& container, const Recipe& recipe)
{
    return plannedUnder(container, recipe, container.stack.smallestCount);
}

std::optional<double> expectedRise(const Container& container, const Plan& plan)
{
    return riseAt(predictions(container), gainLeft(container, plan));
}

Result<RecipeReport> reportRecipe(const ModelSource& source, const SizeChoice& choice)
{
    BS_TRY(const Container* const container, needStack(source, "a recipe"));
    BS_TRY(ChosenSize size, chooseSize(source, choice));
    RecipeReport report;
    report.plan = reportPlan(source, std::move(size));
    report.recipe = choice.recipe;
    compareWithUnedited(*container, report);
    return report;
}

Result<Recipe> recipeOfFile(const ModelSource& source, const std::string& path)
{
    BS_TRY(const Container* const container, needStack(source, "a plan file"));
    BS_TRY(const ChosenSize size, chooseSize(source, planFileChoice(path)));
    BS_TRY(const std::string text, readTextFile(path));
    BS_TRY(const nlohmann::json json, parseJson(text, "the plan"));
    if (const auto rules = json.find("rules"); rules != json.end() && rules->is_array()) {
        std::vector<std::string> texts;
        for (const nlohmann::json& rule : *rules)
            texts.push_back(rule.is_string() ? rule.get<std::string>() : rule.dump());
        Result<Recipe> recipe = parseRecipe(texts);
        if (!recipe) return Error(std::move(recipe).error()).in(path);
        Result<std::vector<DepthRange>> checked = rangesOf(container->stack, recipe.value());
        if (!checked) return Error(std::move(checked).error()).in(path);
        return recipe;
    }
    Recipe recipe;
    for (std::size_t m = 0; m < size.plan.depth.size(); ++m)
        recipe.push_back({container->stack.matrices[m].name, RecipeRule::Kind::Depth,
                          static_cast<double>(size.plan.depth[m])});
    return recipe;
}

} // namespace bs
