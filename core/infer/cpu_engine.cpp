#include "core/base/memory.h"
#include "core/infer/engine.h"
#include "core/infer/first_layers.h"
#include "core/infer/layer.h"
#include "core/linalg/cpu/kernels.h"
#include "core/stack/matrix_name.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

namespace bs {

Result<void> Engine::forward(std::span<const std::int32_t> tokens, KvCache& cache, std::size_t wanted,
                             std::vector<float>& logits, const JobContext& context)
{
    logits.resize(wanted * config().vocabulary);
    return forwardInPieces(tokens, cache, wanted, pieceBy(logits), context);
}

Result<void> Engine::forwardBest(std::span<const std::int32_t> tokens, KvCache& cache, std::size_t count,
                                 std::vector<Candidate>& best, const JobContext& context)
{
    BS_ASSERT(!tokens.empty() && count >= 1 && count <= kMostCandidates);
    const auto choose = [&](std::size_t, std::size_t, std::span<float> logits) -> Result<void> {
        best = bestCandidates(logits, count);
        return {};
    };
    return forwardInPieces(tokens, cache, 1, choose, context);
}

Engine::LogitsSink Engine::pieceBy(std::vector<float>& logits) const
{
    const std::size_t vocabulary = config().vocabulary;
    return [&logits, vocabulary](std::size_t firstRow, std::size_t, std::span<float> rows) -> Result<void> {
        std::copy(rows.begin(), rows.end(), logits.begin() + static_cast<std::ptrdiff_t>(firstRow * vocabulary));
        return {};
    };
}

std::uint64_t Engine::freeBytes() const
{
    return availableMemoryBytes();
}

Result<void> Engine::setPlan(const Plan& plan, const JobContext& context)
{
    BS_CHECK(startPlan(plan));
    BS_TRY([[maybe_unused]] const bool done, continuePlan(std::numeric_limits<double>::infinity(), context));
    return {};
}

Result<void> Engine::checkTokens(std::span<const std::int32_t> tokens) const
{
    for (const std::int32_t token : tokens)
        if (token < 0 || static_cast<std::uint32_t>(token) >= config().vocabulary)
            return Error{ErrorCode::Usage, "token " + std::to_string(token) + " is outside the vocabulary of " +
                                               std::to_string(config().vocabulary)};
    return {};
}

Result<void> Engine::checkRoom(std::size_t tokens, const KvCache& cache)
{
    if (tokens <= cache.capacity() - cache.length())
        return {};
    return Error{ErrorCode::Usage, std::to_string(tokens) + " tokens do not fit the context: " + std::to_string(cache.length()) +
                                       " of " + std::to_string(cache.capacity()) + " positions are in use"};
}

namespace {

class CpuEngine : public Engine
{
public:
    /// `first` may be nullptr: all layers are here.
    CpuEngine(std::unique_ptr<FirstLayers> first, std::unique_ptr<Weights> weights, Plan plan, std::unique_ptr<ThreadPool> pool)
        : m_first(std::move(first))
        , m_weights(std::move(weights))
        , m_plan(std::move(plan))
        , m_threads(std::move(pool))
        , m_pool(*m_threads)
        , m_rope(m_weights->source().config)
    {
    }

    const ModelConfig& config() const override { return m_weights->source().config; }
    std::string deviceName() const override
    {
        const std::string here = "cpu (" + std::string(kernels().name) + ", " + std::to_string(m_pool.size()) + " threads)";
        if (m_first == nullptr)
            return here;
        return m_first->name() + ", " + std::to_string(firstLayer()) + " of " + std::to_string(config().layers) + " layers; " + here;
    }
    const Stack* stack() const override
    {
        const auto& container = m_weights->source().container;
        return container ? &container->stack : nullptr;
    }
    Result<void> startPlan(const Plan& plan) override;
    Result<bool> continuePlan(double seconds, const JobContext& context) override;
    const Plan& plan() const override { return m_first ? m_plan : m_weights->plan(); }
    std::uint64_t weightBytes() const override { return m_weights->weightBytes() + (m_first ? m_first->weightBytes() : 0); }
    /// Not known of two parts, each of which says itself when it is full.
    std::uint64_t freeBytes() const override { return m_first ? 0 : Engine::freeBytes(); }

    Result<std::unique_ptr<KvCache>> newCache(std::size_t capacity) override
    {
        BS_TRY(std::unique_ptr<CpuKvCache> cache, CpuKvCache::create(config(), capacity, firstLayer()));
        if (m_first) {
            BS_TRY(cache->first, m_first->newCache(capacity));
        }
        return std::unique_ptr<KvCache>(std::move(cache));
    }

    Result<void> forwardInPieces(std::span<const std::int32_t> tokens, KvCache& cache, std::size_t wanted,
                                 const LogitsSink& sink, const JobContext& context) override;
    Result<void> forwardBatch(std::span<const std::int32_t> tokens, std::span<KvCache* const> caches,
                              std::vector<float>& logits, const JobContext& context) override;

private:
    std::size_t firstLayer() const { return m_first ? m_first->count() : 0; }
    void embed(std::span<const std::int32_t> tokens);
    Result<void> runLayers(std::span<const std::int32_t> tokens, std::span<CpuKvCache* const> caches,
                           const JobContext& context);
    Result<void> emitLogits(std::size_t firstRow, std::size_t rows, std::size_t emitted, const LogitsSink& sink,
                            const JobContext& context);

    std::unique_ptr<FirstLayers> m_first; ///< layers that run elsewhere
    std::unique_ptr<Weights> m_weights;   ///< of the others
    Plan m_plan;                          ///< with m_first: of both
    std::optional<Plan> m_nextPlan;       ///< the same, while it is loaded
    bool m_startedHere = false;           ///< and this part of it is
    std::unique_ptr<ThreadPool> m_threads;
    ThreadPool& m_pool;
    Rope m_rope;
    LayerScratch m_scratch;
    std::vector<float> m_hidden; ///< [batch, width]
    std::vector<float> m_logits;
};

/// What of a plan is this engine's own: nothing of layers before `firstLayer`.
Plan planFrom(const Stack& stack, Plan plan, std::size_t firstLayer)
{
    for (std::size_t m = 0; m < plan.depth.size(); ++m)
        if (const auto layer = layerOf(stack.matrices[m].name); layer && *layer < firstLayer)
            plan.depth[m] = 0;
    return plan;
}

Result<void> CpuEngine::startPlan(const Plan& plan)
{
    if (!m_first || stack() == nullptr)
        return m_weights->startPlan(plan);
    BS_CHECK(m_first->startPlan(plan)); // checks it, too
    m_nextPlan = plan;
    m_startedHere = false;
    return {};
}

Result<bool> CpuEngine::continuePlan(double seconds, const JobContext& context)
{
    if (!m_first)
        return m_weights->continuePlan(seconds, m_pool, context);
    if (!m_nextPlan)
        return true;
    if (!m_startedHere) {
        auto loaded = m_first->loaded(!std::isfinite(seconds), context);
        if (!loaded)
            m_nextPlan.reset();
        if (!loaded || !loaded.value())
            return loaded;
        if (auto started = m_weights->startPlan(planFrom(*stack(), *m_nextPlan, firstLayer())); !started) {
            m_first->giveUp();
            m_nextPlan.reset();
            return std::move(started).error();
        }
        m_startedHere = true;
    }
    // Both parts change between the same two tokens.
    const bool before = m_plan == *m_nextPlan;
    auto done = m_weights->continuePlan(seconds, m_pool, context);
    if (!done) {
        if (!before)
            m_first->giveUp();
        m_nextPlan.reset();
        return done;
    }
    if (!before && m_weights->plan() == planFrom(*stack(), *m_nextPlan, firstLayer())) {
        BS_CHECK(m_first->takeIntoUse());
        m_plan = *m_nextPlan;
    }
    if (done.value())
        m_nextPlan.reset();
    return done;
}

void CpuEngine::embed(std::span<const std::int32_t> tokens)
{
    const std::size_t width = config().width;
    m_hidden.resize(tokens.size() * width);
    for (std::size_t i = 0; i < tokens.size(); ++i)
        rowOf(m_weights->embedding(), static_cast<std::size_t>(tokens[i]), m_hidden.data() + i * width);
}

/// One sequence with all tokens, or as many sequences as tokens with one each.
Result<void> CpuEngine::runLayers(std::span<const std::int32_t> tokens, std::span<CpuKvCache* const> caches,
                                  const JobContext& context)
{
    embed(tokens);
    const std::size_t each = tokens.size() / caches.size();
    std::vector<SequenceRows> sequences(caches.size());
    for (const CpuKvCache* cache : caches)
        m_rope.reserve(cache->length() + each);
    if (m_first) {
        std::vector<KvCache*> firstCaches;
        for (CpuKvCache* cache : caches)
            firstCaches.push_back(cache->first.get());
        BS_CHECK(m_first->run(m_hidden.data(), firstCaches, each));
    }
    for (std::size_t layer = firstLayer(); layer < m_weights->layers().size(); ++layer) {
        BS_CHECK(context.checkStop());
        for (std::size_t i = 0; i < caches.size(); ++i)
            sequences[i] = {caches[i]->layer(layer), caches[i]->length(), each};
        BS_CHECK(layerForward(config(), m_weights->layers()[layer], m_rope, sequences, m_hidden.data(), tokens.size(), m_scratch,
                              m_pool, nullptr));
    }
    for (CpuKvCache* cache : caches)
        cache->advance(each);
    return {};
}

/// Logits of rows firstRow .. firstRow + rows - 1 of the batch to the sink, which has seen `emitted` rows.
Result<void> CpuEngine::emitLogits(std::size_t firstRow, std::size_t rows, std::size_t emitted, const LogitsSink& sink,
                                   const JobContext& context)
{
    const std::size_t width = config().width;
    const std::size_t vocabulary = config().vocabulary;
    for (std::size_t done = 0; done < rows; done += kLogitRows) {
        BS_CHECK(context.checkStop());
        const std::size_t n = std::min(kLogitRows, rows - done);
        m_scratch.normed.resize(n * width);
        rmsNorm(m_hidden.data() + (firstRow + done) * width, m_weights->finalNorm().data(), n, width,
                config().normEpsilon, m_scratch.normed.data());
        m_logits.resize(n * vocabulary);
        BS_CHECK(multiply(m_weights->head(), m_scratch.normed.data(), n, m_logits.data(), m_pool));
        BS_CHECK(sink(emitted + done, n, m_logits));
    }
    return {};
}

Result<void> CpuEngine::forwardInPieces(std::span<const std::int32_t> tokens, KvCache& cache, std::size_t wanted,
                                        const LogitsSink& sink, const JobContext& context)
{
    auto& cpuCache = static_cast<CpuKvCache&>(cache);
    BS_CHECK(checkTokens(tokens));
    BS_CHECK(checkRoom(tokens.size(), cache));
    BS_ASSERT(wanted <= tokens.size());
    const std::size_t length = cache.length();
    const std::size_t firstWanted = tokens.size() - wanted;
    std::array<CpuKvCache*, 1> caches{&cpuCache};
    for (std::size_t begin = 0; begin < tokens.size(); begin += kBatchTokens) {
        const std::size_t n = std::min(kBatchTokens, tokens.size() - begin);
        auto ran = runLayers(tokens.subspan(begin, n), caches, context);
        const std::size_t first = std::max(begin, firstWanted);
        if (ran && first < begin + n)
            ran = emitLogits(first - begin, begin + n - first, first - firstWanted, sink, context);
        if (!ran) {
            cache.truncate(length); // as if it had not been called
            return ran;
        }
    }
    return {};
}

Result<void> CpuEngine::forwardBatch(std::span<const std::int32_t> tokens, std::span<KvCache* const> caches,
                                     std::vector<float>& logits, const JobContext& context)
{
    BS_ASSERT(tokens.size() == caches.size());
    BS_CHECK(checkTokens(tokens));
    std::vector<CpuKvCache*> cpuCaches;
    for (KvCache* cache : caches) {
        if (cache->length() == cache->capacity())
            return Error{ErrorCode::Usage, "a sequence is full: " + std::to_string(cache->capacity()) + " positions"};
        cpuCaches.push_back(static_cast<CpuKvCache*>(cache));
    }
    if (auto ran = runLayers(tokens, cpuCaches, context); !ran) {
        for (CpuKvCache* cache : cpuCaches)
            cache->truncate(cache->length()); // the first layers' part may be longer
        return ran;
    }
    logits.resize(tokens.size() * config().vocabulary);
    return emitLogits(0, tokens.size(), 0, pieceBy(logits), context);
}

} // namespace

Result<std::unique_ptr<Engine>> loadCpuEngine(std::shared_ptr<const ModelSource> source, int threads, const Plan* plan,
                                              const JobContext& context)
{
    auto pool = std::make_unique<ThreadPool>(threads);
    BS_TRY(std::unique_ptr<Weights> weights, Weights::load(std::move(source), plan, *pool, context));
    return std::unique_ptr<Engine>(std::make_unique<CpuEngine>(nullptr, std::move(weights), Plan{}, std::move(pool)));
}

Result<std::unique_ptr<Engine>> loadSplitEngine(std::unique_ptr<FirstLayers> first, std::shared_ptr<const ModelSource> source,
                                                int threads, const Plan* plan, const JobContext& context)
{
    auto pool = std::make_unique<ThreadPool>(threads);
    const auto count = static_cast<std::uint32_t>(first->count());
    Plan all;
    Plan here;
    if (source->container) {
        all = plan != nullptr ? *plan : largestPlan(*source->container);
        here = planFrom(source->container->stack, all, count);
    }
    BS_TRY(std::unique_ptr<Weights> weights, Weights::load(std::move(source), &here, *pool, context, count));
    return std::unique_ptr<Engine>(std::make_unique<CpuEngine>(std::move(first), std::move(weights), std::move(all), std::move(pool)));
}

} // namespace bs
