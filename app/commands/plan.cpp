#include "app/cli/command.h"
#include "core/base/sizes.h"
#include "core/jobs/sizing.h"

#include <cstdio>

namespace bs::cli {

namespace {

struct Options
{
    CommonOptions common;
    std::string model;
    SizeOptions size;
};

Result<void> plan(const Options& options)
{
    BS_TRY(const SizeChoice choice, options.size.one());
    BS_TRY(const PlanReport report, planModel(options.model, choice));
    if (options.common.json) {
        print(planJson(report));
        return {};
    }
    std::vector<std::vector<std::string>> rows{{"matrix", "depth", "bytes"}};
    for (const PlanReport::Matrix& matrix : report.matrices)
        rows.push_back({matrix.name, std::to_string(matrix.depth), std::to_string(matrix.bytes)});
    printTable(rows);
    std::printf("file %s, resident weights %s\n", formatSize(report.size.fileBytes).c_str(),
                formatSize(report.size.weightBytes).c_str());
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
