#include "core/jobs/score.h"

#include "core/eval/windows.h"

#include <algorithm>
#include <numeric>

namespace bs {

namespace {

/// Tokens that are read together: so many go through the same loops as one by itself (more are
/// multiplied and attended to in blocks, whose sums round differently), so that the model thinks of
/// them what it did when it wrote them: to the bit, but for the floats of codec `bitstack`.
constexpr std::size_t kPiece = 4;

Result<void> checkText(const Engine& engine, const KvCache& cache,
                       std::span<const std::int32_t> prompt, std::span<const std::int32_t> ids)
{
    if (prompt.empty()) return Error{ErrorCode::Usage, "the prompt is empty"};
    const std::size_t needed = prompt.size() + ids.size() - (ids.empty() ? 0 : 1);
    if (needed > cache.capacity())
        return Error{ErrorCode::Usage, "prompt and answer take " + std::to_string(needed) +
                                           " tokens, the context holds " +
                                           std::to_string(cache.capacity())};
    // The last one is only predicted, so that the engine does not see it.
    const auto vocabulary = static_cast<std::int64_t>(engine.config().vocabulary);
    const auto outside = std::find_if(ids.begin(), ids.end(),
                                      [&](std::int32_t id) { return id < 0 || id >= vocabulary; });
    if (outside != ids.end())
        return Error{ErrorCode::Usage, "token " + std::to_string(*outside) +
                                           " is outside the vocabulary of " +
                                           std::to_string(vocabulary)};
    return {};
}

TokenScore scoreOf(std::int32_t id, std::span<const float> logits, std::size_t top)
{
    const double sum = logSumExp(logits);
    const auto chance = [&](std::int32_t token) {
        return TokenChance{token, logits[static_cast<std::size_t>(token)] - sum, {}};
    };
    TokenScore score{chance(id), {}};
    std::vector<std::int32_t> order(logits.size());
    std::iota(order.begin(), order.end(), 0);
    const std::size_t count = std::min(top, order.size());
    const auto best = order.begin() + static_cast<std::ptrdiff_t>(count);
    std::partial_sort(order.begin(), best, order.end(), [&](std::int32_t a, std::int32_t b) {
        const float x = logits[static_cast<std::size_t>(a)];
        const float y = logits[static_cast<std::size_t>(b)];
        return x > y || (x == y && a < b);
    });
    score.top.reserve(count);
    std::transform(order.begin(), best, std::back_inserter(score.top), chance);
    return score;
}

} // namespace

Result<void> forEachPredicted(Engine& engine, KvCache& cache, std::span<const std::int32_t> prompt,
                              std::span<const std::int32_t> ids, const PredictedSink& sink,
                              const JobContext& context)
{
    BS_CHECK(checkText(engine, cache, prompt, ids));
    if (ids.empty()) return {};
    cache.truncate(0);
    const std::size_t vocabulary = engine.config().vocabulary;
    std::vector<float> logits;
    BS_CHECK(engine.forward(prompt, cache, 1, logits, context));
    BS_CHECK(sink(0, logits));
    for (std::size_t done = 0; done + 1 < ids.size();) {
        const std::size_t rows = std::min(kPiece, ids.size() - 1 - done);
        BS_CHECK(engine.forward(ids.subspan(done, rows), cache, rows, logits, context));
        for (std::size_t r = 0; r < rows; ++r)
            BS_CHECK(sink(done + r + 1, std::span(logits).subspan(r * vocabulary, vocabulary)));
        done += rows;
    }
    return {};
}

Result<std::vector<TokenScore>> scoreTokens(Engine& engine, KvCache& cache,
                                            std::span<const std::int32_t> prompt,
                                            std::span<const std::int32_t> ids, std::size_t top,
                                            const JobContext& context)
{
    std::vector<TokenScore> scores;
    scores.reserve(ids.size());
    const auto onPredicted = [&](std::size_t index, std::span<const float> logits) {
        scores.push_back(scoreOf(ids[index], logits, top));
        return Result<void>();
    };
    BS_CHECK(forEachPredicted(engine, cache, prompt, ids, onPredicted, context));
    return scores;
}

} // namespace bs
