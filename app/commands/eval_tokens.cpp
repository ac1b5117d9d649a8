#include "app/commands/eval_tokens.h"

#include "core/base/sizes.h"
#include "core/jobs/token_divergence.h"

#include <cstdio>

namespace bs::cli {

namespace {

struct Options
{
    CommonOptions common;
    TokenDivergenceRequest request;
    SizeOptions size;
};

/// On one line, whatever the token is.
std::string shown(const std::string& text)
{
    std::string line;
    for (const char c : text)
        line += c == '\n' ? "\\n" : c == '\t' ? "\\t" : std::string(1, c);
    return line;
}

std::string choiceText(const TokenDivergence::Choice& choice)
{
    return "'" + shown(choice.text) + "' " + numberText(100 * choice.probability, 1) + " %";
}

void printResult(const TokenDivergence& result)
{
    std::printf("%zu tokens at %s against %s: mean KL %s, median %s, same top token %s %%\n",
                result.positions.size(), formatSize(result.size.fileBytes).c_str(),
                result.reference.c_str(), numberText(result.mean, 5).c_str(),
                numberText(result.median, 5).c_str(), numberText(100 * result.sameTop, 2).c_str());
    if (!result.note.empty()) std::printf("%s\n", result.note.c_str());
    std::vector<std::vector<std::string>> rows{
        {"KL", "token", "reference expected", "model expected", "text before"}};
    for (const TokenDivergence::Worst& worst : result.worst) {
        const TokenDivergence::Position& p = result.positions[worst.position];
        rows.push_back({numberText(p.divergence, 4), "'" + shown(p.text) + "'",
                        choiceText(p.reference), choiceText(p.model), shown(worst.before)});
    }
    printTable(rows);
}

Result<void> evaluateTokens(const Options& options, const JobContext& context)
{
    TokenDivergenceRequest request = options.request;
    BS_TRY(request.engine, options.common.engine());
    BS_TRY(request.size, options.size.one());
    ProgressLine line;
    BS_TRY(const TokenDivergence result, tokenDivergence(request, withProgress(context, line)));
    line.clear();
    if (options.common.json)
        print(tokenDivergenceJson(result));
    else
        printResult(result);
    return {};
}

} // namespace

void addEvalTokens(CLI::App& eval, Chosen& chosen)
{
    auto options = std::make_shared<Options>();
    TokenDivergenceRequest& request = options->request;
    CLI::App* const command =
        eval.add_subcommand("tokens", "Where in a text a size differs from the original");
    command->add_option("MODEL", request.model, "Model file or folder")->required();
    command->add_option("--text", request.text, "Text to predict")->required();
    command->add_option("--context", request.context, "Tokens of a window")->capture_default_str();
    command->add_option("--chunks", request.chunks, "Only the first so many windows")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 40))
        ->capture_default_str();
    command->add_option("--worst", request.worst, "How many of the worst tokens are shown")
        ->check(CLI::Range(std::size_t{0}, std::size_t{1000}))
        ->capture_default_str();
    command->add_option("--reference", request.reference,
                        "Model to compare with; without it the one the stack was made from");
    addSize(*command, options->size);
    addComputing(*command, options->common);
    command->callback([&chosen, options] {
        chosen.action = [options](const JobContext& context) {
            return evaluateTokens(*options, context);
        };
    });
}

} // namespace bs::cli
