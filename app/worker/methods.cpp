#include "app/cli/version_text.h"
#include "app/worker/worker.h"
#include "core/base/log.h"
#include "core/base/memory.h"
#include "core/base/thread_pool.h"
#include "core/jobs/version.h"
#include "core/linalg/cpu/kernels.h"

#include <unistd.h>

namespace bs::worker {

namespace {

constexpr std::uint64_t kProtocol = 1;
constexpr std::uint64_t kMostSizes = 4096;
constexpr std::uint64_t kMostThreads = 1024;

Result<CompressRequest> compressRequest(Params& params, int threads)
{
    CompressRequest request;
    request.model = params.text("path");
    request.codec = params.text("codec", request.codec);
    request.rank = params.size("rank", request.rank);
    request.blocks = params.size("blocks", request.blocks);
    request.refined = params.flag("refined", false);
    request.calibration = params.text("calibration", "");
    request.calibrationTokens = params.size("calibration_tokens", 0);
    request.authorsOrder = params.text("order", "ours") == "authors";
    request.resume = params.flag("resume", false);
    request.force = params.flag("force", false);
    BS_TRY(request.engine, engineOf(params, threads));
    return request;
}

Result<ExportRequest> exportRequest(Params& params)
{
    ExportRequest request;
    request.model = params.text("path");
    request.output = params.text("output");
    const std::string form = params.text("format");
    const std::string type = params.text("type", "F16");
    request.force = params.flag("force", false);
    BS_TRY(request.size, sizeChoice(params));
    BS_TRY(request.form, exportFormOf(form));
    BS_TRY(request.type, exportTypeOf(type));
    return request;
}

AnswerOptions answerOptions(Params& params)
{
    AnswerOptions options;
    SamplingOptions& sampling = options.sampling;
    options.maxTokens = params.size("max_tokens", options.maxTokens);
    sampling.temperature = static_cast<float>(params.number("temperature", sampling.temperature));
    sampling.topK = static_cast<std::int32_t>(std::min<std::uint64_t>(
        params.size("top_k", static_cast<std::uint64_t>(sampling.topK)), INT32_MAX));
    sampling.topP = static_cast<float>(params.number("top_p", sampling.topP));
    sampling.minP = static_cast<float>(params.number("min_p", sampling.minP));
    sampling.repeatPenalty =
        static_cast<float>(params.number("repeat_penalty", sampling.repeatPenalty));
    sampling.seed = params.size("seed", sampling.seed);
    return options;
}

/// The processor, and the cards that models can run on: what a request's "device" can name.
Json devicesJson(int threads)
{
    Json devices = Json::array();
    devices.push_back({{"id", "cpu"},
                       {"name", cli::cpuName(threads)},
                       {"free_bytes", availableMemoryBytes()},
                       {"total_bytes", nullptr}});
    if (gpuDevices() == nullptr) return devices;
    const Result<std::vector<GpuCard>> cards = gpuDevices()->cards();
    if (!cards) return devices;
    for (const GpuCard& card : cards.value())
        devices.push_back({{"id", "cuda:" + std::to_string(devices.size() - 1)},
                           {"name", card.name},
                           {"free_bytes", card.freeBytes},
                           {"total_bytes", card.totalBytes}});
    return devices;
}

} // namespace

int threadsOf(Params& params, int fallback)
{
    const std::uint64_t threads = params.size("threads", 0);
    return threads == 0 ? fallback : static_cast<int>(std::min(threads, kMostThreads));
}

Result<EngineOptions> engineOf(Params& params, int threads)
{
    BS_TRY(const DeviceWish device, parseDevice(params.text("device", "auto")));
    return EngineOptions{threadsOf(params, threads), device};
}

const std::map<std::string, Worker::Handler>& Worker::handlers()
{
    static const std::map<std::string, Handler> all{
        {"hello", &Worker::hello},
        {"inspect", &Worker::inspect},
        {"open", &Worker::open},
        {"close", &Worker::close},
        {"slide", &Worker::slide},
        {"sizes", &Worker::sizes},
        {"stack", &Worker::stack},
        {"plan", &Worker::plan},
        {"tensors", &Worker::tensors},
        {"tensor", &Worker::tensor},
        {"generate", &Worker::generate},
        {"score", &Worker::score},
        {"weigh", &Worker::weigh},
        {"keep", &Worker::keep},
        {"forecast", &Worker::forecast},
        {"reset_context", &Worker::resetContext},
        {"render_template", &Worker::renderTemplate},
        {"compress", &Worker::compress},
        {"measure", &Worker::measure},
        {"export_forecast", &Worker::exportForecast},
        {"export", &Worker::exportModel},
        {"token_divergence", &Worker::tokenDivergence},
    };
    return all;
}

Result<Json> Worker::hello(Params& params, const Json& /*id*/, const JobContext& /*context*/)
{
    const std::uint64_t protocol = params.size("protocol");
    BS_CHECK(params.check());
    if (protocol != kProtocol)
        return Error{ErrorCode::Usage, "protocol " + std::to_string(protocol) +
                                           " is asked for, this worker speaks " +
                                           std::to_string(kProtocol)};
    return Json{{"protocol", kProtocol},
                {"version", programVersion()},
                {"kernels", kernels().name},
                {"threads", m_threads > 0 ? m_threads : availableCores()},
                {"device", cli::cpuName(m_threads)},
                {"devices", devicesJson(m_threads)},
                {"pid", ::getpid()}};
}

Result<Json> Worker::inspect(Params& params, const Json& /*id*/, const JobContext& /*context*/)
{
    const std::string path = params.text("path");
    BS_CHECK(params.check());
    BS_TRY(const ModelSource source, openModel(path));
    BS_TRY(const ModelCard card, describeModel(source));
    return cardJson(card);
}

Result<Json> Worker::open(Params& params, const Json& /*id*/, const JobContext& context)
{
    SessionRequest request;
    request.model = params.text("path");
    request.context = params.size("context", request.context);
    BS_TRY(request.engine, engineOf(params, m_threads));
    const std::optional<std::uint64_t> budget = params.optionalSize("budget_bytes");
    BS_CHECK(params.check());
    request.fitMemory = !budget;
    if (budget) request.size = budgetChoice(*budget);
    {
        const std::lock_guard lock(m_mutex);
        m_session.reset(); // its memory is needed for the new one
    }
    BS_TRY(std::unique_ptr<Session> opened, Session::open(request, context));
    const std::shared_ptr<Session> session(std::move(opened));
    session->onSlid = [this](const Result<void>& slid) {
        if (!slid) logWarning(slid.error().message);
        send(notification("state", Json{{"state", currentState()}}));
    };
    {
        const std::lock_guard lock(m_mutex);
        m_session = session;
    }
    return Json{{"card", cardJson(session->card())}, {"state", currentState()}};
}

Result<Json> Worker::close(Params& /*params*/, const Json& /*id*/, const JobContext& /*context*/)
{
    const std::lock_guard lock(m_mutex);
    m_session.reset();
    return Json::object();
}

Result<Json> Worker::slide(Params& params, const Json& /*id*/, const JobContext& context)
{
    BS_TRY(const auto session, needSession());
    BS_TRY(ChosenSize target, slideTarget(session->source(), params));
    session->requestSlide(std::move(target));
    BS_TRY([[maybe_unused]] const bool slid, session->applySlide(context));
    return Json{{"state", currentState()}};
}

Result<Json> Worker::sizes(Params& params, const Json& /*id*/, const JobContext& /*context*/)
{
    const std::uint64_t points = params.size("points", 64);
    BS_CHECK(params.check());
    BS_TRY(const auto session, needSession());
    BS_TRY([[maybe_unused]] const Container* container, needStack(session->source(), "sizes"));
    return sizesJson(sizePoints(session->source(), std::min(points, kMostSizes)));
}

Result<Json> Worker::stack(Params& params, const Json& /*id*/, const JobContext& /*context*/)
{
    const std::string path = params.text("path", "");
    BS_CHECK(params.check());
    if (!path.empty()) {
        BS_TRY(const ModelSource source, openModel(path));
        BS_TRY(const StackReport report, reportStack(source));
        return stackReportJson(report);
    }
    BS_TRY(const auto session, needSession());
    BS_TRY(const StackReport report, reportStack(session->source()));
    return stackReportJson(report);
}

Result<Json> Worker::generate(Params& params, const Json& id, const JobContext& context)
{
    const std::vector<ChatMessage> messages = params.messages("messages");
    AnswerOptions options = answerOptions(params);
    if (params.has("chat_template")) options.chatTemplate = params.text("chat_template", "");
    BS_CHECK(params.check());
    BS_TRY(const auto session, needSession());
    const auto onPiece = [&](const AnswerPiece& piece) {
        send(notification("token", Json{{"id", id},
                                        {"text", piece.text},
                                        {"count", piece.count},
                                        {"tokens_per_second", piece.tokensPerSecond},
                                        {"context_used", piece.contextUsed}}));
    };
    BS_TRY(const Answer answer, session->answer(messages, options, onPiece, context));
    return answerJson(answer);
}

Result<Json> Worker::resetContext(Params& /*params*/, const Json& /*id*/,
                                  const JobContext& /*context*/)
{
    BS_TRY(const auto session, needSession());
    session->resetContext();
    return Json::object();
}

Result<Json> Worker::renderTemplate(Params& params, const Json& /*id*/,
                                    const JobContext& /*context*/)
{
    const std::vector<ChatMessage> messages = params.messages("messages");
    std::optional<std::string> chatTemplate;
    if (params.has("template")) chatTemplate = params.text("template", "");
    BS_CHECK(params.check());
    BS_TRY(const auto session, needSession());
    BS_TRY(const TemplateCheck check, session->checkTemplate(chatTemplate, messages));
    return templateCheckJson(check);
}

Result<Json> Worker::forecast(Params& params, const Json& /*id*/, const JobContext& /*context*/)
{
    BS_TRY(CompressRequest request, compressRequest(params, m_threads));
    request.output = params.text("output", request.model + ".bitstack");
    BS_CHECK(params.check());
    BS_TRY(const CompressForecast forecast, forecastCompress(request));
    return forecastJson(forecast);
}

Result<Json> Worker::compress(Params& params, const Json& /*id*/, const JobContext& context)
{
    BS_TRY(CompressRequest request, compressRequest(params, m_threads));
    request.output = params.text("output");
    BS_CHECK(params.check());
    BS_TRY(const CompressResult result, bs::compress(request, context));
    return compressJson(result);
}

Result<Json> Worker::exportForecast(Params& params, const Json& /*id*/,
                                    const JobContext& /*context*/)
{
    BS_TRY(const ExportRequest request, exportRequest(params));
    BS_TRY(const ExportResult result, forecastExport(request));
    return exportJson(result);
}

Result<Json> Worker::exportModel(Params& params, const Json& /*id*/, const JobContext& context)
{
    BS_TRY(const ExportRequest request, exportRequest(params));
    BS_TRY(const ExportResult result, bs::exportModel(request, context));
    return exportJson(result);
}

Result<Json> Worker::measure(Params& params, const Json& id, const JobContext& context)
{
    EvaluateRequest request;
    request.model = params.text("path");
    request.text = params.text("text");
    request.context = params.size("context", request.context);
    request.chunks = params.size("chunks", 0);
    BS_TRY(request.sizes, sizeChoices(params));
    request.spread = std::min(params.size("spread", 0), kMostSizes);
    request.leaveOutSmaller = params.flag("leave_out_smaller", false);
    request.sweep = params.text("sweep", "");
    request.includeDense = params.flag("include_dense", false);
    request.reference = params.text("reference", "");
    request.database = params.text("database", "");
    BS_TRY(request.engine, engineOf(params, m_threads));
    BS_CHECK(params.check());
    const auto onResult = [&](std::optional<std::int64_t> run, const EvaluateResult& result) {
        send(notification("measured", Json{{"id", id},
                                           {"run_id", orNull(run)},
                                           {"budget_bytes", result.size.budgetBytes.value_or(
                                                                result.size.fileBytes)},
                                           {"metric", "perplexity"},
                                           {"value", result.perplexity.perplexity},
                                           {"error", result.perplexity.error}}));
    };
    BS_TRY(const Evaluation evaluation, evaluatePerplexity(request, onResult, context));
    Json json = evaluationJson(evaluation);
    json["note"] = textOrNull(evaluation.note);
    return json;
}

} // namespace bs::worker
