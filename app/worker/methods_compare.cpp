#include "app/worker/worker.h"

#include <algorithm>

// What comparing two models takes.

namespace bs::worker {

namespace {

constexpr std::uint64_t kMostCandidates = 100;

std::vector<std::int32_t> tokenIds(Params& params, const char* name)
{
    std::vector<std::int32_t> ids;
    for (const std::uint64_t id : params.sizes(name))
        ids.push_back(static_cast<std::int32_t>(std::min<std::uint64_t>(id, INT32_MAX)));
    return ids;
}

} // namespace

Result<Json> Worker::score(Params& params, const Json& /*id*/, const JobContext& context)
{
    const std::vector<std::int32_t> prompt = tokenIds(params, "prompt_ids");
    const std::vector<std::int32_t> ids = tokenIds(params, "ids");
    const std::uint64_t top = std::min(params.size("top", 5), kMostCandidates);
    BS_CHECK(params.check());
    BS_TRY(const auto session, needSession());
    BS_TRY(const std::vector<TokenScore> scores, session->score(prompt, ids, top, context));
    return Json{{"tokens", scoresJson(scores)}};
}

Result<Json> Worker::weigh(Params& params, const Json& /*id*/, const JobContext& /*context*/)
{
    const std::string path = params.text("path");
    BS_TRY(const SizeChoice choice, sizeChoice(params));
    BS_TRY(const ModelSource source, openModel(path));
    BS_TRY(const ModelCard card, describeModel(source));
    BS_TRY(const ChosenSize size, chooseSize(source, choice));
    return weighedJson(source, card, size);
}

Result<Json> Worker::keep(Params& params, const Json& /*id*/, const JobContext& context)
{
    KeepRequest request;
    request.model = params.text("path");
    request.prompt = tokenIds(params, "prompt_ids");
    request.answer = tokenIds(params, "ids");
    request.tokens = params.size("tokens", 0);
    BS_TRY(request.engine, engineOf(params, m_threads));
    if (const std::optional<std::uint64_t> budget = params.optionalSize("budget_bytes"))
        request.from = budgetChoice(*budget);
    BS_CHECK(params.check());
    BS_TRY(const KeepResult result, smallestThatKeeps(request, context));
    return keepJson(result);
}

} // namespace bs::worker
