#include "app/cli/command.h"
#include "core/base/sizes.h"
#include "core/jobs/recipe.h"

#include <cstdio>

namespace bs::cli {

namespace {

struct Options
{
    CommonOptions common;
    std::string model;
    SizeOptions size;
};

void printPlan(const PlanReport& report)
{
    std::vector<std::vector<std::string>> rows{{"matrix", "depth", "bytes"}};
    for (const PlanReport::Matrix& matrix : report.matrices)
        rows.push_back({matrix.name, std::to_string(matrix.depth), std::to_string(matrix.bytes)});
    printTable(rows);
    std::printf("file %s, resident weights %s\n", formatSize(report.size.fileBytes).c_str(),
                formatSize(report.size.weightBytes).c_str());
}

Result<void> planWithRules(const Options& options, const SizeChoice& choice)
{
    BS_TRY(const ModelSource source, openModel(options.model));
    BS_TRY(const RecipeReport report, reportRecipe(source, choice));
    if (options.common.json) {
        print(recipeJson(report));
        return {};
    }
    printPlan(report.plan);
    if (report.change && report.uneditedBytes)
        std::printf("perplexity is expected to be %s %% of the unedited stack's at %s\n",
                    numberText(100 * (1 + *report.change), 2).c_str(),
                    formatSize(*report.uneditedBytes).c_str());
    return {};
}

Result<void> plan(const Options& options)
{
    BS_TRY(const SizeChoice choice, options.size.one());
    if (!choice.recipe.empty()) return planWithRules(options, choice);
    BS_TRY(const PlanReport report, planModel(options.model, choice));
    if (options.common.json)
        print(planJson(report));
    else
        printPlan(report);
    return {};
}

} // namespace

void addPlan(CLI::App& app, Chosen& chosen)
{
    auto options = std::make_shared<Options>();
    CLI::App* const command = app.add_subcommand("plan", "Say which blocks a size loads");
    command->add_option("MODEL", options->model, "A .bitstack file")->required();
    addSize(*command, options->size);
    addJson(*command, options->common);
    command->callback([&chosen, options] {
        chosen.action = [options](const JobContext&) { return plan(*options); };
    });
}

} // namespace bs::cli
