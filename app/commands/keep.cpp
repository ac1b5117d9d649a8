#include "core/jobs/keep.h"

#include "app/cli/command.h"
#include "core/base/sizes.h"
#include "core/jobs/session.h"

#include <cstdio>

namespace bs::cli {

namespace {

struct Options
{
    CommonOptions common;
    SizeOptions size;
    std::string model;
    std::string reference;
    std::string prompt;
    std::string system;
    std::size_t maxTokens = 100;
    std::size_t context = 2048;
    std::size_t first = 0;
};

/// The answer that shall stay: of the reference, or of the model at the size that was chosen.
Result<Answer> firstAnswer(const Options& options, const JobContext& context)
{
    SessionRequest request;
    request.model = options.reference.empty() ? options.model : options.reference;
    if (options.reference.empty()) {
        BS_TRY(request.size, options.size.one());
    }
    request.context = options.context;
    BS_TRY(request.engine, options.common.engine());
    BS_TRY(const auto session, Session::open(request, context));
    std::vector<ChatMessage> messages;
    if (!options.system.empty()) messages.push_back({"system", options.system});
    messages.push_back({"user", options.prompt});
    AnswerOptions answer;
    answer.maxTokens = options.maxTokens;
    answer.sampling.temperature = 0;
    return session->answer(
        messages, answer, [](const AnswerPiece&) {}, context);
}

void show(const Answer& answer, const KeepResult& result)
{
    std::printf("%s\n\n", answer.text.c_str());
    const std::string tokens = std::to_string(result.tokens);
    if (!result.size) {
        const KeepProbe& first = result.probes.front();
        std::printf("Not even %s keeps it: %zu of %s tokens are the same.\n",
                    formatSize(first.fileBytes).c_str(), first.kept, tokens.c_str());
        return;
    }
    std::printf("%s keeps these %s tokens.", formatSize(result.size->fileBytes).c_str(),
                tokens.c_str());
    if (result.below)
        std::printf(" One block less (%s) keeps %zu.\n",
                    formatSize(result.size->fileBytes - result.below->fileBytes).c_str(),
                    result.below->kept);
    else
        std::printf(" There is no smaller size.\n");
    if (result.written < result.tokens)
        std::printf("Written one token after another, token %zu comes out as another there: two "
                    "are about as likely.\n",
                    result.written + 1);
}

Result<void> keep(const Options& options, const JobContext& context)
{
    ProgressLine line;
    const JobContext shown = withProgress(context, line);
    BS_TRY(const Answer answer, firstAnswer(options, shown));
    KeepRequest request;
    request.model = options.model;
    request.prompt = answer.promptIds;
    request.answer = answer.ids;
    request.tokens = options.first;
    BS_TRY(request.from, options.size.one());
    BS_TRY(request.engine, options.common.engine());
    BS_TRY(const KeepResult result, smallestThatKeeps(request, shown));
    line.clear();
    if (options.common.json) {
        Json json = keepJson(result);
        json["text"] = answer.text;
        print(json);
    } else {
        show(answer, result);
    }
    return {};
}

} // namespace

void addKeep(CLI::App& app, Chosen& chosen)
{
    auto options = std::make_shared<Options>();
    CLI::App* const command =
        app.add_subcommand("keep", "Find the smallest size that gives the same answer");
    command->add_option("MODEL", options->model, "A .bitstack file")->required();
    command->add_option("--prompt", options->prompt, "What to answer")->required();
    addSize(*command, options->size);
    command->add_option("--reference", options->reference,
                        "Keep the answer of this model instead of MODEL's own at the size chosen");
    command->add_option("--system", options->system, "System prompt");
    command->add_option("--max-tokens", options->maxTokens, "Longest answer, in tokens")
        ->capture_default_str();
    command
        ->add_option("--context", options->context,
                     "Tokens that prompt and answer may take together")
        ->capture_default_str();
    command
        ->add_option("--first", options->first,
                     "Only the first so many tokens need to stay; 0: all")
        ->capture_default_str();
    addComputing(*command, options->common);
    command->callback([&chosen, options] {
        chosen.action = [options](const JobContext& context) { return keep(*options, context); };
    });
}

} // namespace bs::cli
