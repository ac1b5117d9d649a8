#include "core/jobs/bench.h"

#include "core/base/json_guard.h"
#include "core/base/thread_pool.h"
#include "core/jobs/loaded_model.h"
#include "core/jobs/run_log.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <new>

namespace bs {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kReadBytes = 512ULL << 20; // far beyond any cache
constexpr int kReadPasses = 5;
constexpr int kSlides = 5;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/// Sums 64-bit words; four sums at once, so that the reads and not the additions take the time.
std::uint64_t sumWords(const std::uint64_t* words, std::size_t count)
{
    std::array<std::uint64_t, 4> sums{};
    for (std::size_t i = 0; i + 4 <= count; i += 4)
        for (std::size_t lane = 0; lane < sums.size(); ++lane)
            sums[lane] += words[i + lane];
    return sums[0] + sums[1] + sums[2] + sums[3];
}

Result<void> checkRequest(const BenchRequest& request, const ModelConfig& config)
{
    if (request.promptTokens == 0 || request.generateTokens == 0 || request.repeat == 0)
        return Error{ErrorCode::Usage,
                     "prompt tokens, generated tokens and repetitions must be at least 1"};
    if (request.promptTokens > config.contextLength ||
        request.generateTokens > config.contextLength - request.promptTokens)
        return Error{ErrorCode::Usage, std::to_string(request.promptTokens) +
                                           " prompt tokens and " +
                                           std::to_string(request.generateTokens) +
                                           " generated ones are more than the model's context of " +
                                           std::to_string(config.contextLength)};
    return {};
}

/// Ids that are spread over the vocabulary; what they say does not matter for the time.
std::vector<std::int32_t> promptOf(std::size_t count, std::uint32_t vocabulary)
{
    std::vector<std::int32_t> ids(count);
    for (std::size_t i = 0; i < count; ++i)
        ids[i] = static_cast<std::int32_t>((i * 2654435761ULL + 12345) % vocabulary);
    return ids;
}

struct Rates
{
    std::vector<double> prompt;
    std::vector<double> generate;
};

Result<void> timeOnce(Engine& engine, const BenchRequest& request, Rates& rates,
                      const JobContext& context)
{
    BS_TRY(const auto cache, engine.newCache(request.promptTokens + request.generateTokens));
    const std::vector<std::int32_t> prompt =
        promptOf(request.promptTokens, engine.config().vocabulary);
    std::vector<Candidate> best;
    auto start = Clock::now();
    BS_CHECK(engine.forwardBest(prompt, *cache, 1, best, context));
    rates.prompt.push_back(static_cast<double>(prompt.size()) / secondsSince(start));
    start = Clock::now();
    for (std::size_t i = 0; i < request.generateTokens; ++i) {
        const std::int32_t token = best.front().id;
        BS_CHECK(engine.forwardBest(std::span(&token, 1), *cache, 1, best, context));
    }
    rates.generate.push_back(static_cast<double>(request.generateTokens) / secondsSince(start));
    return {};
}

/// What one token reads of the weights: all of them, but of an embedding that is not the head one
/// row.
std::uint64_t bytesPerToken(const ModelSource& source, const Plan* plan, std::uint64_t weightBytes)
{
    if (source.config.tiedEmbeddings) return weightBytes;
    std::uint64_t embedding = 0;
    const auto tensor = source.tensors.find("model.embed_tokens.weight");
    if (tensor != source.tensors.end()) embedding = tensor->second.desc.bytes;
    if (source.container && plan != nullptr)
        for (std::size_t m = 0; m < plan->depth.size(); ++m) {
            const StackMatrix& matrix = source.container->stack.matrices[m];
            if (matrix.name.find("embed_tokens") != std::string::npos)
                for (std::size_t i = 0; i < plan->depth[m]; ++i)
                    embedding += matrix.blockBytes[i];
        }
    return weightBytes - std::min(weightBytes, embedding);
}

Result<double> timeSlides(const ModelSource& source, Engine& engine, const Plan& plan,
                          const JobContext& context)
{
    const Plan smallest = smallestPlan(*source.container);
    BS_CHECK(
        engine.setPlan(smallest, context)); // the pages of the file are in the cache from loading
    std::vector<double> ms;
    for (int i = 0; i < kSlides; ++i) {
        const auto start = Clock::now();
        BS_CHECK(engine.setPlan(plan, context));
        BS_CHECK(engine.setPlan(smallest, context));
        ms.push_back(secondsSince(start) * 1000);
    }
    BS_CHECK(engine.setPlan(plan, context));
    return median(std::move(ms));
}

Result<void> measure(const BenchRequest& request, const std::shared_ptr<const ModelSource>& source,
                     BenchResult& result, const JobContext& context)
{
    const std::uint64_t kvBytes =
        (request.promptTokens + request.generateTokens) * source->config.kvBytesPerToken();
    BS_TRY(const auto engine,
           loadEngineLogged(source, result.size, kvBytes, request.engine, context));
    Rates rates;
    for (std::size_t i = 0; i < request.repeat; ++i) {
        const auto total = static_cast<double>(request.repeat);
        context.report(
            {"timing", static_cast<double>(i), total, -1,
             "repetition " + std::to_string(i + 1) + " of " + std::to_string(request.repeat)});
        BS_CHECK(timeOnce(*engine, request, rates, context));
    }
    result.promptTokensPerSecond = median(rates.prompt);
    result.generateTokensPerSecond = median(rates.generate);
    result.weightBytes = engine->weightBytes();
    const Plan* const plan = result.size.planOrNull();
    result.bytesReadPerToken = bytesPerToken(*source, plan, result.weightBytes);
    BS_TRY(result.readBytesPerSecond, readBandwidth(kReadBytes, request.engine.threads));
    result.bandwidthFraction = static_cast<double>(result.bytesReadPerToken) *
                               result.generateTokensPerSecond / result.readBytesPerSecond;
    if (plan != nullptr) {
        BS_TRY(result.slideMs, timeSlides(*source, *engine, *plan, context));
    }
    return {};
}

Result<void> storeBench(RunLog& log, const BenchRequest& request, const BenchResult& result)
{
    const auto store = [&](const char* metric, double value) {
        MeasurementRecord record;
        record.metric = metric;
        record.value = value;
        record.n = request.repeat;
        return log.add(result.size, record);
    };
    BS_CHECK(store("prompt_tokens_per_second", result.promptTokensPerSecond));
    BS_CHECK(store("generate_tokens_per_second", result.generateTokensPerSecond));
    BS_CHECK(store("bandwidth_fraction", result.bandwidthFraction));
    if (result.slideMs) BS_CHECK(store("slide_ms", *result.slideMs));
    return {};
}

} // namespace

Result<double> readBandwidth(std::uint64_t bytes, int threads)
{
    const std::size_t count = bytes / sizeof(std::uint64_t);
    const std::unique_ptr<std::uint64_t[]> words(new (std::nothrow) std::uint64_t[count]);
    if (!words)
        return Error{ErrorCode::Memory, "there is not enough memory to measure how fast it is"};
    ThreadPool pool(threads);
    constexpr std::size_t kGrain = 4096;
    pool.parallelRanges(count, kGrain, [&](std::size_t begin, std::size_t end) {
        std::fill(words.get() + begin, words.get() + end, begin); // makes the pages
    });
    std::atomic<std::uint64_t> sum{0};
    double best = 0;
    for (int pass = 0; pass < kReadPasses; ++pass) {
        const auto start = Clock::now();
        pool.parallelRanges(count, kGrain, [&](std::size_t begin, std::size_t end) {
            sum += sumWords(words.get() + begin, end - begin); // used, so that it is not left out
        });
        best = std::max(best, static_cast<double>(bytes) / secondsSince(start));
    }
    return best;
}

Result<BenchResult> benchModel(const BenchRequest& request, const JobContext& context)
{
    BS_TRY(const auto source, openShared(request.model));
    BS_CHECK(checkRequest(request, source->config));
    BenchResult result;
    BS_TRY(result.size, chooseSize(*source, request.size));
    ModelIdentity identity;
    if (!request.database.empty()) {
        BS_TRY(identity, identify(*source));
    }
    nlohmann::json settings;
    settings["prompt_tokens"] = request.promptTokens;
    settings["generate_tokens"] = request.generateTokens;
    settings["repeat"] = request.repeat;
    BS_TRY(RunLog log,
           RunLog::start(request.database, *source, identity, "bench", settings.dump(), "cpu"));
    result.run = log.id();
    Result<void> done = measure(request, source, result, context);
    if (done) done = storeBench(log, request, result);
    BS_CHECK(log.finish(done));
    if (!done) return done.error();
    return result;
}

} // namespace bs
