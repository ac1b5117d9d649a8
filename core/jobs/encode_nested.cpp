#include "core/jobs/encode_nested.h"

#include "core/codecs/nested/encoder.h"
#include "core/infer/compress_device.h"
#include "core/jobs/calibration_text.h"
#include "core/model/open.h"
#include "core/plan/nested_loss.h"
#include "core/plan/price_ladder.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>

namespace bs {

namespace {

/// Tokens whose gradient is taken: more cost 4 ms each on the demo model and gain little (core/plan/README.md).
constexpr std::size_t kGradientTokens = 16384;
/// Tokens from which the prices are set.
constexpr std::size_t kPriceTokens = 1024;
/// Weights of a slab: its first block, of some two bits a weight, is below a mebibyte; in a large model below 1 % of the file.
constexpr std::uint64_t kSlabWeights = 3'600'000;
constexpr std::uint64_t kSlabShare = 25;
/// Every tile of embedding and head has a plane in the smallest plan: a token without any would have a logit of 0, far above the usual.
constexpr unsigned kLeastTokenBits = 1;

/// Linears by size, largest first, so that two threads end a layer at about the same time.
constexpr std::array<Slot, kSlots> kBySize{Slot::Down, Slot::Gate, Slot::Up, Slot::Q, Slot::O, Slot::K, Slot::V};

std::uint64_t slabRows(const ModelSource& source, std::uint64_t rows, std::uint64_t cols)
{
    const std::uint64_t most = std::max(kSlabWeights, source.parameters / kSlabShare);
    const std::uint64_t byWeights = (rows * cols + most - 1) / most;
    const std::uint64_t slabs = std::max(byWeights, (rows + nested::kMostRows - 1) / nested::kMostRows);
    return ((rows + slabs - 1) / slabs + nested::kTileRows - 1) / nested::kTileRows * nested::kTileRows;
}

class NestedEncoder
{
public:
    NestedEncoder(const CompressRequest& request, std::shared_ptr<const ModelSource> source, const WorkFolder& work, CompressDevice* device,
                  const JobContext& context)
        : m_source(std::move(source)), m_work(work), m_device(device), m_context(context), m_pool(request.engine.threads)
    {
    }

    Result<void> run(std::span<const std::int32_t> tokens);

private:
    bool done(const std::vector<NestedName>& names) const;
    Result<FisherPass> startPass(std::span<const std::int32_t> tokens);
    Result<void> setPrices(std::span<const std::int32_t> tokens);
    Result<void> encodeLayer(std::uint32_t layer, const DenseLayer& dense, std::array<LinearMoments, kSlots> moments);
    Result<void> encodeWhole(const std::string& name, const OwnedLoss& loss);
    Result<void> encodeMatrix(const std::string& name, std::span<const float> W, std::size_t rows, std::size_t cols,
                              nested::LossModel loss, unsigned leastBits, ThreadPool& pool);
    void report(double layers);

    std::shared_ptr<const ModelSource> m_source;
    const WorkFolder& m_work;
    CompressDevice* m_device; ///< or nullptr
    const JobContext& m_context;
    ThreadPool m_pool;
    std::vector<double> m_prices;
    std::mutex m_reportMutex;
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

bool NestedEncoder::done(const std::vector<NestedName>& names) const
{
    return std::all_of(names.begin(), names.end(), [&](const NestedName& n) { return m_work.hasMatrix(n.name); });
}

void NestedEncoder::report(double layers)
{
    const std::lock_guard lock(m_reportMutex);
    const double total = m_source->config.layers + 1;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    m_context.report({"compressing", layers, total, layers > 0 ? seconds / layers * (total - layers) : -1,
                      layers + 1 < total ? "layer " + std::to_string(static_cast<int>(total - 1 - layers)) + ", from the last to the first"
                                         : "embedding"});
}

Result<FisherPass> NestedEncoder::startPass(std::span<const std::int32_t> tokens)
{
    FisherOptions options;
    options.scratchFolder = m_work.file("");
    options.curvature = HeadCurvature::Expected;
    options.device = m_device;
    return FisherPass::create(*m_source, tokens, options, m_pool, m_context);
}

/// A short pass over all layers for the size of the losses, unless an earlier run has made it.
Result<void> NestedEncoder::setPrices(std::span<const std::int32_t> tokens)
{
    m_prices = m_work.loadPrices();
    if (!m_prices.empty())
        return {};
    BS_TRY(FisherPass pass, startPass(tokens.first(std::min(tokens.size(), kPriceTokens))));
    EnergyMean energy;
    for (std::uint32_t layer = m_source->config.layers; layer-- > 0;) {
        BS_TRY(const DenseLayer dense, readDenseLayer(*m_source, layer));
        BS_TRY(auto moments, pass.layer(layer, dense, m_context));
        for (std::size_t slot = 0; slot < kSlots; ++slot) {
            const OwnedLoss loss = linearLoss(std::move(moments[slot]));
            energy.add(meanEnergy(dense.values[slot], loss.moments, loss.rowWeight), dense.values[slot].size());
        }
    }
    m_prices = priceLadder(energy.value());
    return m_work.savePrices(m_prices);
}

Result<void> NestedEncoder::encodeMatrix(const std::string& name, std::span<const float> W, std::size_t rows, std::size_t cols,
                                         nested::LossModel loss, unsigned leastBits, ThreadPool& pool)
{
    if (m_work.hasMatrix(name))
        return {};
    nested::EncodeOptions options;
    options.prices = m_prices;
    options.leastTilePlanes = leastBits;
    options.device = m_device;
    auto encoded = nested::encode(W, rows, cols, std::move(loss), options, pool, m_context);
    if (!encoded)
        return std::move(encoded).error().in(name);
    return m_work.saveNested(name, encoded.value());
}

Result<void> NestedEncoder::encodeLayer(std::uint32_t layer, const DenseLayer& dense, std::array<LinearMoments, kSlots> moments)
{
    const auto names = linearNames(layer);
    std::array<Result<void>, kSlots> results;
    std::optional<ThreadPool> forCard; // which is kept busy by all at once; here a thread is a core
    if (m_device != nullptr)
        forCard.emplace(static_cast<int>(kSlots));
    (forCard ? *forCard : m_pool).parallelFor(kSlots, [&](std::size_t i) {
        const auto slot = static_cast<std::size_t>(kBySize[i]);
        OwnedLoss loss = linearLoss(std::move(moments[slot]));
        ThreadPool one(1);
        results[slot] = encodeMatrix(names[slot], dense.values[slot], dense.weights.linears[slot].rows, dense.weights.linears[slot].cols,
                                     {std::move(loss.moments), loss.rowWeight}, 0, one);
    });
    for (auto& result : results)
        BS_CHECK(std::move(result));
    return {};
}

/// Embedding or head, slab by slab.
Result<void> NestedEncoder::encodeWhole(const std::string& name, const OwnedLoss& loss)
{
    BS_TRY(const std::vector<float> W, readFiniteTensor(*m_source, name + ".weight"));
    const std::size_t rows = loss.rowWeight.size();
    const std::size_t cols = W.size() / rows;
    const std::size_t each = slabRows(*m_source, rows, cols);
    for (std::size_t first = 0; first < rows; first += each) {
        const std::size_t count = std::min(each, rows - first);
        BS_CHECK(encodeMatrix(slabText({name, first}), std::span(W).subspan(first * cols, count * cols), count, cols,
                              {loss.moments, std::span(loss.rowWeight).subspan(first, count)}, kLeastTokenBits, m_pool));
    }
    return {};
}

Result<void> NestedEncoder::run(std::span<const std::int32_t> tokens)
{
    if (done(nestedNames(*m_source)))
        return {};
    tokens = splitTokens(tokens).calibration;
    tokens = tokens.first(std::min(tokens.size(), kGradientTokens));
    BS_CHECK(setPrices(tokens));
    BS_TRY(FisherPass pass, startPass(tokens));
    m_start = std::chrono::steady_clock::now();
    const std::uint32_t layers = m_source->config.layers;
    for (std::uint32_t layer = layers; layer-- > 0;) {
        report(layers - 1 - layer);
        BS_TRY(const DenseLayer dense, readDenseLayer(*m_source, layer));
        BS_TRY(auto moments, pass.layer(layer, dense, m_context));
        BS_CHECK(encodeLayer(layer, dense, std::move(moments)));
    }
    report(layers);
    BS_TRY(const EmbeddingMoments embedding, pass.embedding());
    if (m_source->config.tiedEmbeddings)
        return encodeWhole("model.embed_tokens", tiedLoss(embedding, pass.head()));
    BS_CHECK(encodeWhole("model.embed_tokens", embeddingLoss(embedding, pass.head())));
    return encodeWhole("lm_head", headLoss(pass.head()));
}

} // namespace

std::vector<NestedName> nestedNames(const ModelSource& source)
{
    std::vector<NestedName> names;
    for (const ExpectedTensor& whole : expectedWhole(source.config)) {
        const std::string name = whole.name.substr(0, whole.name.size() - std::string_view(".weight").size());
        const std::uint64_t each = slabRows(source, whole.shape[0], whole.shape[1]);
        for (std::uint64_t first = 0; first < whole.shape[0]; first += each)
            names.push_back({slabText({name, first}), std::min(each, whole.shape[0] - first), whole.shape[1], false});
    }
    for (const ExpectedTensor& linear : expectedLinears(source.config)) {
        std::string name = linear.name;
        if (name.ends_with(".weight"))
            name.resize(name.size() - std::string_view(".weight").size());
        names.push_back({name, linear.shape[0], linear.shape[1], true});
    }
    return names;
}

Result<void> encodeNested(const CompressRequest& request, std::shared_ptr<const ModelSource> source, const WorkFolder& work,
                          const std::vector<std::int32_t>& calibrationTokens, CompressDevice* device, const JobContext& context)
{
    return NestedEncoder(request, std::move(source), work, device, context).run(calibrationTokens);
}

} // namespace bs
