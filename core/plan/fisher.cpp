#include "core/plan/fisher.h"

#include <Eigen/Core>
#include <algorithm>

namespace bs {

namespace {

/// Rows that run together, if samples are not longer: large enough that products are at full speed.
constexpr std::size_t kBatchRows = 1024;

bool allFinite(const std::vector<float>& values)
{
    return Eigen::Map<const Eigen::ArrayXf>(values.data(), static_cast<Eigen::Index>(values.size()))
        .allFinite();
}

Error notFinite(const std::string& path, const std::string& what, std::size_t layer)
{
    return Error{ErrorCode::Numeric, path + ": " + what + " layer " + std::to_string(layer) +
                                         " are not all finite on the calibration text"};
}

} // namespace

FisherPass::FisherPass(const ModelSource& source, const FisherOptions& options, ThreadPool& pool)
    : m_config(source.config)
    , m_path(source.path)
    , m_pool(&pool)
    , m_device(options.device)
    , m_plain(options.plain)
    , m_rope(source.config)
    , m_scratch(std::make_unique<BackwardScratch>())
{
}

Result<FisherPass> FisherPass::create(const ModelSource& source,
                                      std::span<const std::int32_t> tokens,
                                      const FisherOptions& options, ThreadPool& pool,
                                      const JobContext& context)
{
    if (source.container) return Error{ErrorCode::Usage, source.path + ": is compressed already"};
    FisherPass pass(source, options, pool);
    BS_CHECK(pass.takeSamples(tokens, options));
    BS_TRY(pass.m_scratchFile, ScratchFile::create(options.scratchFolder));
    BS_TRY(std::vector<float> hidden, pass.embed(source));
    BS_CHECK(pass.forward(source, hidden, context));
    BS_CHECK(pass.backFromLoss(source, hidden, options, context));
    return pass;
}

Result<void> FisherPass::takeSamples(std::span<const std::int32_t> tokens,
                                     const FisherOptions& options)
{
    if (tokens.empty()) return Error{ErrorCode::Usage, "the calibration text is empty"};
    if (options.sampleLength == 0)
        return Error{ErrorCode::Usage, "calibration samples of 0 tokens are asked for"};
    if (tokens.size() == 1 && options.labels == Labels::Text)
        return Error{ErrorCode::Usage,
                     "the calibration text has 1 token; its loss needs a token that follows one"};
    for (const auto sample : calibrationSamples(tokens, options.sampleLength)) {
        m_lengths.push_back(sample.size());
        m_tokens.insert(m_tokens.end(), sample.begin(), sample.end());
    }
    for (const std::int32_t token : m_tokens)
        if (token < 0 || static_cast<std::uint32_t>(token) >= m_config.vocabulary)
            return Error{ErrorCode::Usage, "calibration token " + std::to_string(token) +
                                               " is outside the vocabulary of " +
                                               std::to_string(m_config.vocabulary)};
    m_rope.reserve(m_lengths.front()); // all are of this length
    return {};
}

Result<std::vector<float>> FisherPass::embed(const ModelSource& source) const
{
    BS_TRY(const std::vector<float> embedding,
           readFiniteTensor(source, "model.embed_tokens.weight"));
    const std::size_t width = m_config.width;
    std::vector<float> hidden(m_tokens.size() * width);
    for (std::size_t t = 0; t < m_tokens.size(); ++t)
        std::copy_n(embedding.data() + static_cast<std::size_t>(m_tokens[t]) * width, width,
                    hidden.data() + t * width);
    return hidden;
}

std::vector<FisherPass::Batch> FisherPass::batches() const
{
    std::vector<Batch> batches;
    std::size_t row = 0;
    for (std::size_t first = 0; first < m_lengths.size();) {
        std::size_t rows = m_lengths[first];
        std::size_t last = first + 1;
        while (last < m_lengths.size() && rows + m_lengths[last] <= kBatchRows)
            rows += m_lengths[last++];
        batches.push_back({row, rows, std::span(m_lengths).subspan(first, last - first)});
        row += rows;
        first = last;
    }
    return batches;
}

Result<void> FisherPass::forward(const ModelSource& source, std::vector<float>& hidden,
                                 const JobContext& context)
{
    LayerScratch scratch;
    for (std::uint32_t layer = 0; layer < m_config.layers; ++layer) {
        BS_CHECK(context.checkStop());
        context.report(
            {"calibrating", static_cast<double>(layer), static_cast<double>(m_config.layers), -1,
             "layer " + std::to_string(layer + 1) + " of " + std::to_string(m_config.layers)});
        BS_TRY(const DenseLayer dense, readDenseLayer(source, layer));
        BS_TRY(HalfRows input, HalfRows::keep(hidden.data(), m_tokens.size(), m_config.width,
                                              *m_scratchFile, *m_pool));
        m_inputs.push_back(std::move(input));
        BS_TRY(const HeldLayer held, holdLayer(dense, m_device));
        BS_CHECK(forwardLayer(held.weights, hidden, scratch));
        if (!allFinite(hidden)) return notFinite(m_path, "hidden states behind", layer);
    }
    return {};
}

Result<void> FisherPass::forwardLayer(const LayerWeights& weights, std::vector<float>& hidden,
                                      LayerScratch& scratch) const
{
    const std::size_t length = m_lengths.front(); // of every sample
    const std::size_t cacheFloats = length * m_config.kvWidth();
    std::vector<float> caches;
    for (const Batch& batch : batches()) {
        caches.resize(std::max(caches.size(), batch.lengths.size() * 2 * cacheFloats));
        std::vector<SequenceRows> sequences;
        for (std::size_t i = 0; i < batch.lengths.size(); ++i) {
            float* keys = caches.data() + i * 2 * cacheFloats;
            sequences.push_back({{keys, keys + cacheFloats, length}, 0, length});
        }
        BS_CHECK(layerForward(m_config, weights, m_rope, sequences,
                              hidden.data() + batch.firstRow * m_config.width, batch.rows, scratch,
                              *m_pool, nullptr));
    }
    return {};
}

Result<void> FisherPass::backFromLoss(const ModelSource& source, const std::vector<float>& hidden,
                                      const FisherOptions& options, const JobContext& context)
{
    BS_TRY(const std::vector<float> norm, readFiniteTensor(source, "model.norm.weight"));
    BS_TRY(const std::vector<float> head,
           readFiniteTensor(source, m_config.tiedEmbeddings ? "model.embed_tokens.weight"
                                                            : "lm_head.weight"));
    const HeadPass pass{m_config,          norm,    head, options.labels, options.seed,
                        options.curvature, m_device};
    auto gradients = pass.run(hidden, m_tokens, *m_pool, context);
    if (!gradients) return std::move(gradients).error().in(m_path);
    m_head = std::move(gradients.value().moments);
    m_grad = std::move(gradients.value().grad);
    m_meanLoss = gradients.value().meanLoss;
    return {};
}

Result<void> FisherPass::checkLayer(std::uint32_t index, const DenseLayer& weights) const
{
    if (m_inputs.empty())
        return Error{ErrorCode::Usage, "layer " + std::to_string(index) +
                                           " is asked for, but the pass is behind layer 0 already"};
    if (index + 1 != m_inputs.size())
        return Error{ErrorCode::Usage, "layer " + std::to_string(index) +
                                           " is asked for, but it is layer " +
                                           std::to_string(m_inputs.size() - 1) +
                                           "'s turn: gradients go from the last to the first"};
    const std::size_t width = m_config.width;
    const std::size_t kv = m_config.kvWidth();
    const std::size_t mlp = m_config.mlpWidth;
    const std::array<std::array<std::size_t, 2>, kSlots> shapes{{{m_config.qWidth(), width},
                                                                 {kv, width},
                                                                 {kv, width},
                                                                 {width, m_config.qWidth()},
                                                                 {mlp, width},
                                                                 {mlp, width},
                                                                 {width, mlp}}};
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
        const Linear& linear = weights.weights.linears.at(slot);
        if (linear.rows != shapes.at(slot)[0] || linear.cols != shapes.at(slot)[1] ||
            weights.values.at(slot).size() != linear.rows * linear.cols)
            return Error{ErrorCode::Shape,
                         linearNames(index)[slot] + " is " + std::to_string(linear.rows) + " x " +
                             std::to_string(linear.cols) + ", the config asks for " +
                             std::to_string(shapes.at(slot)[0]) + " x " +
                             std::to_string(shapes.at(slot)[1])};
    }
    for (const LayerVector& vector : layerVectors(m_config, index))
        if ((weights.weights.*vector.member).size() != vector.size)
            return Error{ErrorCode::Shape,
                         vector.name + " has " +
                             std::to_string((weights.weights.*vector.member).size()) +
                             " values, the config asks for " + std::to_string(vector.size)};
    return {};
}

Result<std::array<LinearMoments, kSlots>>
FisherPass::layer(std::uint32_t index, const DenseLayer& weights, const JobContext& context)
{
    BS_CHECK(checkLayer(index, weights));
    BS_TRY(const HeldLayer held, holdLayer(weights, m_device));
    LayerMoments moments(*m_pool, m_plain, m_device);
    std::vector<float> hidden;
    for (const Batch& batch : batches()) {
        BS_CHECK(context.checkStop());
        hidden.resize(batch.rows * m_config.width);
        BS_CHECK(m_inputs.back().read(*m_scratchFile, batch.firstRow, batch.rows, hidden.data(), *m_pool));
        BS_CHECK(layerBackward(m_config, held.weights, m_rope, batch.lengths, hidden.data(),
                               m_grad.data() + batch.firstRow * m_config.width, *m_scratch, *m_pool,
                               &moments));
    }
    if (!allFinite(m_grad)) return notFinite(m_path, "gradients at the input of", index);
    m_inputs.pop_back();
    if (m_inputs.empty()) m_scratchFile.reset();
    if (m_inputs.empty()) m_scratch = std::make_unique<BackwardScratch>();
    return moments.finish(m_tokens.size());
}

Result<EmbeddingMoments> FisherPass::embedding() const
{
    if (!m_inputs.empty())
        return Error{ErrorCode::Usage, "the embedding's moments are asked for before layers 0 to " +
                                           std::to_string(m_inputs.size() - 1) + " are done"};
    const std::size_t width = m_config.width;
    EmbeddingMoments moments;
    BS_TRY(GramSum gradient, GramSum::create(width, m_device));
    for (const Batch& batch : batches())
        BS_CHECK(gradient.add(m_grad.data() + batch.firstRow * width, batch.rows, *m_pool));
    BS_TRY(moments.gradient, gradient.finish(m_tokens.size()));
    moments.counts.resize(m_config.vocabulary);
    for (const std::int32_t token : m_tokens)
        ++moments.counts[static_cast<std::size_t>(token)];
    return moments;
}

} // namespace bs
