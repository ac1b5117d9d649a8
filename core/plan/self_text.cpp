#include "core/plan/self_text.h"

#include "core/infer/generate.h"
#include "core/plan/calibration.h"

#include <chrono>

namespace bs {

namespace {

constexpr std::uint64_t kSeed = 20241023;

SamplingOptions plainSampling(std::uint64_t seed)
{
    SamplingOptions options;
    options.temperature = 1.0F;
    options.topK = 0;
    options.topP = 1.0F;
    options.minP = 0.0F;
    options.seed = seed;
    return options;
}

} // namespace

Result<std::vector<std::int32_t>> writeSelfText(Engine& engine, std::int32_t bosToken, std::size_t tokens,
                                                const JobContext& context)
{
    const std::size_t count = (tokens + kCalibrationLength - 1) / kCalibrationLength;
    const std::size_t vocabulary = engine.config().vocabulary;
    std::vector<std::unique_ptr<KvCache>> caches;
    std::vector<KvCache*> pointers;
    std::vector<Sampler> samplers;
    std::vector<std::vector<std::int32_t>> sequences(count);
    for (std::size_t i = 0; i < count; ++i) {
        BS_TRY(std::unique_ptr<KvCache> cache, engine.newCache(kCalibrationLength));
        pointers.push_back(cache.get());
        caches.push_back(std::move(cache));
        samplers.emplace_back(plainSampling(kSeed + i));
        std::vector<float> uniform(vocabulary, 0.0F);
        sequences[i].push_back(bosToken >= 0 ? bosToken : samplers[i].sample(uniform, {}));
    }
    const auto start = std::chrono::steady_clock::now();
    std::vector<float> logits;
    std::vector<std::int32_t> last(count);
    for (std::size_t step = 1; step < kCalibrationLength; ++step) {
        for (std::size_t i = 0; i < count; ++i)
            last[i] = sequences[i].back();
        BS_CHECK(engine.forwardBatch(last, pointers, logits, context));
        for (std::size_t i = 0; i < count; ++i)
            sequences[i].push_back(samplers[i].sample(std::span(logits).subspan(i * vocabulary, vocabulary), {}));
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        const auto done = static_cast<double>(step);
        const auto total = static_cast<double>(kCalibrationLength - 1);
        context.report({"writing calibration text", done, total, seconds / done * (total - done), ""});
    }
    std::vector<std::int32_t> text;
    for (const auto& sequence : sequences)
        text.insert(text.end(), sequence.begin(), sequence.end());
    return text;
}

} // namespace bs
