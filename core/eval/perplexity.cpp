#include "core/eval/perplexity.h"

#include "core/eval/windows.h"

#include <chrono>
#include <cmath>

namespace bs {

void NllSum::add(double nll)
{
    ++count;
    sum += nll;
    sumOfSquares += nll * nll;
}

PerplexityResult NllSum::result() const
{
    const auto n = static_cast<double>(count);
    const double mean = sum / n;
    const double variance = std::max(0.0, sumOfSquares / n - mean * mean);
    PerplexityResult result;
    result.perplexity = std::exp(mean);
    // The error of the mean, carried through exp to first order.
    result.error = count > 1 ? result.perplexity * std::sqrt(variance / (n - 1)) : 0.0;
    result.tokensScored = count;
    return result;
}

Result<PerplexityResult> measurePerplexity(Engine& engine, std::span<const std::int32_t> tokens,
                                           const PerplexityOptions& options, const JobContext& context)
{
    const auto start = std::chrono::steady_clock::now();
    NllSum nll;
    BS_CHECK(forEachScored(
        engine, tokens, options,
        [&](std::size_t, std::int32_t target, std::span<const float> logits) -> Result<void> {
            nll.add(logSumExp(logits) - static_cast<double>(logits[static_cast<std::size_t>(target)]));
            return {};
        },
        context));
    PerplexityResult result = nll.result();
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

} // namespace bs
