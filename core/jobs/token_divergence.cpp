#include "core/jobs/token_divergence.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/eval/windows.h"
#include "core/jobs/chat_prompt.h"
#include "core/jobs/identity.h"
#include "core/jobs/loaded_model.h"
#include "core/jobs/part_progress.h"
#include "core/jobs/reference.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bs {

namespace {

constexpr std::size_t kChoices = 5;
constexpr std::size_t kTokensBefore = 24;
constexpr std::size_t kTokensAfter = 8;

struct Task
{
    const TokenDivergenceRequest& request;
    std::shared_ptr<const ModelSource> source;
    std::shared_ptr<const Tokenizer> tokenizer;
    std::vector<std::int32_t> tokens;
    std::size_t first = 0; ///< token of interest
    PerplexityOptions options;
    std::size_t sameTop = 0; ///< tokens with the same first choice
    TokenDivergence result;

    std::string piece(std::int32_t id) const { return tokenizer->piece(id, true); }
    std::string pieces(std::size_t from, std::size_t to) const
    {
        std::string text;
        for (std::size_t i = from; i < std::min(to, tokens.size()); ++i)
            text += piece(tokens[i]);
        return text;
    }
};

Result<void> readFile(Task& task)
{
    BS_TRY(const std::string text, readTextFile(task.request.text));
    const TokenizerSpec& spec = task.tokenizer->spec();
    task.tokens = task.tokenizer->encode(text, false);
    if (spec.addBos) {
        task.options.bosToken = spec.bos;
        task.tokens.insert(task.tokens.begin(), spec.bos);
    }
    task.options.context = std::min(task.request.context, task.tokens.size());
    const std::size_t most = std::max<std::size_t>(
        1, kMostTokenPositions / std::max<std::size_t>(1, task.options.context));
    task.options.chunks = task.request.chunks == 0 ? most : std::min(task.request.chunks, most);
    return {};
}

/// The answer as it was made: behind the conversation before it, in one window.
Result<void> readAnswer(Task& task)
{
    std::vector<ChatMessage> before = task.request.messages;
    if (before.size() < 2 || before.back().role != "assistant")
        return Error{ErrorCode::Usage,
                     "a text file or a conversation that ends with an answer is needed"};
    const std::vector<std::int32_t> answer = task.tokenizer->encode(before.back().content, false);
    before.pop_back();
    const std::size_t room =
        std::min<std::size_t>(task.source->config.contextLength, kMostTokenPositions);
    if (answer.empty() || answer.size() >= room)
        return Error{ErrorCode::Usage, "an answer of " + std::to_string(answer.size()) +
                                           " tokens cannot be looked at, the context holds " +
                                           std::to_string(room)};
    BS_TRY(ChatPrompt prompt, buildChatPrompt(*task.tokenizer, std::move(before),
                                              room - answer.size(), 0, task.request.chatTemplate));
    task.tokens = std::move(prompt.ids);
    task.first = task.tokens.size();
    task.tokens.insert(task.tokens.end(), answer.begin(), answer.end());
    task.options.context = task.tokens.size();
    task.options.chunks = 1;
    return {};
}

Result<IdentifiedModel> chooseReference(Task& task)
{
    if (!task.request.reference.empty()) {
        BS_TRY(auto named, openShared(task.request.reference));
        BS_CHECK(checkVocabulary(*named, *task.source));
        return identified(std::move(named));
    }
    BS_TRY(IdentifiedModel own, identified(task.source));
    IdentifiedModel dense = denseSourceOf(*task.source, own.identity.modelHash, task.result.note);
    if (!dense.source) return own;
    BS_CHECK(checkVocabulary(*dense.source, *task.source));
    return dense;
}

std::vector<TokenDivergence::Choice> topOf(const Task& task, std::span<const float> logits)
{
    std::vector<std::int32_t> ids(logits.size());
    std::iota(ids.begin(), ids.end(), 0);
    const auto end = ids.begin() + static_cast<std::ptrdiff_t>(std::min(kChoices, logits.size()));
    std::partial_sort(ids.begin(), end, ids.end(), [&](std::int32_t a, std::int32_t b) {
        return logits[static_cast<std::size_t>(a)] > logits[static_cast<std::size_t>(b)];
    });
    const double total = logSumExp(logits);
    std::vector<TokenDivergence::Choice> choices;
    for (auto id = ids.begin(); id != end; ++id)
        choices.push_back(
            {task.piece(*id),
             std::exp(static_cast<double>(logits[static_cast<std::size_t>(*id)]) - total)});
    return choices;
}

std::vector<TokenDivergence::Choice> topOf(const Task& task,
                                           const ReferenceDistributions::Position& position)
{
    std::vector<TokenDivergence::Choice> choices;
    for (std::size_t i = 0; i < std::min(kChoices, position.ids.size()); ++i)
        choices.push_back({task.piece(position.ids[i]),
                           std::exp(static_cast<double>(position.logProbabilities[i]))});
    return choices;
}

/// Keeps the worst ones, the least of them first, as a heap.
void keepIfWorst(Task& task, const ReferenceDistributions::Position& reference,
                 std::span<const float> logits)
{
    std::vector<TokenDivergence::Worst>& worst = task.result.worst;
    const std::vector<TokenDivergence::Position>& all = task.result.positions;
    const auto worse = [&](const auto& a, const auto& b) {
        return all[a.position].divergence > all[b.position].divergence;
    };
    if (task.request.worst == 0) return;
    if (worst.size() == task.request.worst) {
        if (all.back().divergence <= all[worst.front().position].divergence) return;
        std::pop_heap(worst.begin(), worst.end(), worse);
        worst.pop_back();
    }
    const std::size_t at = all.back().index;
    worst.push_back({all.size() - 1, task.pieces(at - std::min(at, kTokensBefore), at),
                     task.pieces(at + 1, at + 1 + kTokensAfter), topOf(task, reference),
                     topOf(task, logits)});
    std::push_heap(worst.begin(), worst.end(), worse);
}

Result<void> checkIds(const ReferenceDistributions::Position& reference, std::size_t vocabulary)
{
    for (const std::int32_t id : reference.ids)
        if (static_cast<std::size_t>(id) >= vocabulary)
            return Error{ErrorCode::Format, "the reference kept in the cache names token " +
                                                std::to_string(id) + " of " +
                                                std::to_string(vocabulary)};
    return {};
}

/// One token; `at` is its place in the text.
void lookAt(Task& task, std::size_t at, std::int32_t target,
            const ReferenceDistributions::Position& reference, std::span<const float> logits)
{
    const double total = logSumExp(logits);
    const auto top =
        static_cast<std::size_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
    TokenDivergence::Position position;
    position.index = at;
    position.text = task.piece(target);
    position.divergence = divergenceAt(reference, logits);
    position.nll = total - static_cast<double>(logits[static_cast<std::size_t>(target)]);
    position.reference = {task.piece(reference.ids.front()),
                          std::exp(static_cast<double>(reference.logProbabilities.front()))};
    position.model = {task.piece(static_cast<std::int32_t>(top)),
                      std::exp(static_cast<double>(logits[top]) - total)};
    task.sameTop += static_cast<std::size_t>(reference.ids.front()) == top ? 1 : 0;
    task.result.positions.push_back(std::move(position));
    keepIfWorst(task, reference, logits);
}

Result<void> compare(Task& task, const ReferenceDistributions& reference, const JobContext& context)
{
    BS_TRY(const auto engine,
           loadEngineLogged(task.source, task.result.size,
                            task.options.context * task.source->config.kvBytesPerToken(),
                            task.request.engine, context));
    BS_TRY(const Windows windows, windowsOf(*engine, task.tokens.size(), task.options));
    const std::size_t skipped = task.options.context - windows.scoredEach;
    ReferenceDistributions::Position position;
    const auto sink = [&](std::size_t index, std::int32_t target,
                          std::span<const float> logits) -> Result<void> {
        const std::size_t at = index / windows.scoredEach * task.options.context + skipped +
                               index % windows.scoredEach;
        if (at < task.first) return {};
        BS_CHECK(reference.read(index, position));
        BS_CHECK(checkIds(position, logits.size()));
        lookAt(task, at, target, position, logits);
        return {};
    };
    return forEachScored(*engine, task.tokens, task.options, sink, context);
}

void summarise(Task& task)
{
    TokenDivergence& r = task.result;
    std::sort(r.worst.begin(), r.worst.end(), [&](const auto& a, const auto& b) {
        return r.positions[a.position].divergence > r.positions[b.position].divergence;
    });
    std::vector<double> all;
    for (const TokenDivergence::Position& p : r.positions)
        all.push_back(p.divergence);
    if (all.empty()) return;
    const auto n = static_cast<double>(all.size());
    r.mean = std::accumulate(all.begin(), all.end(), 0.0) / n;
    r.sameTop = static_cast<double>(task.sameTop) / n;
    const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
    std::nth_element(all.begin(), middle, all.end());
    r.median = *middle;
}

} // namespace

Result<TokenDivergence> tokenDivergence(const TokenDivergenceRequest& request,
                                        const JobContext& context)
{
    Task task{request, {}, {}, {}, 0, {}, 0, {}};
    task.options.scored = Scored::All;
    BS_TRY(task.source, openShared(request.model));
    BS_TRY(task.result.size, chooseSize(*task.source, request.size));
    BS_TRY(task.tokenizer, tokenizerOf(*task.source));
    BS_CHECK(request.text.empty() ? readAnswer(task) : readFile(task));
    BS_TRY(const IdentifiedModel reference, chooseReference(task));
    const std::string hash = hexOf(xxh3(std::as_bytes(std::span(task.tokens))));
    BS_TRY(const ReferenceDistributions distributions,
           referenceDistributions(reference, {task.tokens, hash, task.options}, request.engine,
                                  partOf(context, 0, 2, "reference")));
    task.result.reference = reference.source->path;
    task.result.dense = !reference.source->container;
    task.result.kept = distributions.kept();
    task.result.tokens = task.tokens.size();
    BS_CHECK(compare(task, distributions, partOf(context, 1, 2, "tokens")));
    summarise(task);
    return std::move(task.result);
}

} // namespace bs
