#include "core/jobs/compress.h"

#include "app/cli/command.h"
#include "core/base/sizes.h"

#include <cstdio>

namespace bs::cli {

namespace {

struct Options
{
    CommonOptions common;
    CompressRequest request;
    std::string order = "ours";
};

Result<void> compressModel(const Options& options, const JobContext& context)
{
    CompressRequest request = options.request;
    BS_TRY(request.engine, options.common.engine());
    request.authorsOrder = options.order == "authors";
    ProgressLine line;
    BS_TRY(const CompressResult result, compress(request, withProgress(context, line)));
    line.clear();
    if (options.common.json)
        print(compressJson(result));
    else
        std::printf("wrote %s: %s, %zu matrices, %zu blocks, %s s, at most %s of memory\n",
                    request.output.c_str(), formatSize(result.fileBytes).c_str(), result.matrices,
                    result.blocks, numberText(result.seconds, 1).c_str(),
                    formatSize(result.peakBytes).c_str());
    return {};
}

} // namespace

void addCompress(CLI::App& app, Chosen& chosen)
{
    auto options = std::make_shared<Options>();
    CompressRequest& request = options->request;
    CLI::App* const command =
        app.add_subcommand("compress", "Turn a model into a stack that can be used at any size");
    command->add_option("MODEL", request.model, "Model file or folder")->required();
    command->add_option("-o,--output", request.output, "The .bitstack file to write")->required();
    command
        ->add_option("--codec", request.codec,
                     "How matrices become blocks: nested (ours) or bitstack (as published)")
        ->capture_default_str();
    command->add_option("--rank", request.rank, "Rank of a block's magnitudes (codec bitstack)")
        ->check(CLI::Range(std::size_t{1}, std::size_t{65536}))
        ->capture_default_str();
    command->add_option("--blocks", request.blocks, "Blocks of every matrix (codec bitstack)")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1024}))
        ->capture_default_str();
    command->add_flag(
        "--refined", request.refined,
        "Choose the blocks of codec bitstack by output error instead of as published: "
        "better at every size for the same bytes, but slower");
    command->add_option("--calibration", request.calibration,
                        "Text to calibrate with (default: the model writes its own)");
    command
        ->add_option("--calibration-tokens", request.calibrationTokens,
                     "How much of it (default: 32768 with a file, 16384 without)")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 40));
    command
        ->add_option(
            "--order", options->order,
            "Loading order: ours, or authors (codec bitstack: their perplexity sort, slow)")
        ->check(CLI::IsMember({"ours", "authors"}))
        ->capture_default_str();
    command->add_flag("--published-scales", request.publishedScales,
                      "Fold calibration scales exactly as the authors' code does (with grouped "
                      "queries it leaves o unscaled)");
    command->add_flag("--resume", request.resume, "Go on with a run that was stopped");
    command->add_flag("--force", request.force, "Write over an existing file");
    addComputing(*command, options->common);
    command->callback([&chosen, options] {
        chosen.action = [options](const JobContext& context) {
            return compressModel(*options, context);
        };
    });
}

} // namespace bs::cli
