#include "app/cli/answering.h"

#include <cstdio>

namespace bs::cli {

namespace {

struct Options
{
    AnsweringOptions answering;
    std::string prompt;
    bool raw = false;
    std::size_t top = 0;
};

void stream(const std::string& text)
{
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

Result<Answer> answerOf(const Options& options, Session& session, const JobContext& context)
{
    const bool json = options.answering.common.json;
    const auto onPiece = [json](const AnswerPiece& piece) {
        if (!json) stream(piece.text);
    };
    if (options.raw)
        return session.complete(options.prompt, options.answering.answer, onPiece, context);
    std::vector<ChatMessage> messages;
    if (!options.answering.system.empty()) messages.push_back({"system", options.answering.system});
    messages.push_back({"user", options.prompt});
    return session.answer(messages, options.answering.answer, onPiece, context);
}

Result<void> generateText(const Options& options, const JobContext& context)
{
    ProgressLine line;
    BS_TRY(const auto session, openSession(options.answering, withProgress(context, line)));
    line.clear();
    BS_TRY(const Answer answer, answerOf(options, *session, context));
    if (options.answering.common.json) {
        Json json = generateJson(answer);
        if (options.top > 0) {
            BS_TRY(const std::vector<TokenScore> scores,
                   session->score(answer.promptIds, answer.ids, options.top, context));
            json["tokens"] = scoresJson(scores);
        }
        print(json);
    } else {
        stream("\n");
        std::fprintf(stderr, "(%zu tokens, %s tokens/s, %s)\n", answer.ids.size(),
                     numberText(answer.tokensPerSecond, 1).c_str(), nameOf(answer.reason));
    }
    if (!answer.notice.empty()) std::fprintf(stderr, "(%s)\n", answer.notice.c_str());
    return answer.reason == StopReason::Stopped ? context.checkStop() : Result<void>();
}

} // namespace

void addGenerate(CLI::App& app, Chosen& chosen)
{
    auto options = std::make_shared<Options>();
    CLI::App* const command = app.add_subcommand("generate", "Answer a prompt");
    command->add_option("--prompt", options->prompt, "What to answer")->required();
    addAnswering(*command, options->answering);
    command->add_flag("--raw", options->raw,
                      "Go on with the prompt as it stands, without a chat template");
    command->add_option("--top", options->top,
                        "With --json: the K most probable tokens at every place of the answer");
    command->callback([&chosen, options] {
        chosen.action = [options](const JobContext& context) {
            return generateText(*options, context);
        };
    });
}

} // namespace bs::cli
