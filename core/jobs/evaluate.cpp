#include "core/jobs/evaluate.h"

#include "core/base/hash.h"
#include "core/base/json_guard.h"
#include "core/base/sizes.h"
#include "core/jobs/loaded_model.h"
#include "core/jobs/part_progress.h"
#include "core/jobs/reference.h"
#include "core/jobs/run_log.h"

#include <algorithm>
#include <chrono>

namespace bs {

namespace {

/// Everything that stays the same while the sizes change.
struct Task
{
    const EvaluateRequest& request;
    std::shared_ptr<const ModelSource> source;
    ModelIdentity identity;
    std::vector<std::int32_t> tokens;
    std::string dataHash;
    PerplexityOptions options;
    std::vector<ChosenSize> sizes;
    std::optional<ReferenceDistributions> reference;
};

/// The sizes that are asked for, in order: those named, then those spread over the stack.
std::vector<SizeChoice> wantedSizes(const EvaluateRequest& request, const ModelSource& source)
{
    std::vector<SizeChoice> wanted = request.sizes;
    if (!source.container && request.leaveOutSmaller) wanted.clear();
    if (source.container && request.spread > 0) {
        const Container& container = *source.container;
        const std::uint64_t least = fileBytesOf(container, smallestPlan(container));
        const std::uint64_t most = fileBytesOf(container, largestPlan(container));
        const std::size_t steps = std::max<std::size_t>(request.spread - 1, 1);
        for (std::size_t i = request.spread == 1 ? 1 : 0; i <= steps; ++i)
            wanted.push_back(budgetChoice(least + (most - least) * i / steps));
    }
    if (wanted.empty()) wanted.emplace_back();
    return wanted;
}

Result<void> chooseSizes(Task& task, std::string& note)
{
    const std::vector<SizeChoice> wanted = wantedSizes(task.request, *task.source);
    std::optional<Error> tooSmall;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const SizeChoice& choice = wanted[i];
        Result<ChosenSize> size = chooseSize(*task.source, choice);
        if (size) {
            // Small stacks have fewer sizes than are spread over them.
            const auto same = [&](const ChosenSize& other) {
                return other.fileBytes == size.value().fileBytes;
            };
            if (i < task.request.sizes.size() || std::ranges::none_of(task.sizes, same))
                task.sizes.push_back(std::move(size).value());
            continue;
        }
        if (!task.request.leaveOutSmaller || size.error().code != ErrorCode::Budget)
            return size.error();
        note += (note.empty() ? "left out as below the smallest plan: " : ", ") +
                formatSize(choice.bytes);
        tooSmall = size.error();
    }
    if (task.sizes.empty() && tooSmall) return *tooSmall;
    return {};
}

Result<void> readText(Task& task)
{
    BS_TRY(const auto tokenizer, tokenizerOf(*task.source));
    BS_TRY(const std::string text, readTextFile(task.request.text));
    task.dataHash = hexOf(xxh3(std::as_bytes(std::span(text))));
    const bool bos = tokenizer->spec().addBos;
    task.tokens = tokenizer->encode(text, false);
    if (bos) {
        task.options.bosToken = tokenizer->spec().bos;
        task.tokens.insert(task.tokens.begin(), tokenizer->spec().bos);
    }
    task.options.context = task.request.context;
    task.options.scored = task.request.scored;
    task.options.chunks = task.request.chunks;
    return {};
}

Result<void> collectReference(Task& task, const JobContext& context)
{
    BS_TRY(auto source, openShared(task.request.reference));
    BS_CHECK(checkVocabulary(*source, *task.source));
    BS_TRY(const IdentifiedModel reference, identified(std::move(source)));
    const ScoredText text{task.tokens, task.dataHash, task.options};
    BS_TRY(ReferenceDistributions collected,
           referenceDistributions(reference, text, task.request.engine, context));
    task.reference.emplace(std::move(collected));
    return {};
}

Result<EvaluateResult> measureSize(Task& task, Engine& engine, const ChosenSize& size,
                                   const JobContext& context)
{
    const auto start = std::chrono::steady_clock::now();
    EvaluateResult result;
    result.size = size;
    result.weightBytes = engine.weightBytes();
    if (task.reference) {
        BS_TRY(result.divergence,
               measureDivergence(engine, *task.reference, task.tokens, task.options, context));
        result.perplexity = result.divergence->perplexity;
    } else {
        BS_TRY(result.perplexity, measurePerplexity(engine, task.tokens, task.options, context));
    }
    result.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

Result<void> storeResult(const Task& task, RunLog& log, const EvaluateResult& result)
{
    MeasurementRecord record;
    record.n = result.perplexity.tokensScored;
    record.dataHash = task.dataHash;
    record.context = task.options.context;
    record.scored = task.options.scored == Scored::Half ? "half" : "all";
    const auto store = [&](const char* metric, double value, std::optional<double> error) {
        record.metric = metric;
        record.value = value;
        record.error = error;
        return log.add(result.size, record);
    };
    BS_CHECK(store("perplexity", result.perplexity.perplexity, result.perplexity.error));
    if (!result.divergence) return {};
    const DivergenceResult& d = *result.divergence;
    BS_CHECK(store("kld_mean", d.mean, d.meanError));
    BS_CHECK(store("kld_25", d.p25, std::nullopt));
    BS_CHECK(store("kld_median", d.median, std::nullopt));
    BS_CHECK(store("kld_75", d.p75, std::nullopt));
    BS_CHECK(store("kld_99", d.p99, std::nullopt));
    return store("same_top", d.sameTop, std::nullopt);
}

Result<void> measureSizes(Task& task, RunLog& log, std::size_t parts, Evaluation& evaluation,
                          const EvaluateSink& onResult, const JobContext& context)
{
    BS_TRY(const auto engine,
           loadEngineLogged(task.source, task.sizes.front(),
                            task.options.context * task.source->config.kvBytesPerToken(),
                            task.request.engine, context));
    for (std::size_t i = 0; i < task.sizes.size(); ++i) {
        const JobContext part = partOf(context, i + (task.reference ? 1 : 0), parts, "size");
        if (task.sizes[i].isStack) BS_CHECK(engine->setPlan(task.sizes[i].plan, part));
        BS_TRY(EvaluateResult result, measureSize(task, *engine, task.sizes[i], part));
        BS_CHECK(storeResult(task, log, result));
        if (onResult) onResult(log.id(), result);
        evaluation.results.push_back(std::move(result));
    }
    return {};
}

/// The uncompressed model over the same tokens: its point is the chart's dense line.
Result<void> measureDense(Task& task, const IdentifiedModel& dense, RunLog& log, std::size_t parts,
                          Evaluation& evaluation, const EvaluateSink& onResult,
                          const JobContext& context)
{
    const ModelSource& model = *dense.source;
    BS_TRY(const ChosenSize size, chooseSize(model, SizeChoice{}));
    const JobContext part = partOf(context, parts - 1, parts, "uncompressed");
    BS_TRY(const auto engine,
           loadEngineLogged(dense.source, size,
                            task.options.context * model.config.kvBytesPerToken(),
                            task.request.engine, part));
    BS_TRY(EvaluateResult result, measureSize(task, *engine, size, part));
    result.dense = true;
    BS_CHECK(log.about(model, dense.identity));
    BS_CHECK(storeResult(task, log, result));
    if (onResult) onResult(log.id(), result);
    evaluation.results.push_back(std::move(result));
    return {};
}

std::string settingsText(const Task& task)
{
    nlohmann::json settings;
    settings["text"] = task.request.text;
    settings["context"] = task.options.context;
    settings["scored"] = task.options.scored == Scored::Half ? "half" : "all";
    settings["chunks"] = task.options.chunks;
    settings["reference"] = task.request.reference;
    if (!task.request.sweep.empty()) settings["sweep"] = task.request.sweep;
    return settings.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<void> evaluateAll(Task& task, RunLog& log, Evaluation& evaluation,
                         const EvaluateSink& onResult, const JobContext& context)
{
    IdentifiedModel dense;
    if (task.request.includeDense)
        dense = denseSourceOf(*task.source, task.identity.modelHash, evaluation.note);
    const bool compares = !task.request.reference.empty();
    const std::size_t parts = task.sizes.size() + (dense.source ? 1 : 0) + (compares ? 1 : 0);
    if (compares) BS_CHECK(collectReference(task, partOf(context, 0, parts, "reference")));
    BS_CHECK(measureSizes(task, log, parts, evaluation, onResult, context));
    if (dense.source)
        BS_CHECK(measureDense(task, dense, log, parts, evaluation, onResult, context));
    return {};
}

} // namespace

Result<Evaluation> evaluatePerplexity(const EvaluateRequest& request, const EvaluateSink& onResult,
                                      const JobContext& context)
{
    Task task{request, {}, {}, {}, {}, {}, {}, {}};
    BS_TRY(task.source, openShared(request.model));
    Evaluation evaluation;
    BS_CHECK(chooseSizes(task, evaluation.note));
    BS_CHECK(readText(task));
    BS_TRY(task.identity, identify(*task.source));
    BS_TRY(RunLog log, RunLog::start(request.database, *task.source, task.identity, "perplexity",
                                     settingsText(task), "cpu"));
    evaluation.run = log.id();
    const Result<void> done = evaluateAll(task, log, evaluation, onResult, context);
    BS_CHECK(log.finish(done));
    if (!done) return done.error();
    return evaluation;
}

} // namespace bs
