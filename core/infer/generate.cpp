#include "core/infer/generate.h"

#include <algorithm>
#include <chrono>

namespace bs {

const char* nameOf(StopReason reason)
{
    switch (reason) {
    case StopReason::Eos:
        return "eos";
    case StopReason::Length:
        return "length";
    case StopReason::Context:
        return "context";
    case StopReason::Stopped:
        break;
    }
    return "stopped";
}

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

bool wasCanceled(const Result<void>& result)
{
    return !result && result.error().code == ErrorCode::Canceled;
}

} // namespace

Result<Generated> generate(Engine& engine, KvCache& cache, std::span<const std::int32_t> prompt,
                           const GenerateOptions& options, const std::function<void(std::int32_t)>& onToken,
                           const JobContext& context)
{
    BS_CHECK(validate(options.sampling));
    if (prompt.empty())
        return Error{ErrorCode::Usage, "the prompt is empty"};
    Generated generated;
    std::vector<float> logits;
    std::vector<Candidate> best;
    std::vector<std::int32_t> seen = options.earlier;
    seen.insert(seen.end(), prompt.begin(), prompt.end());
    Sampler sampler(options.sampling);
    const std::size_t needed = sampler.candidatesNeeded();
    const auto run = [&](std::span<const std::int32_t> tokens) {
        return needed > 0 ? engine.forwardBest(tokens, cache, needed, best, context)
                          : engine.forward(tokens, cache, 1, logits, context);
    };
    const auto start = Clock::now();
    Result<void> ran = run(prompt);
    generated.promptSeconds = secondsSince(start);
    const auto generationStart = Clock::now();
    while (ran) {
        if (generated.ids.size() >= options.maxTokens)
            break;
        const std::int32_t token = needed > 0 ? sampler.sampleFrom(best) : sampler.sample(logits, seen);
        generated.ids.push_back(token);
        seen.push_back(token);
        if (std::find(options.stopTokens.begin(), options.stopTokens.end(), token) != options.stopTokens.end()) {
            generated.reason = StopReason::Eos;
            break;
        }
        onToken(token);
        if (cache.length() == cache.capacity()) {
            generated.reason = StopReason::Context;
            break;
        }
        if (generated.ids.size() < options.maxTokens)
            ran = run(std::span(&token, 1));
    }
    generated.generateSeconds = secondsSince(generationStart);
    if (wasCanceled(ran))
        generated.reason = StopReason::Stopped;
    else if (!ran)
        return std::move(ran).error();
    return generated;
}

} // namespace bs
