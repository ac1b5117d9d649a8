#include "app/cli/command.h"
#include "core/base/sizes.h"
#include "core/jobs/sizing.h"

#include <cstdio>

namespace bs::cli {

namespace {

struct Options
{
    CommonOptions common;
    TrimRequest request;
    SizeOptions size;
};

Result<void> trim(const Options& options, const JobContext& context)
{
    TrimRequest request = options.request;
    BS_TRY(request.size, options.size.one());
    ProgressLine line;
    const Result<ChosenSize> trimmed = trimModel(request, withProgress(context, line));
    line.clear();
    if (!trimmed) return trimmed.error();
    const ChosenSize& size = trimmed.value();
    if (options.common.json)
        print(trimJson(size));
    else
        std::printf("wrote %s: %s, resident weights %s\n", request.output.c_str(),
                    formatSize(size.fileBytes).c_str(), formatSize(size.weightBytes).c_str());
    return {};
}

} // namespace

void addTrim(CLI::App& app, Chosen& chosen)
{
    auto options = std::make_shared<Options>();
    CLI::App* const command =
        app.add_subcommand("trim", "Write the part of a model that a size picks as a file");
    command->add_option("MODEL", options->request.model, "A .bitstack file")->required();
    addSize(*command, options->size);
    command->add_option("-o,--output", options->request.output, "File to write")->required();
    command->add_flag("--force", options->request.force, "Write over an existing file");
    addJson(*command, options->common);
    command->callback([&chosen, options] {
        chosen.action = [options](const JobContext& context) { return trim(*options, context); };
    });
}

} // namespace bs::cli
