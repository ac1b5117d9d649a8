#pragma once

#include "core/base/progress.h"
#include "core/infer/engine.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace bs {

/// A token that may stand at a place, and how probable the model thinks it.
struct TokenChance
{
    std::int32_t id = 0;
    double logProbability = 0; ///< nats
    std::string text;          ///< control tokens by their name; filled in by Session::score
};

/// A token of a given text, and what the model would rather have had there.
struct TokenScore
{
    TokenChance token;
    std::vector<TokenChance> top; ///< most probable first; of equal ones the lower id
};

/// Logits [vocabulary] that token number `index` of a text had to be predicted from.
using PredictedSink = std::function<Result<void>(std::size_t index, std::span<const float> logits)>;

/// Reads `prompt`, then `ids` a few at a time, as if the model had written them, and hands out what
/// each of them had to be predicted from: what generate() would have chosen from. The
/// cache is emptied first. Errors: Usage (empty prompt, a token outside the vocabulary, a cache
/// that is too small: both numbers), and as Engine::forward.
Result<void> forEachPredicted(Engine& engine, KvCache& cache, std::span<const std::int32_t> prompt,
                              std::span<const std::int32_t> ids, const PredictedSink& sink,
                              const JobContext& context);

/// Log-probability of every one of `ids` behind `prompt`, and the `top` most probable tokens at its
/// place (at most the vocabulary). Errors: as forEachPredicted.
Result<std::vector<TokenScore>> scoreTokens(Engine& engine, KvCache& cache,
                                            std::span<const std::int32_t> prompt,
                                            std::span<const std::int32_t> ids, std::size_t top,
                                            const JobContext& context);

} // namespace bs
