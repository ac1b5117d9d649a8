#include "core/jobs/encode_layers.h"

#include "core/codecs/bitstack/encoder.h"
#include "core/codecs/bitstack/product.h"
#include "core/codecs/bitstack/refined_encoder.h"
#include "core/infer/compress_device.h"
#include "core/plan/calibration.h"
#include "core/plan/fold.h"

#include <algorithm>
#include <chrono>
#include <mutex>

namespace bs {

namespace {

/// Linears by size, largest first, so that two threads end a layer at about the same time.
constexpr std::array<Slot, kSlots> kBySize{Slot::Gate, Slot::Up, Slot::Down, Slot::Q, Slot::O, Slot::K, Slot::V};

/// loss[i] = sum over j of meanSquare[j] * (column j of what the first i blocks leave of W)^2: the expected
/// square of the output error for inputs with uncorrelated channels.
std::vector<double> expectedErrors(std::vector<float> W, const bitstack::Shape& shape,
                                   const std::vector<bitstack::Block>& blocks, const std::vector<float>& meanSquare)
{
    std::vector<double> loss;
    std::vector<float> part(W.size());
    for (std::size_t i = 0;; ++i) {
        double error = 0;
        for (std::size_t row = 0; row < shape.rows; ++row)
            for (std::size_t j = 0; j < shape.cols; ++j) {
                const auto r = static_cast<double>(W[row * shape.cols + j]);
                error += r * r * static_cast<double>(meanSquare[j]);
            }
        loss.push_back(error);
        if (i == blocks.size())
            return loss;
        const bitstack::BlockView view = blocks[i].view();
        bitstack::decodeRows(shape, std::span(&view, 1), 0, shape.rows, part.data());
        for (std::size_t k = 0; k < W.size(); ++k)
            W[k] -= part[k];
    }
}

/// Second moments [cols, cols] of an input whose channels were divided by `scale`.
std::vector<float> foldedMoments(std::vector<float> moments, const std::vector<float>& scale)
{
    for (std::size_t i = 0; i < scale.size(); ++i)
        for (std::size_t j = 0; j < scale.size(); ++j)
            moments[i * scale.size() + j] /= scale[i] * scale[j];
    return moments;
}

/// What is known of the input of a folded linear.
struct InputPower
{
    const std::vector<float>& meanSquare;
    const std::vector<float>& moments; ///< before folding; empty unless the refined encoder runs
    const std::vector<float>& scale;
};

class LayerEncoder
{
public:
    LayerEncoder(const CompressRequest& request, std::shared_ptr<const ModelSource> source, const WorkFolder& work,
                 CompressDevice* device, const JobContext& context)
        : m_request(request)
        , m_source(std::move(source))
        , m_work(work)
        , m_device(device)
        , m_context(context)
        , m_pool(request.engine.threads)
    {
    }

    Result<void> run(const std::vector<std::int32_t>& tokens);

private:
    bool layerDone(std::uint32_t layer) const;
    Result<void> encodeLayer(std::uint32_t layer, DenseLayer dense, const LayerStats& stats);
    Result<void> encodeMatrix(const std::string& name, const Linear& linear, const std::vector<float>& W,
                              const InputPower& input);
    void report(std::uint32_t layer, double within);

    const CompressRequest& m_request;
    std::shared_ptr<const ModelSource> m_source;
    const WorkFolder& m_work;
    CompressDevice* m_device; ///< or nullptr
    const JobContext& m_context;
    ThreadPool m_pool;
    std::mutex m_reportMutex;
    double m_weightsDone = 0; ///< of the layer that is being encoded
    std::uint32_t m_firstLayer = 0;
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

bool LayerEncoder::layerDone(std::uint32_t layer) const
{
    for (const LayerVector& vector : layerVectors(m_source->config, layer))
        if (!m_work.hasNorm(vector.name))
            return false;
    const auto names = linearNames(layer);
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) { return m_work.hasMatrix(name); });
}

void LayerEncoder::report(std::uint32_t layer, double within)
{
    const std::lock_guard lock(m_reportMutex);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    const double total = m_source->config.layers;
    const double done = layer + within;
    const double fresh = done - m_firstLayer; // what an earlier run finished took no time in this one
    m_context.report({"compressing", done, total, fresh > 0 ? seconds / fresh * (total - done) : -1,
                      "layer " + std::to_string(std::min<std::uint32_t>(layer + 1, m_source->config.layers)) + " of " +
                          std::to_string(m_source->config.layers)});
}

Result<void> LayerEncoder::run(const std::vector<std::int32_t>& tokens)
{
    const std::uint32_t layers = m_source->config.layers;
    std::uint32_t unfinished = layers;
    while (unfinished > 0 && layerDone(unfinished - 1))
        --unfinished;
    if (unfinished == 0) // everything was there already
        return {};
    while (m_firstLayer < layers && layerDone(m_firstLayer))
        ++m_firstLayer;
    BS_TRY(Calibrator calibrator, Calibrator::create(*m_source, tokens));
    m_start = std::chrono::steady_clock::now();
    for (std::uint32_t layer = 0; layer < unfinished; ++layer) {
        BS_TRY(DenseLayer dense, readDenseLayer(*m_source, layer));
        const bool done = layerDone(layer);
        const Capture capture = m_request.refined && !done ? Capture::SecondMoments : Capture::Channels;
        BS_TRY(const LayerStats stats, calibrator.runLayer(dense, m_pool, m_context, capture, m_device));
        if (done)
            continue;
        BS_CHECK(encodeLayer(layer, std::move(dense), stats));
        report(layer + 1, 0);
    }
    return {};
}

Result<void> LayerEncoder::encodeLayer(std::uint32_t layer, DenseLayer dense, const LayerStats& stats)
{
    const GroupedOutput grouped = m_request.publishedScales ? GroupedOutput::Published : GroupedOutput::Shared;
    const auto scales = columnScales(m_source->config, stats, grouped);
    const auto meanSquares = foldScales(dense, m_source->config, stats, grouped);
    for (const LayerVector& vector : layerVectors(m_source->config, layer))
        BS_CHECK(m_work.saveNorm(vector.name, dense.weights.*vector.member));
    const auto names = linearNames(layer);
    double layerWeights = 0;
    for (const auto& values : dense.values)
        layerWeights += static_cast<double>(values.size());
    m_weightsDone = 0;
    std::array<Result<void>, kSlots> results;
    m_pool.parallelFor(kSlots, [&](std::size_t i) {
        const auto slot = static_cast<std::size_t>(kBySize[i]);
        if (m_work.hasMatrix(names[slot]))
            return;
        const InputPower input{meanSquares[slot], stats.of(kBySize[i]).moments, scales[slot]};
        results[slot] = encodeMatrix(names[slot], dense.weights.linears[slot], dense.values[slot], input);
        {
            const std::lock_guard lock(m_reportMutex);
            m_weightsDone += static_cast<double>(dense.values[slot].size());
        }
        report(layer, std::min(0.999, m_weightsDone / layerWeights));
    });
    for (auto& result : results)
        BS_CHECK(std::move(result));
    return {};
}

Result<void> LayerEncoder::encodeMatrix(const std::string& name, const Linear& linear, const std::vector<float>& W,
                                       const InputPower& input)
{
    bitstack::EncodeOptions options;
    options.k = m_request.rank;
    options.blocks = m_request.blocks;
    options.device = m_device;
    WorkFolder::Matrix matrix;
    matrix.shape = {linear.rows, linear.cols, m_request.rank};
    if (m_request.refined) {
        auto encoded = bitstack::encodeRefined(W, linear.rows, linear.cols, foldedMoments(input.moments, input.scale),
                                               options, {}, m_context);
        if (!encoded)
            return std::move(encoded).error().in(name);
        matrix.loss = std::move(encoded.value().outputError);
        return m_work.saveMatrix(name, matrix, encoded.value().blocks);
    }
    auto encoded = bitstack::encode(W, linear.rows, linear.cols, options, m_context);
    if (!encoded)
        return std::move(encoded).error().in(name);
    matrix.loss = expectedErrors(W, matrix.shape, encoded.value().blocks, input.meanSquare);
    return m_work.saveMatrix(name, matrix, encoded.value().blocks);
}

} // namespace

Result<void> encodeLayers(const CompressRequest& request, std::shared_ptr<const ModelSource> source,
                          const WorkFolder& work, const std::vector<std::int32_t>& calibrationTokens,
                          CompressDevice* device, const JobContext& context)
{
    return LayerEncoder(request, std::move(source), work, device, context).run(calibrationTokens);
}

} // namespace bs
