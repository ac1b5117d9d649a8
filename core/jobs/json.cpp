#include "core/jobs/json.h"

#include "core/base/memory.h"

namespace bs {

namespace {

Json stackJson(const std::optional<ModelCard::StackCard>& stack)
{
    if (!stack) return nullptr;
    return Json{{"matrices", stack->matrices},
                {"blocks", stack->blocks},
                {"smallest_bytes", stack->smallestBytes},
                {"largest_bytes", stack->largestBytes}};
}

} // namespace

std::string dumped(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json inspectJson(const ModelCard& card)
{
    Json json{{"format", card.format},         {"architecture", card.config.architecture},
              {"parameters", card.parameters}, {"bytes", card.bytes},
              {"truncated", card.truncated},   {"tokenizer", orNull(card.tokenizer)},
              {"codec", orNull(card.codec)},   {"stack", stackJson(card.stack)},
              {"predicted", nullptr}};
    if (!card.stack) return json;
    json["predicted"] = predictedJson(card.predicted);
    return json;
}

Json cardJson(const ModelCard& card)
{
    const bool dense = card.identity.method == "dense";
    return Json{{"path", card.path},
                {"format", card.format},
                {"architecture", card.config.architecture},
                {"parameters", card.parameters},
                {"bytes", card.bytes},
                {"dtype", orNull(card.dtype)},
                {"truncated", card.truncated},
                {"tokenizer", orNull(card.tokenizer)},
                {"codec", orNull(card.codec)},
                {"layers", card.config.layers},
                {"width", card.config.width},
                {"context_length", card.config.contextLength},
                {"vocabulary", card.config.vocabulary},
                {"kv_bytes_per_token", card.kvBytesPerToken},
                {"hash", card.identity.modelHash},
                {"artifact_hash", dense ? Json(nullptr) : Json(card.identity.artifactHash)},
                {"source_path", textOrNull(card.sourcePath)},
                {"stack", stackJson(card.stack)}};
}

Json tensorsJson(const ModelSource& source)
{
    Json tensors = Json::array();
    const auto add = [&](const std::string& name, const TensorDesc& desc) {
        tensors.push_back(Json{{"name", name},
                               {"dtype", infoOf(desc.dtype).name},
                               {"shape", desc.shape},
                               {"offset", desc.offset},
                               {"bytes", desc.bytes}});
    };
    for (const auto& [name, tensor] : source.tensors)
        add(name, tensor.desc);
    if (source.container)
        for (const StackBlock& block : source.container->stack.order)
            for (const TensorDesc& part : source.container->blocks[block.matrix][block.index].parts)
                add(part.name, part);
    return tensors;
}

Json planJson(const PlanReport& report)
{
    Json matrices = Json::array();
    for (const PlanReport::Matrix& matrix : report.matrices)
        matrices.push_back(
            Json{{"name", matrix.name}, {"depth", matrix.depth}, {"bytes", matrix.bytes}});
    return Json{{"budget_bytes", orNull(report.size.budgetBytes)},
                {"file_bytes", report.size.fileBytes},
                {"weight_bytes", report.size.weightBytes},
                {"matrices", std::move(matrices)}};
}

Json trimJson(const ChosenSize& size)
{
    return Json{{"file_bytes", size.fileBytes}, {"weight_bytes", size.weightBytes}};
}

Json exportJson(const ExportResult& result)
{
    return Json{{"bytes", result.bytes}, {"files", result.files}};
}

Json resultJson(const EvaluateResult& result)
{
    const auto divergence = [&](double DivergenceResult::*field) {
        return result.divergence ? Json((*result.divergence).*field) : Json(nullptr);
    };
    return Json{{"budget_bytes", orNull(result.size.budgetBytes)},
                {"depth", orNull(result.size.depth)},
                {"file_bytes", result.size.fileBytes},
                {"weight_bytes", result.weightBytes},
                {"perplexity", result.perplexity.perplexity},
                {"perplexity_error", result.perplexity.error},
                {"tokens_scored", result.perplexity.tokensScored},
                {"kld_mean", divergence(&DivergenceResult::mean)},
                {"kld_25", divergence(&DivergenceResult::p25)},
                {"kld_median", divergence(&DivergenceResult::median)},
                {"kld_75", divergence(&DivergenceResult::p75)},
                {"kld_99", divergence(&DivergenceResult::p99)},
                {"same_top", divergence(&DivergenceResult::sameTop)},
                {"seconds", result.seconds}};
}

Json evaluationJson(const Evaluation& evaluation)
{
    Json results = Json::array();
    for (const EvaluateResult& result : evaluation.results)
        results.push_back(resultJson(result));
    return Json{{"run_id", orNull(evaluation.run)}, {"results", std::move(results)}};
}

Json benchJson(const BenchResult& result)
{
    return Json{{"prompt_tokens_per_second", result.promptTokensPerSecond},
                {"generate_tokens_per_second", result.generateTokensPerSecond},
                {"weight_bytes", result.weightBytes},
                {"bytes_read_per_token", result.bytesReadPerToken},
                {"bandwidth_fraction", result.bandwidthFraction},
                {"slide_ms", orNull(result.slideMs)}};
}

Json generateJson(const Answer& answer)
{
    return Json{{"text", answer.text},
                {"ids", answer.ids},
                {"prompt_ids", answer.promptIds},
                {"stop_reason", nameOf(answer.reason)},
                {"weight_bytes", answer.weightBytes},
                {"tokens_per_second", answer.tokensPerSecond},
                {"notice", textOrNull(answer.notice)}};
}

Json answerJson(const Answer& answer)
{
    return Json{{"text", answer.text},
                {"ids", answer.ids},
                {"prompt_ids", answer.promptIds},
                {"stop_reason", nameOf(answer.reason)},
                {"prompt_tokens", answer.promptIds.size()},
                {"tokens_per_second", answer.tokensPerSecond},
                {"context_used", answer.contextUsed},
                {"dropped_messages", answer.droppedMessages},
                {"weight_bytes", answer.weightBytes},
                {"mixed", answer.mixed},
                {"notice", textOrNull(answer.notice)}};
}

Json templateCheckJson(const TemplateCheck& check)
{
    const bool ok = check.error.empty();
    return Json{{"template", check.chatTemplate},
                {"text", ok ? Json(check.text) : Json()},
                {"tokens", ok ? Json(check.tokens) : Json()},
                {"error", textOrNull(check.error)},
                {"line", check.line > 0 ? Json(check.line) : Json()}};
}

Json stateJson(const SessionState* state)
{
    const bool stack = state != nullptr && state->size.isStack;
    const auto when = [](bool applies, Json value) {
        return applies ? std::move(value) : Json(nullptr);
    };
    const SessionState none;
    const SessionState& s = state != nullptr ? *state : none;
    const bool loaded = state != nullptr;
    return Json{{"loaded", loaded},
                {"path", textOrNull(s.path)},
                {"device", textOrNull(s.device)},
                {"device_notice", textOrNull(s.deviceNotice)},
                {"budget_bytes", when(loaded, s.size.budgetBytes.value_or(s.size.fileBytes))},
                {"file_bytes", when(loaded, s.size.fileBytes)},
                {"weight_bytes", when(loaded, s.weightBytes)},
                {"kv_bytes", when(loaded, s.kvBytes)},
                {"rss_bytes", residentSetBytes()},
                {"free_memory_bytes", s.cardFreeBytes.value_or(availableMemoryBytes())},
                {"memory_pressure", orNull(memoryPressure())},
                {"depth_min", when(stack, s.depthMin)},
                {"depth_max", when(stack, s.depthMax)},
                {"context", when(loaded, s.context)},
                {"context_used", when(loaded, s.contextUsed)},
                {"plan", stack ? Json(s.size.plan.depth) : Json(nullptr)}};
}

Json sizesJson(const std::vector<SizePoint>& sizes)
{
    Json list = Json::array();
    for (const SizePoint& size : sizes)
        list.push_back(Json{{"budget_bytes", size.fileBytes},
                            {"file_bytes", size.fileBytes},
                            {"weight_bytes", size.weightBytes},
                            {"depth_min", size.depthMin},
                            {"depth_max", size.depthMax},
                            {"next_bytes", size.nextBytes},
                            {"next_gain", size.nextGain}});
    return Json{{"sizes", std::move(list)}};
}

Json compressJson(const CompressResult& result)
{
    return Json{{"file_bytes", result.fileBytes},
                {"matrices", result.matrices},
                {"blocks", result.blocks},
                {"seconds", result.seconds},
                {"peak_bytes", result.peakBytes}};
}

Json forecastJson(const CompressForecast& forecast)
{
    return Json{{"seconds", forecast.seconds},
                {"disk_bytes", forecast.diskBytes},
                {"free_disk_bytes", forecast.freeDiskBytes},
                {"peak_bytes", forecast.peakBytes},
                {"file_bytes", forecast.fileBytes}};
}

Json runsJson(const std::vector<RunRecord>& runs)
{
    Json list = Json::array();
    for (const RunRecord& run : runs)
        list.push_back(Json{{"id", run.id},
                            {"kind", run.kind},
                            {"model", run.modelPath},
                            {"started", run.started},
                            {"state", nameOf(run.state)}});
    return Json{{"runs", std::move(list)}};
}

Json runJson(const RunRecord& run, const std::vector<MeasurementRecord>& measurements)
{
    Json list = Json::array();
    for (const MeasurementRecord& m : measurements)
        list.push_back(Json{{"budget_bytes", m.budgetBytes.value_or(m.fileBytes)},
                            {"metric", m.metric},
                            {"value", m.value},
                            {"error", orNull(m.error)},
                            {"n", orNull(m.n)}});
    return Json{{"run", Json{{"id", run.id},
                             {"kind", run.kind},
                             {"model", run.modelPath},
                             {"started", run.started},
                             {"finished", textOrNull(run.finished)},
                             {"state", nameOf(run.state)},
                             {"error", textOrNull(run.error)},
                             {"version", run.version},
                             {"machine", run.machine},
                             {"device", run.device},
                             {"settings", run.settings}}},
                {"measurements", std::move(list)}};
}

} // namespace bs
