#include "app/cli/answering.h"

#include "core/base/log.h"

namespace bs::cli {

void addAnswering(CLI::App& command, AnsweringOptions& options)
{
    SamplingOptions& sampling = options.answer.sampling;
    command.add_option("MODEL", options.session.model, "Model file or folder")->required();
    addSize(command, options.size);
    command.add_option("--system", options.system, "System prompt");
    command
        .add_option("--context", options.session.context,
                    "Tokens that prompt and answer may take together")
        ->capture_default_str();
    command.add_option("--max-tokens", options.answer.maxTokens, "Longest answer, in tokens")
        ->capture_default_str();
    command.add_option("--temperature", sampling.temperature, "0: always the most probable token")
        ->capture_default_str();
    command.add_option("--top-k", sampling.topK, "Choose among the K most probable tokens; 0: off")
        ->capture_default_str();
    command
        .add_option("--top-p", sampling.topP,
                    "Choose among the most probable tokens that make up P; 1: off")
        ->capture_default_str();
    command
        .add_option("--min-p", sampling.minP,
                    "Leave out tokens below P times the best one's probability; 0: off")
        ->capture_default_str();
    command
        .add_option("--repeat-penalty", sampling.repeatPenalty,
                    "Make tokens that occurred less probable; 1: off")
        ->capture_default_str();
    command.add_option("--seed", sampling.seed, "Seed of the random choices")
        ->capture_default_str();
    addComputing(command, options.common);
}

Result<std::unique_ptr<Session>> openSession(const AnsweringOptions& options,
                                             const JobContext& context)
{
    BS_CHECK(validate(options.answer.sampling));
    SessionRequest request = options.session;
    BS_TRY(request.engine, options.common.engine());
    BS_TRY(request.size, options.size.one());
    BS_TRY(std::unique_ptr<Session> session, Session::open(request, context));
    const SessionState state = session->state();
    if (!state.deviceNotice.empty()) logWarning(state.deviceNotice);
    // The default is for models that were trained for more than they need here.
    if (request.context > state.context && request.context != SessionRequest().context)
        logWarning("--context " + std::to_string(request.context) + ": the model was trained for " +
                   std::to_string(state.context) + " tokens, so many are used");
    return session;
}

} // namespace bs::cli
