#pragma once

// The JSON that the command line prints and the worker sends: one function for each shape, so that
// both say the same. What does not apply is null, never left out.

#include "core/jobs/bench.h"
#include "core/jobs/compress.h"
#include "core/jobs/describe_tensor.h"
#include "core/jobs/evaluate.h"
#include "core/jobs/export.h"
#include "core/jobs/inspect.h"
#include "core/jobs/keep.h"
#include "core/jobs/recipe.h"
#include "core/jobs/session.h"
#include "core/jobs/sizing.h"
#include "core/jobs/stack_report.h"
#include "core/jobs/token_divergence.h"
#include "core/store/records.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace bs {

/// Keys keep the order they were written in.
using Json = nlohmann::ordered_json;

/// What does not apply is null, never left out.
template <class T>
Json orNull(const std::optional<T>& value)
{
    return value ? Json(*value) : Json(nullptr);
}
inline Json textOrNull(const std::string& text)
{
    return text.empty() ? Json(nullptr) : Json(text);
}

/// One line; bytes that are no UTF-8 become U+FFFD.
std::string dumped(const Json& json);

/// `inspect`'s object.
Json inspectJson(const ModelCard& card);
/// The worker's card.
Json cardJson(const ModelCard& card);
Json tensorsJson(const ModelSource& source);
/// The worker's result of `tensors`.
Json tensorListJson(const std::vector<TensorEntry>& entries,
                    const std::vector<std::pair<std::string, std::string>>& metadata);
Json tensorReportJson(const TensorReport& report);
Json planJson(const PlanReport& report);
/// The same, with the recipe and what comes of it.
Json recipeJson(const RecipeReport& report);
Json trimJson(const ChosenSize& size);
Json exportJson(const ExportResult& result);
Json evaluationJson(const Evaluation& evaluation);
Json resultJson(const EvaluateResult& result);
Json benchJson(const BenchResult& result);
/// `generate`'s object.
Json generateJson(const Answer& answer);
/// The worker's result of `generate`.
Json answerJson(const Answer& answer);
/// The worker's result of `render_template`.
Json templateCheckJson(const TemplateCheck& check);
/// The worker's state; nullptr: nothing is open.
Json stateJson(const SessionState* state);
Json sizesJson(const std::vector<SizePoint>& sizes);
Json predictedJson(const std::vector<PredictedRise>& rises);
/// The worker's result of `stack`.
Json stackReportJson(const StackReport& report);
/// `eval tokens`' object and the worker's result of `token_divergence`.
Json tokenDivergenceJson(const TokenDivergence& result);
Json compressJson(const CompressResult& result);
Json forecastJson(const CompressForecast& forecast);
/// What a size takes, before it is loaded: the worker's result of `weigh`.
Json weighedJson(const ModelSource& source, const ModelCard& card, const ChosenSize& size);
/// The worker's result of `score`, and `generate --top`.
Json scoresJson(const std::vector<TokenScore>& scores);
/// The worker's result of `keep`, and the command's object.
Json keepJson(const KeepResult& result);
Json runsJson(const std::vector<RunRecord>& runs);
Json runJson(const RunRecord& run, const std::vector<MeasurementRecord>& measurements);

} // namespace bs
