#include "gpu/engine/engine.h"

#include "gpu/engine/kv_cache.h"
#include "gpu/engine/layer_runner.h"
#include "gpu/engine/prompt_batch.h"
#include "gpu/ops/candidates.h"
#include "gpu/ops/norm.h"

#include <algorithm>
#include <cmath>

namespace bs::gpu {

namespace {

class DeviceEngine : public Engine
{
public:
    DeviceEngine(std::unique_ptr<LayerRunner> runner, Activations one, Activations batch,
                 CandidateFinder candidates)
        : m_runner(std::move(runner))
        , m_one(std::move(one))
        , m_batch(std::move(batch))
        , m_candidates(std::move(candidates))
    {
    }
    ~DeviceEngine() override { static_cast<void>(m_runner->stream().wait()); }

    const ModelConfig& config() const override { return weights().source().config; }
    std::string deviceName() const override { return m_runner->name(); }
    const Stack* stack() const override
    {
        const auto& container = weights().source().container;
        return container ? &container->stack : nullptr;
    }
    Result<void> startPlan(const Plan& plan) override
    {
        return m_runner->weights().startPlan(plan);
    }
    Result<bool> continuePlan(double seconds, const JobContext& context) override
    {
        BS_CHECK(m_runner->enter());
        BS_CHECK(m_runner->stream().wait());
        return m_runner->weights().continuePlan(!std::isfinite(seconds), context);
    }
    const Plan& plan() const override { return weights().plan(); }
    std::uint64_t weightBytes() const override { return weights().bytes(); }
    std::uint64_t freeBytes() const override { return m_runner->freeBytes(); }
    Result<std::unique_ptr<KvCache>> newCache(std::size_t capacity) override
    {
        BS_CHECK(m_runner->enter());
        BS_TRY(std::unique_ptr<KvCache> cache,
               DeviceKvCache::create(config(), capacity, m_runner->stream()));
        return cache;
    }
    Result<void> forwardInPieces(std::span<const std::int32_t> tokens, KvCache& cache,
                                 std::size_t wanted, const LogitsSink& sink,
                                 const JobContext& context) override;
    Result<void> forwardBest(std::span<const std::int32_t> tokens, KvCache& cache,
                             std::size_t count, std::vector<Candidate>& best,
                             const JobContext& context) override;
    Result<void> forwardBatch(std::span<const std::int32_t> tokens,
                              std::span<KvCache* const> caches, std::vector<float>& logits,
                              const JobContext& context) override;

private:
    /// A token's way with the weights of a revision: run once as it is, recorded from then on.
    struct RecordedStep
    {
        std::optional<std::uint64_t> revision; ///< empty: no token has been run
        Graph graph;                           ///< empty: one has, unrecorded
        std::size_t capacity = 0;              ///< of the cache that the graph is right for
    };

    const DeviceWeights& weights() const { return m_runner->weights(); }
    Result<void> runLayers(Activations& room, std::size_t sequences, std::size_t each,
                           std::size_t mostLength);
    Result<void> makeLogits(Activations& room, std::size_t firstRow, std::size_t rows);
    Result<void> copyLogits(const Activations& room, std::size_t rows);
    Result<void> findCandidates(const Activations& room);
    Result<void> emitLogits(std::size_t firstRow, std::size_t rows, std::size_t emitted,
                            const LogitsSink& sink, const JobContext& context);
    Result<void> step(std::int32_t token, DeviceKvCache& cache, bool wanted);
    Result<void> runOne(std::size_t capacity);
    Result<void> recordStep(const DeviceKvCache& cache);
    Result<void> prepare(std::span<const std::int32_t> tokens, const KvCache& cache,
                         const JobContext& context);
    template <class Finish>
    Result<void> runPrompt(std::span<const std::int32_t> tokens, DeviceKvCache& cache,
                           std::size_t wanted, const Finish& finish, const JobContext& context);

    std::unique_ptr<LayerRunner> m_runner; ///< before all that lives on its stream
    Activations m_one;                     ///< of the recorded step: a token of one sequence
    Activations m_batch;                   ///< grows
    CandidateFinder m_candidates;          ///< of both
    RecordedStep m_step;
};

/// Queues the whole way of a batch that is set but for the logits.
Result<void> DeviceEngine::runLayers(Activations& room, std::size_t sequences, std::size_t each,
                                     std::size_t mostLength)
{
    BS_CHECK(weights().embed(room.ids(), sequences * each, room.hidden.as<float>()));
    return m_runner->runLayers(room, sequences, each, mostLength);
}

/// Queues logits of rows of the batch.
Result<void> DeviceEngine::makeLogits(Activations& room, std::size_t firstRow, std::size_t rows)
{
    const std::size_t at = firstRow * config().width;
    BS_CHECK(addAndNorm(room.hidden.as<float>() + at, room.projected.as<float>() + at,
                        weights().finalNorm(), config().normEpsilon, rows, config().width,
                        room.normed.as<float>(), m_runner->stream()));
    return m_runner->products().multiply(weights().head(), room.normed.as<float>(), rows,
                                         room.logits.as<float>());
}

/// Queues the way of the first rows of logits to the host.
Result<void> DeviceEngine::copyLogits(const Activations& room, std::size_t rows)
{
    return copyToHost(room.hostLogits(), room.logits.as<void>(),
                      rows * config().vocabulary * sizeof(float), m_runner->stream());
}

/// Queues the search of the first row of logits for candidates.
Result<void> DeviceEngine::findCandidates(const Activations& room)
{
    return m_candidates.find(room.logits.as<float>(), config().vocabulary, m_runner->stream());
}

/// Logits of rows firstRow .. firstRow + rows - 1 of the batch to the sink, which has seen
/// `emitted` rows.
Result<void> DeviceEngine::emitLogits(std::size_t firstRow, std::size_t rows, std::size_t emitted,
                                      const LogitsSink& sink, const JobContext& context)
{
    for (std::size_t done = 0; done < rows; done += kLogitRows) {
        BS_CHECK(context.checkStop());
        const std::size_t n = std::min(kLogitRows, rows - done);
        BS_CHECK(m_runner->reserveHead(n));
        BS_CHECK(makeLogits(m_batch, firstRow + done, n));
        BS_CHECK(copyLogits(m_batch, n));
        BS_CHECK(m_runner->stream().wait());
        BS_CHECK(sink(emitted + done, n, {m_batch.hostLogits(), n * config().vocabulary}));
    }
    return {};
}

/// Queues a token's whole way, which ends with candidates: who wants all logits asks for them behind
/// it. The batch itself is sent apart from it.
Result<void> DeviceEngine::runOne(std::size_t capacity)
{
    BS_CHECK(runLayers(m_one, 1, 1, capacity));
    BS_CHECK(makeLogits(m_one, 0, 1));
    return findCandidates(m_one);
}

/// Records it.
Result<void> DeviceEngine::recordStep(const DeviceKvCache& cache)
{
    m_step.graph = {};
    const std::size_t capacity = cache.capacity();
    BS_TRY(m_step.graph, Graph::record(m_runner->stream(),
                                       [this, capacity] { return runOne(capacity); }));
    m_step.capacity = capacity;
    return {};
}

/// Runs one token; candidates are on the host then, and so are logits if they are wanted.
Result<void> DeviceEngine::step(std::int32_t token, DeviceKvCache& cache, bool wanted)
{
    const DeviceSequence sequence = cache.sequence();
    BS_CHECK(m_one.setBatch({&token, 1}, {&sequence, 1}, m_runner->stream()));
    if (m_step.revision != weights().revision()) {
        // The first one as it is: kernels are brought to the card when they are first used, which
        // must not happen while a graph is recorded.
        m_step = {};
        BS_CHECK(runOne(cache.capacity()));
        m_step.revision = weights().revision();
    } else {
        if (!m_step.graph || m_step.capacity != cache.capacity()) BS_CHECK(recordStep(cache));
        BS_CHECK(m_step.graph.launch(m_runner->stream()));
    }
    if (wanted) BS_CHECK(copyLogits(m_one, 1));
    BS_CHECK(m_runner->stream().wait());
    cache.advance(1);
    return {};
}

/// What comes before anything is run. Errors: as forward.
Result<void> DeviceEngine::prepare(std::span<const std::int32_t> tokens, const KvCache& cache,
                                   const JobContext& context)
{
    BS_CHECK(checkTokens(tokens));
    BS_CHECK(checkRoom(tokens.size(), cache));
    BS_CHECK(context.checkStop());
    return m_runner->enter();
}

/// Runs tokens in batches. finish(first row in m_batch, rows, wanted rows before them) is called
/// for what a batch has of the last `wanted` tokens. On an error it is as if nothing had been run.
template <class Finish>
Result<void> DeviceEngine::runPrompt(std::span<const std::int32_t> tokens, DeviceKvCache& cache,
                                     std::size_t wanted, const Finish& finish,
                                     const JobContext& context)
{
    const std::size_t length = cache.length();
    const std::size_t firstWanted = tokens.size() - wanted;
    const auto run = [&](std::size_t begin, std::size_t n) -> Result<void> {
        BS_CHECK(context.checkStop());
        const DeviceSequence sequence = cache.sequence();
        BS_CHECK(m_batch.setBatch(tokens.subspan(begin, n), {&sequence, 1}, m_runner->stream()));
        BS_CHECK(runLayers(m_batch, 1, n, cache.length() + n));
        cache.advance(n);
        const std::size_t first = std::max(begin, firstWanted);
        if (first < begin + n)
            BS_CHECK(finish(first - begin, begin + n - first, first - firstWanted));
        return m_runner->stream().wait(); // the batch's memory is written anew by the next one
    };
    if (tokens.empty()) return {};
    std::size_t most = std::max(kBatchTokens, m_batch.tokens());
    if (tokens.size() > most)
        most = std::max(most, promptBatch(config(), m_runner->freeBytes()));
    auto reserved = m_runner->reserve(m_batch, std::min(most, tokens.size()), 1, kLogitRows);
    if (!reserved && reserved.error().code == ErrorCode::Memory && most > kBatchTokens) {
        most = kBatchTokens; // somebody else took what was free
        reserved = m_runner->reserve(m_batch, most, 1, kLogitRows);
    }
    BS_CHECK(std::move(reserved));
    for (std::size_t begin = 0; begin < tokens.size(); begin += most)
        if (auto ran = run(begin, std::min(most, tokens.size() - begin)); !ran) {
            static_cast<void>(m_runner->stream().wait()); // what it had queued reads the batch
            cache.truncate(length);
            return ran;
        }
    return {};
}

Result<void> DeviceEngine::forwardInPieces(std::span<const std::int32_t> tokens, KvCache& cache,
                                           std::size_t wanted, const LogitsSink& sink,
                                           const JobContext& context)
{
    auto& onDevice = static_cast<DeviceKvCache&>(cache);
    BS_ASSERT(wanted <= tokens.size());
    BS_CHECK(prepare(tokens, cache, context));
    if (tokens.size() == 1) {
        BS_CHECK(step(tokens[0], onDevice, wanted == 1));
        return wanted == 1 ? sink(0, 1, {m_one.hostLogits(), config().vocabulary}) : Result<void>();
    }
    const auto emit = [&](std::size_t firstRow, std::size_t rows, std::size_t emitted) {
        return emitLogits(firstRow, rows, emitted, sink, context);
    };
    return runPrompt(tokens, onDevice, wanted, emit, context);
}

Result<void> DeviceEngine::forwardBest(std::span<const std::int32_t> tokens, KvCache& cache,
                                       std::size_t count, std::vector<Candidate>& best,
                                       const JobContext& context)
{
    auto& onDevice = static_cast<DeviceKvCache&>(cache);
    BS_ASSERT(!tokens.empty());
    BS_CHECK(prepare(tokens, cache, context));
    if (tokens.size() == 1) {
        BS_CHECK(step(tokens[0], onDevice, false));
    } else {
        const auto find = [&](std::size_t row, std::size_t, std::size_t) -> Result<void> {
            BS_CHECK(m_runner->reserveHead(1));
            BS_CHECK(makeLogits(m_batch, row, 1));
            return findCandidates(m_batch);
        };
        BS_CHECK(runPrompt(tokens, onDevice, 1, find, context));
    }
    const std::span<const Candidate> found = m_candidates.found(count, config().vocabulary);
    best.assign(found.begin(), found.end());
    return {};
}

Result<void> DeviceEngine::forwardBatch(std::span<const std::int32_t> tokens,
                                        std::span<KvCache* const> caches,
                                        std::vector<float>& logits, const JobContext& context)
{
    BS_ASSERT(tokens.size() == caches.size());
    BS_CHECK(checkTokens(tokens));
    std::vector<DeviceSequence> sequences;
    std::size_t mostLength = 0;
    for (const KvCache* cache : caches) {
        if (cache->length() == cache->capacity())
            return Error{ErrorCode::Usage,
                         "a sequence is full: " + std::to_string(cache->capacity()) + " positions"};
        sequences.push_back(static_cast<const DeviceKvCache*>(cache)->sequence());
        mostLength = std::max(mostLength, cache->length() + 1);
    }
    if (tokens.empty()) return {};
    BS_CHECK(m_runner->enter());
    BS_CHECK(m_runner->stream().wait()); // a batch before that failed may still be read
    BS_CHECK(m_runner->reserve(m_batch, tokens.size(), sequences.size(), kLogitRows));
    BS_CHECK(m_batch.setBatch(tokens, sequences, m_runner->stream()));
    BS_CHECK(runLayers(m_batch, sequences.size(), 1, mostLength));
    logits.resize(tokens.size() * config().vocabulary);
    BS_CHECK(emitLogits(0, tokens.size(), 0, pieceBy(logits), context));
    for (KvCache* cache : caches)
        static_cast<DeviceKvCache*>(cache)->advance(1);
    return {};
}

} // namespace

Result<std::unique_ptr<Engine>> loadDeviceEngine(std::shared_ptr<const ModelSource> source,
                                                 int device, int threads, const Plan* plan,
                                                 const JobContext& context)
{
    BS_TRY(std::unique_ptr<LayerRunner> runner,
           LayerRunner::create(std::move(source), plan, device, threads, {}, context));
    BS_TRY(Activations one, runner->newRoom(1, 1, 1));
    // A card that is full shall say so now, not at the first prompt.
    const std::size_t tokens = std::clamp<std::size_t>(
        runner->weights().source().config.contextLength, 1, Engine::kBatchTokens);
    Activations batch;
    BS_CHECK(runner->reserve(batch, tokens, 1, Engine::kLogitRows));
    BS_TRY(CandidateFinder candidates, CandidateFinder::create(runner->stream()));
    return std::unique_ptr<Engine>(std::make_unique<DeviceEngine>(
        std::move(runner), std::move(one), std::move(batch), std::move(candidates)));
}

} // namespace bs::gpu
