#include "core/jobs/compress.h"

#include "core/base/sizes.h"
#include "core/codecs/bitstack/encoder.h"
#include "core/codecs/bitstack/product.h"
#include "core/formats/container.h"
#include "core/infer/engine.h"
#include "core/jobs/calibration_text.h"
#include "core/jobs/version.h"
#include "core/jobs/work_folder.h"
#include "core/plan/authors_order.h"
#include "core/plan/calibration.h"
#include "core/plan/fold.h"
#include "core/plan/order.h"
#include "core/tensor/float16.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <mutex>

namespace bs {

namespace {

constexpr std::size_t kTokensWithFile = 32768;
constexpr std::size_t kTokensWithout = 16384;

/// Linears by size, largest first, so that two threads end a layer at about the same time.
constexpr std::array<Slot, kSlots> kBySize{Slot::Gate, Slot::Up, Slot::Down, Slot::Q, Slot::O, Slot::K, Slot::V};

std::size_t calibrationTokens(const CompressRequest& request)
{
    if (request.calibrationTokens > 0)
        return request.calibrationTokens;
    return request.calibration.empty() ? kTokensWithout : kTokensWithFile;
}

Result<void> checkRequest(const CompressRequest& request, const ModelSource& source)
{
    if (request.codec != "bitstack")
        return Error{ErrorCode::Usage, "codec '" + request.codec + "' is unknown; this version has 'bitstack'"};
    if (request.blocks < 1 || request.blocks > 64)
        return Error{ErrorCode::Usage, std::to_string(request.blocks) + " blocks; from 1 to 64 are possible"};
    if (source.container)
        return Error{ErrorCode::Usage, source.path + ": is compressed already; give the model it was made from"};
    const ModelConfig& c = source.config;
    const std::uint32_t smallest = std::min({c.width, c.mlpWidth, c.qWidth(), c.kvWidth()});
    if (request.rank < 1 || request.rank > smallest)
        return Error{ErrorCode::Usage, "rank " + std::to_string(request.rank) + "; from 1 to " + std::to_string(smallest) +
                                           " is possible with the matrices of this model"};
    for (const std::uint32_t cols : {c.width, c.mlpWidth, c.qWidth()})
        if (cols % 8 != 0)
            return Error{ErrorCode::Unsupported, source.path + ": a linear layer has " + std::to_string(cols) +
                                                     " inputs; signs are packed by eight, so a multiple of 8 is needed"};
    return {};
}

std::string settingsText(const CompressRequest& request, const std::string& modelHash, const CalibrationText& text)
{
    return "model " + modelHash + "\ncodec " + request.codec + "\nrank " + std::to_string(request.rank) + "\nblocks " +
           std::to_string(request.blocks) + "\ncalibration " + text.origin + ", " + std::to_string(text.tokens.size()) +
           " tokens\nscales " + (request.publishedScales ? "published" : "shared") + "\nversion " + programVersion() + "\n";
}

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

/// One compression from opened model to written file.
class Compression
{
public:
    Compression(const CompressRequest& request, std::shared_ptr<const ModelSource> source, WorkFolder work,
                const JobContext& context)
        : m_request(request)
        , m_source(std::move(source))
        , m_work(std::move(work))
        , m_context(context)
        , m_pool(request.threads)
    {
    }

    Result<void> encodeLayers(const std::vector<std::int32_t>& tokens);
    Result<std::uint64_t> write(const CalibrationText& text, const std::string& modelHash);

private:
    bool layerDone(std::uint32_t layer) const;
    Result<void> encodeLayer(std::uint32_t layer, DenseLayer dense, const LayerStats& stats);
    Result<void> encodeMatrix(const std::string& name, const Linear& linear, const std::vector<float>& W,
                              const std::vector<float>& meanSquare);
    void report(std::uint32_t layer, double within);
    Result<ContainerContent> content(const CalibrationText& text, const std::string& modelHash) const;
    Result<void> addLinear(ContainerContent& content, std::vector<RateDistortion>& curves, const std::string& name) const;
    Result<void> addWhole(ContainerContent& content, std::vector<RateDistortion>& curves, const std::string& name) const;
    Result<void> addNorms(ContainerContent& content) const;
    Result<std::vector<StackBlock>> authorsOrder(const ContainerContent& content, const CalibrationText& text) const;

    const CompressRequest& m_request;
    std::shared_ptr<const ModelSource> m_source;
    WorkFolder m_work;
    const JobContext& m_context;
    ThreadPool m_pool;
    std::mutex m_reportMutex;
    double m_weightsDone = 0; ///< of the layer that is being encoded
    std::uint32_t m_firstLayer = 0;
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

std::vector<std::string> normNames(std::uint32_t layer)
{
    const std::string prefix = "model.layers." + std::to_string(layer) + ".";
    return {prefix + "input_layernorm.weight", prefix + "post_attention_layernorm.weight"};
}

bool Compression::layerDone(std::uint32_t layer) const
{
    for (const std::string& name : normNames(layer))
        if (!m_work.hasNorm(name))
            return false;
    const auto names = linearNames(layer);
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) { return m_work.hasMatrix(name); });
}

void Compression::report(std::uint32_t layer, double within)
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

Result<void> Compression::encodeLayers(const std::vector<std::int32_t>& tokens)
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
        BS_TRY(const LayerStats stats, calibrator.runLayer(dense, m_pool, m_context));
        if (layerDone(layer))
            continue;
        BS_CHECK(encodeLayer(layer, std::move(dense), stats));
        report(layer + 1, 0);
    }
    return {};
}

Result<void> Compression::encodeLayer(std::uint32_t layer, DenseLayer dense, const LayerStats& stats)
{
    const auto meanSquares = foldScales(dense, m_source->config, stats,
                                        m_request.publishedScales ? GroupedOutput::Published : GroupedOutput::Shared);
    const auto norms = normNames(layer);
    BS_CHECK(m_work.saveNorm(norms[0], dense.weights.inputNorm));
    BS_CHECK(m_work.saveNorm(norms[1], dense.weights.postNorm));
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
        results[slot] = encodeMatrix(names[slot], dense.weights.linears[slot], dense.values[slot], meanSquares[slot]);
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

Result<void> Compression::encodeMatrix(const std::string& name, const Linear& linear, const std::vector<float>& W,
                                       const std::vector<float>& meanSquare)
{
    bitstack::EncodeOptions options;
    options.k = m_request.rank;
    options.blocks = m_request.blocks;
    auto encoded = bitstack::encode(W, linear.rows, linear.cols, options, m_context);
    if (!encoded)
        return std::move(encoded).error().in(name);
    WorkFolder::Matrix matrix;
    matrix.shape = {linear.rows, linear.cols, m_request.rank};
    matrix.loss = expectedErrors(W, matrix.shape, encoded.value().blocks, meanSquare);
    return m_work.saveMatrix(name, matrix, encoded.value().blocks);
}

Result<void> Compression::addLinear(ContainerContent& content, std::vector<RateDistortion>& curves,
                                    const std::string& name) const
{
    BS_TRY(const WorkFolder::Matrix matrix, m_work.loadMatrix(name));
    StackMatrix stackMatrix{name, matrix.shape.rows, matrix.shape.cols, true, {}};
    RateDistortion curve;
    std::vector<PendingBlock>& blocks = content.blocks.emplace_back();
    for (std::size_t i = 0; i < m_request.blocks; ++i) {
        BS_TRY(PendingBlock block, m_work.pendingBlock(name, stackMatrix, i));
        blocks.push_back(std::move(block));
        curve.bytes.push_back(matrix.shape.blockBytes());
    }
    // Relative to the matrix's own output: errors of layers whose outputs differ in size become comparable.
    for (const double loss : matrix.loss)
        curve.loss.push_back(loss / std::max(1e-30, matrix.loss.front()));
    curves.push_back(std::move(curve));
    content.matrices.push_back(std::move(stackMatrix));
    return {};
}

/// A whole tensor as f16, rows converted as they are read.
Result<std::vector<std::byte>> wholeAsHalf(const ModelSource& source, const std::string& name)
{
    BS_TRY(const std::vector<float> values, readFiniteTensor(source, name));
    std::vector<std::byte> bytes(values.size() * sizeof(std::uint16_t));
    auto* half = reinterpret_cast<std::uint16_t*>(bytes.data());
    for (std::size_t i = 0; i < values.size(); ++i)
        half[i] = floatToHalf(values[i]);
    return bytes;
}

Result<void> Compression::addWhole(ContainerContent& content, std::vector<RateDistortion>& curves,
                                   const std::string& name) const
{
    const auto& shape = m_source->tensors.at(name + ".weight").desc.shape;
    StackMatrix matrix{name, shape[0], shape[1], false, {}};
    PendingTensor tensor;
    tensor.desc = {blockPartNames("bitstack", matrix, 0).front(), DType::F16, shape, 0, shape[0] * shape[1] * 2};
    tensor.read = [source = m_source, name] { return wholeAsHalf(*source, name + ".weight"); };
    curves.push_back({{tensor.desc.bytes}, {0, 0}}); // always first, so its gain is never asked for
    PendingBlock block;
    block.parts.push_back(std::move(tensor));
    content.blocks.emplace_back().push_back(std::move(block));
    content.matrices.push_back(std::move(matrix));
    return {};
}

Result<void> Compression::addNorms(ContainerContent& content) const
{
    BS_TRY(const std::vector<float> finalNorm, readFiniteTensor(*m_source, "model.norm.weight"));
    BS_CHECK(m_work.saveNorm("model.norm.weight", finalNorm));
    std::vector<std::string> names{"model.norm.weight"};
    for (std::uint32_t layer = 0; layer < m_source->config.layers; ++layer)
        for (const std::string& name : normNames(layer))
            names.push_back(name);
    for (const std::string& name : names) {
        BS_TRY(PendingTensor tensor, m_work.pendingNorm(name));
        content.tensors.push_back(std::move(tensor));
    }
    return {};
}

Result<ContainerContent> Compression::content(const CalibrationText& text, const std::string& modelHash) const
{
    ContainerContent content;
    content.codec = m_request.codec;
    content.configText = huggingFaceConfigText(m_source->config);
    if (m_source->tokenizer)
        content.tokenizerText = toJson(*m_source->tokenizer);
    std::error_code ignored;
    content.provenance = {
        {"source_hash", modelHash},
        {"source_path", std::filesystem::absolute(m_source->path, ignored).string()},
        {"calibration", text.origin},
        {"calibration_tokens", std::to_string(text.tokens.size())},
        {"rank", std::to_string(m_request.rank)},
        {"blocks", std::to_string(m_request.blocks)},
        {"scales", m_request.publishedScales ? "published" : "shared"},
        {"order", m_request.authorsOrder ? "authors" : "ours"},
        {"program", std::string("bitstack ") + programVersion()},
    };
    BS_CHECK(addNorms(content));
    std::vector<RateDistortion> curves;
    std::vector<std::uint32_t> first{0};
    BS_CHECK(addWhole(content, curves, "model.embed_tokens"));
    if (!m_source->config.tiedEmbeddings) {
        BS_CHECK(addWhole(content, curves, "lm_head"));
        first.push_back(1);
    }
    for (std::uint32_t layer = 0; layer < m_source->config.layers; ++layer)
        for (const std::string& name : linearNames(layer))
            BS_CHECK(addLinear(content, curves, name));
    LoadingOrder order = orderByLoss(curves, first);
    content.order = std::move(order.order);
    content.smallestCount = order.smallestCount;
    for (std::size_t m = 0; m < content.blocks.size(); ++m)
        for (std::size_t i = 0; i < content.blocks[m].size(); ++i)
            content.blocks[m][i].gain = order.gain[m][i];
    return content;
}

/// The published sort needs a model that runs: the same blocks in our order are written first.
Result<std::vector<StackBlock>> Compression::authorsOrder(const ContainerContent& content, const CalibrationText& text) const
{
    const std::string path = m_work.file("unsorted.bitstack");
    BS_TRY([[maybe_unused]] const std::uint64_t bytes, writeContainer(path, content, true, {}));
    BS_TRY(ModelSource source, openModel(path));
    auto shared = std::make_shared<const ModelSource>(std::move(source));
    const Plan plan = uniformPlan(shared->container->stack, 1);
    BS_TRY(const std::unique_ptr<Engine> engine, loadCpuEngine(shared, m_request.threads, &plan, m_context));
    const std::size_t window = std::min({text.tokens.size(), std::size_t{2048}, std::size_t{m_source->config.contextLength}});
    BS_TRY(const SortTable table, measureSortTable(*engine, text.tokens, window, m_context));
    return orderByTable(shared->container->stack, table);
}

Result<std::uint64_t> Compression::write(const CalibrationText& text, const std::string& modelHash)
{
    BS_TRY(ContainerContent whole, content(text, modelHash));
    if (m_request.authorsOrder) {
        BS_TRY(whole.order, authorsOrder(whole, text));
    }
    auto onProgress = [&](double done) -> Result<void> {
        m_context.report({"writing", done, 1, -1, m_request.output});
        return m_context.checkStop();
    };
    BS_TRY(const std::uint64_t bytes, writeContainer(m_request.output, std::move(whole), m_request.force, onProgress));
    m_work.remove();
    return bytes;
}

Result<void> checkOutput(const CompressRequest& request)
{
    std::error_code ignored;
    if (!request.force && std::filesystem::exists(request.output, ignored))
        return Error{ErrorCode::Exists, request.output + ": exists already; --force overwrites it"};
    BS_TRY(const CompressForecast forecast, forecastCompress(request));
    if (forecast.freeDiskBytes < forecast.diskBytes)
        return Error{ErrorCode::Io, request.output + ": compressing needs " + formatSize(forecast.diskBytes) +
                                        " of disk, only " + formatSize(forecast.freeDiskBytes) + " are free"};
    return {};
}

} // namespace

Result<CompressResult> compress(const CompressRequest& request, const JobContext& context)
{
    const auto start = std::chrono::steady_clock::now();
    BS_TRY(ModelSource opened, openModel(request.model));
    BS_CHECK(checkRequest(request, opened));
    BS_CHECK(checkOutput(request));
    const auto source = std::make_shared<const ModelSource>(std::move(opened));
    BS_TRY(const std::string modelHash, bs::modelHash(*source));
    auto readText = [&] {
        return request.calibration.empty()
                   ? selfCalibrationText(source, modelHash, calibrationTokens(request), request.threads, context)
                   : readCalibrationText(*source, request.calibration, calibrationTokens(request));
    };
    BS_TRY(const CalibrationText text, readText());
    BS_TRY(WorkFolder work, WorkFolder::open(request.output + ".work", settingsText(request, modelHash, text), request.resume));
    Compression compression(request, source, std::move(work), context);
    BS_CHECK(compression.encodeLayers(text.tokens));
    CompressResult result;
    BS_TRY(result.fileBytes, compression.write(text, modelHash));
    result.matrices = source->config.layers * kSlots + (source->config.tiedEmbeddings ? 1 : 2);
    result.blocks = source->config.layers * kSlots * request.blocks + (source->config.tiedEmbeddings ? 1 : 2);
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    result.peakBytes = peakResidentBytes();
    return result;
}

} // namespace bs
