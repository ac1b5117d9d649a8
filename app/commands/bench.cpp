#include "core/jobs/bench.h"

#include "app/cli/command.h"
#include "core/base/sizes.h"

#include <cstdio>

namespace bs::cli {

namespace {

struct Options
{
    CommonOptions common;
    StoreOptions store;
    SizeOptions size;
    BenchRequest request;
};

void printResult(const BenchResult& result)
{
    std::printf("prompt     %10s tokens/s\n", numberText(result.promptTokensPerSecond, 1).c_str());
    std::printf("generate   %10s tokens/s\n",
                numberText(result.generateTokensPerSecond, 2).c_str());
    std::printf("weights    %10s, %s read per token\n", formatSize(result.weightBytes).c_str(),
                formatSize(result.bytesReadPerToken).c_str());
    std::printf("bandwidth  %10s %% of %s/s\n",
                numberText(100 * result.bandwidthFraction, 1).c_str(),
                formatSize(static_cast<std::uint64_t>(result.readBytesPerSecond)).c_str());
    if (result.slideMs)
        std::printf("slide      %10s ms from the smallest size and back\n",
                    numberText(*result.slideMs, 1).c_str());
}

Result<void> bench(const Options& options, const JobContext& context)
{
    BenchRequest request = options.request;
    BS_TRY(request.engine, options.common.engine());
    BS_TRY(request.size, options.size.one());
    BS_TRY(request.database, options.store.path());
    ProgressLine line;
    BS_TRY(const BenchResult result, benchModel(request, withProgress(context, line)));
    line.clear();
    if (options.common.json)
        print(benchJson(result));
    else
        printResult(result);
    return {};
}

} // namespace

void addBench(CLI::App& app, Chosen& chosen)
{
    auto options = std::make_shared<Options>();
    BenchRequest& request = options->request;
    CLI::App* const command = app.add_subcommand("bench", "Measure how fast a model runs here");
    command->add_option("MODEL", request.model, "Model file or folder")->required();
    addSize(*command, options->size);
    command->add_option("--prompt-tokens", request.promptTokens, "Length of the prompt")
        ->capture_default_str();
    command->add_option("--generate-tokens", request.generateTokens, "Length of the answer")
        ->capture_default_str();
    command->add_option("--repeat", request.repeat, "Repetitions; medians are reported")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1000}))
        ->capture_default_str();
    addStore(*command, options->store);
    addComputing(*command, options->common);
    command->callback([&chosen, options] {
        chosen.action = [options](const JobContext& context) { return bench(*options, context); };
    });
}

} // namespace bs::cli
