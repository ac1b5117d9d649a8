#include "core/jobs/inspect.h"

#include "app/cli/command.h"
#include "core/base/sizes.h"

#include <array>
#include <cstdio>

namespace bs::cli {

namespace {

struct Options
{
    CommonOptions common;
    std::string model;
    bool tensors = false;
    std::string tensor;
};

void printLine(const char* label, const std::string& text)
{
    std::printf("%-14s %s\n", label, text.c_str());
}

void printCard(const ModelCard& card)
{
    printLine("format", card.format);
    printLine("architecture", card.config.architecture + ", " + std::to_string(card.config.layers) +
                                  " layers of width " + std::to_string(card.config.width));
    printLine("parameters", std::to_string(card.parameters));
    printLine("size", formatSize(card.bytes) + " (" + std::to_string(card.bytes) + " bytes)");
    printLine("weights", card.codec ? "codec " + *card.codec : card.dtype.value_or("none"));
    printLine("tokenizer", card.tokenizer.value_or("none"));
    printLine("context", std::to_string(card.config.contextLength) + " tokens, " +
                             formatSize(card.kvBytesPerToken) + " of KV cache each");
    if (card.truncated)
        printLine("truncated", "yes: the file was cut, what is whole of it can be used");
    if (card.stack)
        printLine("stack", std::to_string(card.stack->matrices) + " matrices, " +
                               std::to_string(card.stack->blocks) + " blocks, from " +
                               formatSize(card.stack->smallestBytes) + " to " +
                               formatSize(card.stack->largestBytes));
}

/// "0.1234"
std::string riseText(double rise)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.4f", rise);
    return text.data();
}

/// How far the quality at each size was foreseen.
void printPredicted(const std::vector<PredictedRise>& predicted)
{
    if (predicted.empty()) return;
    std::printf("\nrise of log-perplexity over the dense model\n");
    std::vector<std::vector<std::string>> rows{{"size", "predicted", "measured"}};
    for (const PredictedRise& rise : predicted)
        rows.push_back({formatSize(rise.budgetBytes), riseText(rise.predictedRise),
                        riseText(rise.measuredRise)});
    printTable(rows);
}

void printTensors(const Json& tensors)
{
    std::vector<std::vector<std::string>> rows{{"tensor", "type", "shape", "bytes"}};
    for (const Json& tensor : tensors)
        rows.push_back({tensor["name"].get<std::string>(), tensor["dtype"].get<std::string>(),
                        tensor["shape"].dump(), tensor["bytes"].dump()});
    printTable(rows);
}

void printTensor(const TensorReport& report)
{
    const TensorStatistics& s = report.statistics;
    printLine("tensor", report.tensor.name);
    printLine("type", report.tensor.dtype);
    printLine("size", formatSize(report.tensor.bytes));
    printLine("values", std::to_string(s.count) + ", " + std::to_string(s.zeros) + " zeros, " +
                            std::to_string(s.notFinite) + " not finite");
    printLine("range", numberText(s.min, 6) + " to " + numberText(s.max, 6));
    printLine("mean", numberText(s.mean, 6) + ", standard deviation " + numberText(s.deviation, 6));
    if (report.residuals.empty()) return;
    std::printf("\nerror against all blocks\n");
    std::vector<std::vector<std::string>> rows{{"depth", "bytes", "bits per weight", "error"}};
    for (const DepthResidual& r : report.residuals)
        rows.push_back({std::to_string(r.depth), std::to_string(r.bytes),
                        numberText(r.bitsPerWeight, 2), numberText(r.error, 4)});
    printTable(rows);
}

Result<void> inspectTensor(const Options& options, const JobContext& context)
{
    BS_TRY(const ModelSource source, openModel(options.model));
    ProgressLine line;
    BS_TRY(const TensorReport report,
           describeTensor(source, options.tensor, withProgress(context, line)));
    line.clear();
    if (options.common.json)
        print(tensorReportJson(report));
    else
        printTensor(report);
    return {};
}

Result<void> inspect(const Options& options, const JobContext& context)
{
    if (!options.tensor.empty()) return inspectTensor(options, context);
    BS_TRY(const ModelSource source, openModel(options.model));
    BS_TRY(const ModelCard card, describeModel(source));
    if (options.common.json) {
        Json json = inspectJson(card);
        if (options.tensors) json["tensors"] = tensorsJson(source);
        print(json);
        return {};
    }
    printCard(card);
    printPredicted(card.predicted);
    if (options.tensors) printTensors(tensorsJson(source));
    return {};
}

} // namespace

void addInspect(CLI::App& app, Chosen& chosen)
{
    auto options = std::make_shared<Options>();
    CLI::App* const command = app.add_subcommand("inspect", "Say what a model is, from its header");
    command->add_option("MODEL", options->model, "Model file or folder")->required();
    command->add_flag("--tensors", options->tensors, "List every tensor");
    command->add_option("--tensor", options->tensor,
                        "Instead: statistics of one tensor; of a stack also its error by depth")
        ->type_name("NAME");
    addJson(*command, options->common);
    command->callback([&chosen, options] {
        chosen.action = [options](const JobContext& context) { return inspect(*options, context); };
    });
}

} // namespace bs::cli
