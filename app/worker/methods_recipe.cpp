#include "app/worker/worker.h"
#include "core/jobs/recipe.h"

#include <algorithm>

namespace bs::worker {

namespace {

Plan planOf(const std::vector<std::uint64_t>& depths)
{
    Plan plan;
    for (const std::uint64_t depth : depths)
        plan.depth.push_back(
            static_cast<std::uint32_t>(std::min<std::uint64_t>(depth, UINT32_MAX)));
    return plan;
}

Result<SizeChoice> choiceOfFile(const ModelSource& source, const std::string& file)
{
    BS_TRY(const ChosenSize size, chooseSize(source, planFileChoice(file)));
    SizeChoice choice = budgetChoice(size.fileBytes);
    BS_TRY(choice.recipe, recipeOfFile(source, file));
    return choice;
}

/// The report, with the depths as `slide` takes them.
Result<Json> planResult(const ModelSource& source, const std::string& file, SizeChoice choice)
{
    if (!file.empty()) {
        BS_TRY(choice, choiceOfFile(source, file));
    }
    BS_TRY(const RecipeReport report, reportRecipe(source, choice));
    Json json = recipeJson(report);
    json["plan"] = report.plan.size.plan.depth;
    return json;
}

} // namespace

Result<SizeChoice> sizeChoice(Params& params)
{
    const bool hasPlan = params.has("plan");
    const std::vector<std::uint64_t> depths = params.sizes("plan");
    const std::optional<std::uint64_t> budget = params.optionalSize("budget_bytes");
    const std::vector<std::string> rules = params.texts("rules");
    BS_CHECK(params.check());
    SizeChoice choice = hasPlan  ? planChoice(planOf(depths))
                        : budget ? budgetChoice(*budget)
                                 : SizeChoice{};
    BS_TRY(choice.recipe, parseRecipe(rules));
    return choice;
}

Result<std::vector<SizeChoice>> sizeChoices(Params& params)
{
    const std::vector<std::uint64_t> budgets = params.sizes("budgets");
    const std::vector<std::string> rules = params.texts("rules");
    BS_CHECK(params.check());
    BS_TRY(const Recipe recipe, parseRecipe(rules));
    std::vector<SizeChoice> choices;
    for (const std::uint64_t budget : budgets)
        choices.push_back(budgetChoice(budget));
    if (choices.empty() && !rules.empty()) choices.emplace_back(); // of everything, as for `slide`
    for (SizeChoice& choice : choices)
        choice.recipe = recipe;
    return choices;
}

Result<ChosenSize> slideTarget(const ModelSource& source, Params& params)
{
    if (!params.has("plan")) params.size("budget_bytes"); // must be there
    BS_TRY(const SizeChoice choice, sizeChoice(params));
    return chooseSize(source, choice);
}

Result<Json> Worker::plan(Params& params, const Json& /*id*/, const JobContext& /*context*/)
{
    const std::string path = params.text("path", "");
    const std::string file = params.text("file", "");
    BS_TRY(SizeChoice choice, sizeChoice(params));
    if (!path.empty()) {
        BS_TRY(const ModelSource source, openModel(path));
        return planResult(source, file, std::move(choice));
    }
    BS_TRY(const auto session, needSession());
    return planResult(session->source(), file, std::move(choice));
}

} // namespace bs::worker
