#include "core/jobs/keep.h"

#include "core/base/sizes.h"
#include "core/infer/generate.h"
#include "core/jobs/loaded_model.h"
#include "core/jobs/score.h"

#include <algorithm>
#include <bit>
#include <chrono>

namespace bs {

namespace {

/// What a search works with. Sizes are counts of the loading order's first blocks.
struct Search
{
    std::shared_ptr<const ModelSource> source;
    std::span<const std::int32_t> prompt;
    std::span<const std::int32_t> answer;
    std::unique_ptr<Engine> engine;
    std::unique_ptr<KvCache> cache;
    std::size_t expected = 0; ///< probes there will be, for the progress
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    KeepResult result;

    const Stack& stack() const { return source->container->stack; }
    std::uint64_t bytesAt(std::size_t count) const
    {
        return fileBytesOf(*source->container, prefixPlan(stack(), count));
    }
};

/// The longest prefix that is not larger; the smallest plan at least.
std::size_t longestPrefix(const Search& search, std::uint64_t bytes)
{
    std::size_t low = search.stack().smallestCount;
    for (std::size_t high = search.stack().order.size(); low < high;) {
        const std::size_t middle = high - (high - low) / 2;
        if (search.bytesAt(middle) <= bytes)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

/// How many tokens of the answer come before the first that the model would not have written.
Result<std::size_t> keptTokens(Search& search, const JobContext& context)
{
    std::size_t kept = search.answer.size();
    const auto onPredicted = [&](std::size_t index, std::span<const float> logits) {
        const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
        if (best != search.answer[index]) kept = std::min(kept, index);
        return Result<void>();
    };
    BS_CHECK(forEachPredicted(*search.engine, *search.cache, search.prompt, search.answer,
                              onPredicted, context));
    return kept;
}

void report(const Search& search, const JobContext& context, const std::string& detail)
{
    const auto done = static_cast<double>(search.result.probes.size());
    const auto total = static_cast<double>(std::max(search.expected, search.result.probes.size()));
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - search.start).count();
    context.report(
        {"trying sizes", done, total, done > 0 ? seconds / done * (total - done) : -1, detail});
}

Result<bool> keeps(Search& search, std::size_t count, const JobContext& context)
{
    BS_CHECK(context.checkStop());
    const std::uint64_t bytes = search.bytesAt(count);
    report(search, context, formatSize(bytes));
    // Loading has a progress of its own, which is not this one.
    const JobContext quiet{context.stop, {}};
    BS_CHECK(search.engine->setPlan(prefixPlan(search.stack(), count), quiet));
    BS_TRY(const std::size_t kept, keptTokens(search, quiet));
    search.result.probes.push_back({bytes, kept});
    return kept == search.answer.size();
}

/// Writes the answer at the size that is loaded; how many of its first tokens are the same.
Result<std::size_t> writtenTokens(Search& search, const JobContext& context)
{
    search.cache->truncate(0);
    GenerateOptions options;
    options.sampling.temperature = 0;
    options.maxTokens = search.answer.size();
    BS_TRY(const Generated written, generate(
                                        *search.engine, *search.cache, search.prompt, options,
                                        [](std::int32_t) {}, context));
    BS_CHECK(context.checkStop());
    const auto differs = std::mismatch(written.ids.begin(), written.ids.end(),
                                       search.answer.begin(), search.answer.end());
    return static_cast<std::size_t>(differs.first - written.ids.begin());
}

Result<void> bisect(Search& search, std::size_t from, const JobContext& context)
{
    std::size_t fails = search.stack().smallestCount;
    std::size_t good = from;
    search.expected = 2 + static_cast<std::size_t>(std::bit_width(good - fails));
    BS_TRY(const bool any, keeps(search, good, context));
    if (!any) return {};
    if (good > fails) {
        BS_TRY(const bool smallest, keeps(search, fails, context));
        if (smallest) good = fails;
    }
    while (good > fails + 1) {
        const std::size_t middle = fails + (good - fails) / 2;
        BS_TRY(const bool kept, keeps(search, middle, context));
        (kept ? good : fails) = middle;
    }
    if (good > fails) {
        const auto& probes = search.result.probes;
        search.result.below =
            *std::find_if(probes.rbegin(), probes.rend(),
                          [&](const KeepProbe& p) { return p.kept < search.answer.size(); });
    }
    BS_CHECK(search.engine->setPlan(prefixPlan(search.stack(), good), {context.stop, {}}));
    BS_TRY(search.result.size, chosenPlan(*search.source, prefixPlan(search.stack(), good)));
    report(search, context, formatSize(search.result.size->fileBytes));
    BS_TRY(search.result.written, writtenTokens(search, {context.stop, {}}));
    return {};
}

} // namespace

Result<KeepResult> smallestThatKeeps(const KeepRequest& request, const JobContext& context)
{
    Search search;
    BS_TRY(search.source, openShared(request.model));
    BS_TRY([[maybe_unused]] const Container* container, needStack(*search.source, "keep"));
    if (request.answer.empty()) return Error{ErrorCode::Usage, "the answer is empty"};
    if (request.tokens > request.answer.size())
        return Error{ErrorCode::Usage, "the first " + std::to_string(request.tokens) +
                                           " tokens shall stay, the answer has " +
                                           std::to_string(request.answer.size())};
    search.prompt = request.prompt;
    search.answer = std::span(request.answer)
                        .first(request.tokens > 0 ? request.tokens : request.answer.size());
    search.result.tokens = search.answer.size();

    BS_TRY(const ChosenSize asked, chooseSize(*search.source, request.from));
    const std::size_t from = longestPrefix(search, asked.fileBytes);
    BS_TRY(const ChosenSize first, chosenPlan(*search.source, prefixPlan(search.stack(), from)));
    const std::size_t capacity = search.prompt.size() + search.answer.size();
    BS_TRY(search.engine, loadEngineLogged(search.source, first,
                                           capacity * search.source->config.kvBytesPerToken(),
                                           request.engine, {context.stop, {}}));
    BS_TRY(search.cache, search.engine->newCache(capacity));
    BS_CHECK(bisect(search, from, context));
    return search.result;
}

} // namespace bs
