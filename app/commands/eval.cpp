#include "app/commands/eval_tokens.h"
#include "core/base/sizes.h"
#include "core/jobs/evaluate.h"

#include <cstdio>

namespace bs::cli {

namespace {

struct Options
{
    CommonOptions common;
    StoreOptions store;
    EvaluateRequest request;
    SizeOptions size;
    std::string scored = "half";
};

std::string sizeText(const ChosenSize& size)
{
    if (size.depth) return "depth " + std::to_string(*size.depth);
    return size.budgetBytes ? formatSize(*size.budgetBytes) : "everything";
}

void printResults(const Evaluation& evaluation)
{
    std::vector<std::vector<std::string>> rows{
        {"size", "file", "weights", "perplexity", "+-", "tokens", "seconds"}};
    const bool divergence = !evaluation.results.empty() && evaluation.results.front().divergence;
    if (divergence)
        rows.front().insert(rows.front().end(), {"KL mean", "median", "99 %", "same top"});
    for (const EvaluateResult& result : evaluation.results) {
        rows.push_back({sizeText(result.size), formatSize(result.size.fileBytes),
                        formatSize(result.weightBytes), numberText(result.perplexity.perplexity, 4),
                        numberText(result.perplexity.error, 4),
                        std::to_string(result.perplexity.tokensScored),
                        numberText(result.seconds, 1)});
        if (result.divergence)
            rows.back().insert(rows.back().end(),
                               {numberText(result.divergence->mean, 5),
                                numberText(result.divergence->median, 5),
                                numberText(result.divergence->p99, 4),
                                numberText(100 * result.divergence->sameTop, 2) + " %"});
    }
    printTable(rows);
    if (evaluation.run)
        std::printf("stored as run %lld\n", static_cast<long long>(*evaluation.run));
}

Result<void> evaluate(const Options& options, const JobContext& context)
{
    EvaluateRequest request = options.request;
    BS_TRY(request.engine, options.common.engine());
    request.scored = options.scored == "all" ? Scored::All : Scored::Half;
    BS_TRY(request.sizes, options.size.all());
    BS_TRY(request.database, options.store.path());
    ProgressLine line;
    BS_TRY(const Evaluation evaluation,
           evaluatePerplexity(request, {}, withProgress(context, line)));
    line.clear();
    if (options.common.json)
        print(evaluationJson(evaluation));
    else
        printResults(evaluation);
    return {};
}

} // namespace

void addEval(CLI::App& app, Chosen& chosen)
{
    auto options = std::make_shared<Options>();
    EvaluateRequest& request = options->request;
    CLI::App* const eval = app.add_subcommand("eval", "Measure how good a model is");
    eval->require_subcommand(1);
    CLI::App* const command =
        eval->add_subcommand("perplexity", "Perplexity over a text, at one or several sizes");
    command->add_option("MODEL", request.model, "Model file or folder")->required();
    command->add_option("--text", request.text, "Text to predict")->required();
    command->add_option("--context", request.context, "Tokens of a window")->capture_default_str();
    command
        ->add_option("--scored", options->scored,
                     "Tokens of a window that count: the second half, or all")
        ->check(CLI::IsMember({"half", "all"}))
        ->capture_default_str();
    command->add_option("--chunks", request.chunks, "Only the first so many windows")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 40));
    addSize(*command, options->size, true);
    command
        ->add_option("--spread", request.spread,
                     "So many more sizes, evenly from the smallest to the largest")
        ->check(CLI::Range(std::size_t{1}, std::size_t{4096}));
    command->add_option("--sweep", request.sweep, "Name that runs of one sweep share");
    command->add_option("--reference", request.reference,
                        "Model to compare the token distributions with");
    addStore(*command, options->store);
    addComputing(*command, options->common);
    command->callback([&chosen, options] {
        chosen.action = [options](const JobContext& context) {
            return evaluate(*options, context);
        };
    });
    addEvalTokens(*eval, chosen);
}

} // namespace bs::cli
