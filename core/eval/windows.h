#pragma once

#include "core/eval/perplexity.h"

#include <functional>
#include <span>

namespace bs {

/// How many positions a run scores, and its windows. Errors: Usage (context too small, larger than the
/// text or the model: both numbers named).
struct Windows
{
    std::size_t count = 0;
    std::size_t scoredEach = 0;
};
Result<Windows> windowsOf(const Engine& engine, std::size_t tokens, const PerplexityOptions& options);

/// Logits [vocabulary] from which the token `target` had to be predicted; `index` counts scored positions.
using ScoredSink = std::function<Result<void>(std::size_t index, std::int32_t target, std::span<const float> logits)>;

/// Runs the text window by window and hands every scored position to the sink, in order.
Result<void> forEachScored(Engine& engine, std::span<const std::int32_t> tokens, const PerplexityOptions& options,
                           const ScoredSink& sink, const JobContext& context);

/// log of the sum of exp of the logits, in double from f32 exponentials.
double logSumExp(std::span<const float> logits);

} // namespace bs
