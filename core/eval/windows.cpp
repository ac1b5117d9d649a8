#include "core/eval/windows.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <Eigen/Core>

namespace bs {

double logSumExp(std::span<const float> logits)
{
    const Eigen::Map<const Eigen::ArrayXf> row(logits.data(), static_cast<Eigen::Index>(logits.size()));
    const float largest = row.maxCoeff();
    return static_cast<double>(largest) + std::log(static_cast<double>((row - largest).exp().sum()));
}

Result<Windows> windowsOf(const Engine& engine, std::size_t tokens, const PerplexityOptions& options)
{
    const std::size_t context = options.context;
    if (context < 4)
        return Error{ErrorCode::Usage, "a context of " + std::to_string(context) + " tokens is too short, 4 are needed"};
    if (context > engine.config().contextLength)
        return Error{ErrorCode::Usage, "a context of " + std::to_string(context) + " tokens is longer than the " +
                                           std::to_string(engine.config().contextLength) + " the model was trained for"};
    if (tokens < context)
        return Error{ErrorCode::Usage, "the text is " + std::to_string(tokens) + " tokens long, one window needs " +
                                           std::to_string(context)};
    Windows windows;
    windows.count = tokens / context;
    if (options.chunks > 0)
        windows.count = std::min(windows.count, options.chunks);
    windows.scoredEach = options.scored == Scored::Half ? context - context / 2 - 1 : context - 1;
    return windows;
}

Result<void> forEachScored(Engine& engine, std::span<const std::int32_t> tokens, const PerplexityOptions& options,
                           const ScoredSink& sink, const JobContext& context)
{
    BS_TRY(const Windows windows, windowsOf(engine, tokens.size(), options));
    // The last token of a window is only predicted, never run.
    BS_TRY(const std::unique_ptr<KvCache> cache, engine.newCache(options.context - 1));
    const std::size_t vocabulary = engine.config().vocabulary;
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t w = 0; w < windows.count; ++w) {
        std::vector<std::int32_t> window(tokens.begin() + static_cast<std::ptrdiff_t>(w * options.context),
                                         tokens.begin() + static_cast<std::ptrdiff_t>((w + 1) * options.context));
        if (options.bosToken)
            window.front() = *options.bosToken;
        cache->truncate(0);
        const std::size_t firstTarget = options.context - windows.scoredEach;
        auto onLogits = [&](std::size_t firstRow, std::size_t rows, std::span<float> logits) -> Result<void> {
            for (std::size_t r = 0; r < rows; ++r)
                BS_CHECK(sink(w * windows.scoredEach + firstRow + r, window[firstTarget + firstRow + r],
                              logits.subspan(r * vocabulary, vocabulary)));
            return {};
        };
        BS_CHECK(engine.forwardInPieces(std::span(window).first(window.size() - 1), *cache, windows.scoredEach, onLogits, context));
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        const auto done = static_cast<double>(w + 1);
        const auto total = static_cast<double>(windows.count);
        context.report({"evaluating", done, total, seconds / done * (total - done), "window " + std::to_string(w + 1) + " of " + std::to_string(windows.count)});
    }
    return {};
}

} // namespace bs
