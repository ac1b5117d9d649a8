#include "gpu/engine/engine.h"

#include "gpu/engine/activations.h"
#include "gpu/engine/kv_cache.h"
#include "gpu/model/weights.h"
#include "gpu/ops/elementwise.h"
#include "gpu/ops/norm.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

namespace bs::gpu {

namespace {

/// Tokens that run through the layers together, and rows whose logits are made together.
constexpr std::size_t kBatchTokens = 1024;
constexpr std::size_t kLogitRows = 128;

class DeviceEngine : public Engine
{
public:
    static Result<std::unique_ptr<DeviceEngine>> create(std::shared_ptr<const ModelSource> source,
                                                        int device, int threads, const Plan* plan,
                                                        const JobContext& context);
    ~DeviceEngine() override;

    const ModelConfig& config() const override { return m_weights->source().config; }
    std::string deviceName() const override
    {
        return "cuda:" + std::to_string(m_device.number) + " (" + m_info.name + ")";
    }
    const Stack* stack() const override
    {
        const auto& container = m_weights->source().container;
        return container ? &container->stack : nullptr;
    }
    Result<void> startPlan(const Plan& plan) override { return m_weights->startPlan(plan); }
    Result<bool> continuePlan(double seconds, const JobContext& context) override
    {
        BS_CHECK(m_stream.wait());
        return m_weights->continuePlan(seconds, context);
    }
    const Plan& plan() const override { return m_weights->plan(); }
    std::uint64_t weightBytes() const override { return m_weights->bytes(); }
    std::uint64_t freeBytes() const override
    {
        const auto now = deviceInfo(m_device.number);
        return now ? now.value().freeBytes : 0;
    }
    Result<std::unique_ptr<KvCache>> newCache(std::size_t capacity) override
    {
        BS_TRY(std::unique_ptr<KvCache> cache, DeviceKvCache::create(config(), capacity, m_stream));
        return cache;
    }
    Result<void> forwardInPieces(std::span<const std::int32_t> tokens, KvCache& cache,
                                 std::size_t wanted, const LogitsSink& sink,
                                 const JobContext& context) override;
    Result<void> forwardBatch(std::span<const std::int32_t> tokens,
                              std::span<KvCache* const> caches, std::vector<float>& logits,
                              const JobContext& context) override;

private:
    /// What a recorded step is right for.
    struct RecordedStep
    {
        Graph graph;
        std::uint64_t revision = 0; ///< of the weights
        std::size_t capacity = 0;   ///< of the cache
    };

    DeviceEngine(Stream stream, const DeviceChoice& device, DeviceInfo info)
        : m_stream(std::move(stream))
        , m_device(device)
        , m_info(std::move(info))
    {
    }
    Result<void> checkTokens(std::span<const std::int32_t> tokens) const;
    Result<void> reserve(std::size_t tokens, std::size_t sequences);
    Result<void> runLayers(Activations& room, std::size_t sequences, std::size_t each,
                           std::size_t mostLength);
    Result<void> runLayer(Activations& room, std::size_t layer, std::size_t sequences,
                          std::size_t each, std::size_t mostLength);
    Result<void> makeLogits(Activations& room, std::size_t firstRow, std::size_t rows);
    Result<void> emitLogits(std::size_t firstRow, std::size_t rows, std::size_t emitted,
                            const LogitsSink& sink, const JobContext& context);
    Result<void> step(std::int32_t token, DeviceKvCache& cache, bool wanted,
                      const LogitsSink& sink);
    Result<void> recordStep(const DeviceKvCache& cache);

    Stream m_stream; ///< before all that lives on it
    DeviceChoice m_device;
    DeviceInfo m_info;
    std::unique_ptr<DeviceWeights> m_weights;
    Products m_products;
    Activations m_one;   ///< of the recorded step: a token of one sequence
    Activations m_batch; ///< grows
    RecordedStep m_step;
};

Result<std::unique_ptr<DeviceEngine>>
DeviceEngine::create(std::shared_ptr<const ModelSource> source, int number, int threads,
                     const Plan* plan, const JobContext& context)
{
    BS_CHECK(useDevice(number));
    BS_TRY(DeviceInfo info, deviceInfo(number));
    BS_CHECK(checkHeads(source->config));
    const DeviceChoice device{number, static_cast<std::size_t>(info.multiprocessors)};
    BS_TRY(Stream stream, Stream::create());
    std::unique_ptr<DeviceEngine> engine(
        new DeviceEngine(std::move(stream), device, std::move(info)));
    BS_TRY(engine->m_weights, DeviceWeights::load(std::move(source), plan, device, threads,
                                                  engine->m_stream, context));
    BS_TRY(engine->m_products,
           Products::create(engine->m_weights->productSizes(), engine->m_stream));
    BS_TRY(engine->m_one, Activations::create(engine->config(), 1, 1, 1, device.multiprocessors,
                                              engine->m_stream));
    return engine;
}

DeviceEngine::~DeviceEngine()
{
    static_cast<void>(m_stream.wait());
}

Result<void> DeviceEngine::checkTokens(std::span<const std::int32_t> tokens) const
{
    for (const std::int32_t token : tokens)
        if (token < 0 || static_cast<std::uint32_t>(token) >= config().vocabulary)
            return Error{ErrorCode::Usage, "token " + std::to_string(token) +
                                               " is outside the vocabulary of " +
                                               std::to_string(config().vocabulary)};
    return {};
}

/// Makes room for a batch.
Result<void> DeviceEngine::reserve(std::size_t tokens, std::size_t sequences)
{
    if (m_batch.tokens() < tokens || m_batch.sequences() < sequences) {
        const std::size_t all = std::max(tokens, m_batch.tokens());
        const std::size_t of = std::max(sequences, m_batch.sequences());
        m_batch = Activations();
        BS_TRY(m_batch, Activations::create(config(), all, of, std::min(all, kLogitRows),
                                            m_device.multiprocessors, m_stream));
    }
    return m_products.reserve(tokens);
}

Result<void> DeviceEngine::runLayer(Activations& room, std::size_t layer, std::size_t sequences,
                                    std::size_t each, std::size_t mostLength)
{
    const ModelConfig& c = config();
    const DeviceLayer& weights = m_weights->layers()[layer];
    const std::size_t n = sequences * each;
    const auto apply = [&](Slot slot, const Buffer& x, const Buffer& y) {
        return m_products.multiply(weights[slot], x.as<float>(), n, y.as<float>());
    };
    // What the layer before has left in `projected` is added first.
    const float* const delta = layer > 0 ? room.projected.as<float>() : nullptr;
    BS_CHECK(addAndNorm(room.hidden.as<float>(), delta, weights.inputNorm, c.normEpsilon, n,
                        c.width, room.normed.as<float>(), m_stream));
    BS_CHECK(apply(Slot::Q, room.normed, room.q));
    BS_CHECK(apply(Slot::K, room.normed, room.k));
    BS_CHECK(apply(Slot::V, room.normed, room.v));
    const DeviceSequence* const of = room.sequencesOnDevice();
    BS_CHECK(rotateAndKeep(c, weights.heads, m_weights->ropeFrequencies(), layer, of, sequences,
                           each, room.q.as<float>(), room.k.as<float>(), room.v.as<float>(),
                           m_stream));
    BS_CHECK(attention(c, layer, of, sequences, each, mostLength, room.q.as<float>(),
                       room.attended.as<float>(), room.attention(), m_stream));
    BS_CHECK(apply(Slot::O, room.attended, room.projected));
    BS_CHECK(addAndNorm(room.hidden.as<float>(), room.projected.as<float>(), weights.postNorm,
                        c.normEpsilon, n, c.width, room.normed.as<float>(), m_stream));
    BS_CHECK(apply(Slot::Gate, room.normed, room.gate));
    BS_CHECK(apply(Slot::Up, room.normed, room.up));
    BS_CHECK(swiglu(room.gate.as<float>(), room.up.as<float>(), n * c.mlpWidth, m_stream));
    return apply(Slot::Down, room.gate, room.projected);
}

/// Queues the layers for a batch that is set; what the last one adds stays in `projected`.
Result<void> DeviceEngine::runLayers(Activations& room, std::size_t sequences, std::size_t each,
                                     std::size_t mostLength)
{
    BS_CHECK(m_weights->embed(room.ids(), sequences * each, room.hidden.as<float>()));
    for (std::size_t layer = 0; layer < m_weights->layers().size(); ++layer)
        BS_CHECK(runLayer(room, layer, sequences, each, mostLength));
    return {};
}

/// Queues logits of rows of the batch, to the host.
Result<void> DeviceEngine::makeLogits(Activations& room, std::size_t firstRow, std::size_t rows)
{
    const std::size_t at = firstRow * config().width;
    BS_CHECK(addAndNorm(room.hidden.as<float>() + at, room.projected.as<float>() + at,
                        m_weights->finalNorm(), config().normEpsilon, rows, config().width,
                        room.normed.as<float>(), m_stream));
    BS_CHECK(m_products.multiply(m_weights->head(), room.normed.as<float>(), rows,
                                 room.logits.as<float>()));
    return copyToHost(room.hostLogits(), room.logits.as<void>(),
                      rows * config().vocabulary * sizeof(float), m_stream);
}

/// Logits of rows firstRow .. firstRow + rows - 1 of the batch to the sink, which has seen
/// `emitted` rows.
Result<void> DeviceEngine::emitLogits(std::size_t firstRow, std::size_t rows, std::size_t emitted,
                                      const LogitsSink& sink, const JobContext& context)
{
    for (std::size_t done = 0; done < rows; done += kLogitRows) {
        BS_CHECK(context.checkStop());
        const std::size_t n = std::min(kLogitRows, rows - done);
        BS_CHECK(makeLogits(m_batch, firstRow + done, n));
        BS_CHECK(m_stream.wait());
        BS_CHECK(sink(emitted + done, n, {m_batch.hostLogits(), n * config().vocabulary}));
    }
    return {};
}

/// Records a token's whole way. The batch itself is sent apart from it.
Result<void> DeviceEngine::recordStep(const DeviceKvCache& cache)
{
    m_step = {};
    const std::size_t capacity = cache.capacity();
    BS_TRY(m_step.graph, Graph::record(m_stream, [this, capacity]() -> Result<void> {
               BS_CHECK(runLayers(m_one, 1, 1, capacity));
               return makeLogits(m_one, 0, 1);
           }));
    m_step.revision = m_weights->revision();
    m_step.capacity = capacity;
    return {};
}

Result<void> DeviceEngine::step(std::int32_t token, DeviceKvCache& cache, bool wanted,
                                const LogitsSink& sink)
{
    if (!m_step.graph || m_step.revision != m_weights->revision() ||
        m_step.capacity != cache.capacity())
        BS_CHECK(recordStep(cache));
    const DeviceSequence sequence = cache.sequence();
    BS_CHECK(m_one.setBatch({&token, 1}, {&sequence, 1}, m_stream));
    BS_CHECK(m_step.graph.launch(m_stream));
    BS_CHECK(m_stream.wait());
    cache.advance(1);
    return wanted ? sink(0, 1, {m_one.hostLogits(), config().vocabulary}) : Result<void>();
}

Result<void> DeviceEngine::forwardInPieces(std::span<const std::int32_t> tokens, KvCache& cache,
                                           std::size_t wanted, const LogitsSink& sink,
                                           const JobContext& context)
{
    auto& onDevice = static_cast<DeviceKvCache&>(cache);
    BS_CHECK(checkTokens(tokens));
    if (tokens.size() > cache.capacity() - cache.length())
        return Error{ErrorCode::Usage,
                     std::to_string(tokens.size()) +
                         " tokens do not fit the context: " + std::to_string(cache.length()) +
                         " of " + std::to_string(cache.capacity()) + " positions are in use"};
    BS_ASSERT(wanted <= tokens.size());
    BS_CHECK(context.checkStop());
    if (tokens.size() == 1) return step(tokens[0], onDevice, wanted == 1, sink);
    const std::size_t length = cache.length();
    const std::size_t firstWanted = tokens.size() - wanted;
    const auto run = [&](std::size_t begin, std::size_t n) -> Result<void> {
        BS_CHECK(context.checkStop());
        const DeviceSequence sequence = onDevice.sequence();
        BS_CHECK(m_batch.setBatch(tokens.subspan(begin, n), {&sequence, 1}, m_stream));
        BS_CHECK(runLayers(m_batch, 1, n, cache.length() + n));
        onDevice.advance(n);
        const std::size_t first = std::max(begin, firstWanted);
        if (first < begin + n)
            BS_CHECK(
                emitLogits(first - begin, begin + n - first, first - firstWanted, sink, context));
        return m_stream.wait(); // the batch's memory is written anew by the next one
    };
    if (tokens.empty()) return {};
    BS_CHECK(reserve(std::min(kBatchTokens, tokens.size()), 1));
    for (std::size_t begin = 0; begin < tokens.size(); begin += kBatchTokens)
        if (auto ran = run(begin, std::min(kBatchTokens, tokens.size() - begin)); !ran) {
            cache.truncate(length); // as if it had not been called
            return ran;
        }
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
    BS_CHECK(reserve(tokens.size(), sequences.size()));
    BS_CHECK(m_batch.setBatch(tokens, sequences, m_stream));
    BS_CHECK(runLayers(m_batch, sequences.size(), 1, mostLength));
    const std::size_t vocabulary = config().vocabulary;
    logits.resize(tokens.size() * vocabulary);
    BS_CHECK(emitLogits(
        0, tokens.size(), 0,
        [&](std::size_t firstRow, std::size_t, std::span<float> rows) -> Result<void> {
            std::copy(rows.begin(), rows.end(),
                      logits.begin() + static_cast<std::ptrdiff_t>(firstRow * vocabulary));
            return {};
        },
        context));
    for (KvCache* cache : caches)
        static_cast<DeviceKvCache*>(cache)->advance(1);
    return {};
}

} // namespace

Result<std::unique_ptr<Engine>> loadDeviceEngine(std::shared_ptr<const ModelSource> source,
                                                 int device, int threads, const Plan* plan,
                                                 const JobContext& context)
{
    BS_TRY(std::unique_ptr<Engine> engine,
           DeviceEngine::create(std::move(source), device, threads, plan, context));
    return engine;
}

} // namespace bs::gpu
