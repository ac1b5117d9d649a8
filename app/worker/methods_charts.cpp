#include "app/worker/worker.h"
#include "core/jobs/token_divergence.h"

#include <algorithm>

namespace bs::worker {

namespace {

constexpr std::uint64_t kMostWorst = 1000;

} // namespace

Result<Json> Worker::tokenDivergence(Params& params, const Json& /*id*/, const JobContext& context)
{
    TokenDivergenceRequest request;
    request.model = params.text("path");
    request.text = params.text("text", "");
    if (request.text.empty()) request.messages = params.messages("messages");
    if (params.has("chat_template")) request.chatTemplate = params.text("chat_template", "");
    if (const auto budget = params.optionalSize("budget_bytes"))
        request.size = budgetChoice(*budget);
    request.reference = params.text("reference", "");
    request.context = params.size("context", request.context);
    request.chunks = params.size("chunks", request.chunks);
    request.worst = std::min(params.size("worst", request.worst), kMostWorst);
    BS_TRY(request.engine, engineOf(params, m_threads));
    BS_CHECK(params.check());
    BS_TRY(const TokenDivergence result, bs::tokenDivergence(request, context));
    return tokenDivergenceJson(result);
}

} // namespace bs::worker
