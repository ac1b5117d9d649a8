#include "app/cli/command.h"
#include "core/base/sizes.h"
#include "core/jobs/export.h"

#include <cstdio>

namespace bs::cli {

namespace {

struct Options
{
    CommonOptions common;
    ExportRequest request;
    SizeOptions size;
    std::string format;
    std::string type = "F16";
};

Result<void> exportTo(const Options& options, const JobContext& context)
{
    ExportRequest request = options.request;
    BS_TRY(request.size, options.size.one());
    BS_TRY(request.form, exportFormOf(options.format));
    BS_TRY(request.type, exportTypeOf(options.type));
    if (request.type != ExportType::F16 && request.form != ExportForm::Gguf)
        return Error{ErrorCode::Usage, "only format gguf can be of type Q8_0"};
    BS_TRY(const ExportResult forecast, forecastExport(request));
    std::fprintf(stderr, "%s will be written\n", formatSize(forecast.bytes).c_str());
    ProgressLine line;
    const Result<ExportResult> result = exportModel(request, withProgress(context, line));
    line.clear();
    if (!result)
        return result.error();
    if (options.common.json)
        print(exportJson(result.value()));
    else
        std::printf("wrote %s: %s\n", request.output.c_str(), formatSize(result.value().bytes).c_str());
    return {};
}

} // namespace

void addExport(CLI::App& app, Chosen& chosen)
{
    auto options = std::make_shared<Options>();
    CLI::App* const command = app.add_subcommand("export", "Write a model at a size for other programs");
    command->add_option("MODEL", options->request.model, "Hugging Face folder, GGUF or .bitstack file")->required();
    addSize(*command, options->size);
    command->add_option("--format", options->format, "safetensors (a Hugging Face folder), gguf, authors (of codec bitstack) or trim (.bitstack)")->required();
    command->add_option("--gguf-type,--type", options->type, "Of the matrices of a GGUF file: F16 or Q8_0")->capture_default_str();
    command->add_option("-o,--output", options->request.output, "File or folder to write")->required();
    command->add_flag("--force", options->request.force, "Write over an existing file, or a folder that an export wrote");
    addJson(*command, options->common);
    command->callback([&chosen, options] {
        chosen.action = [options](const JobContext& context) { return exportTo(*options, context); };
    });
}

} // namespace bs::cli
