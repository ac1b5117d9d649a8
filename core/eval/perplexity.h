#pragma once

#include "core/base/progress.h"
#include "core/infer/engine.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace bs {

/// Which predicted tokens of a window count.
enum class Scored {
    Half, ///< positions context/2+1 .. context-1 (llama.cpp's way): 1023 of 2048
    All,  ///< every position but the first (the authors' way): 2047 of 2048
};

struct PerplexityOptions
{
    std::size_t context = 2048;
    Scored scored = Scored::Half;
    std::size_t chunks = 0;                ///< only the first so many windows; 0: all
    std::optional<std::int32_t> bosToken;  ///< replaces the first token of every window
};

struct PerplexityResult
{
    double perplexity = 0;
    double error = 0;             ///< standard error of the perplexity
    std::size_t tokensScored = 0;
    double seconds = 0;
};

/// Sums negative log-likelihoods (nats) to a perplexity with its standard error.
struct NllSum
{
    std::size_t count = 0;
    double sum = 0;
    double sumOfSquares = 0;

    void add(double nll);
    PerplexityResult result() const; ///< without seconds
};

/// exp of the mean negative log-likelihood of `tokens` under the engine, in windows without overlap.
/// Errors: Usage (context < 4, larger than the model's, fewer tokens than one window: both numbers).
Result<PerplexityResult> measurePerplexity(Engine& engine, std::span<const std::int32_t> tokens,
                                           const PerplexityOptions& options, const JobContext& context);

} // namespace bs
