#include "core/jobs/assemble_stack.h"

#include "core/formats/container.h"
#include "core/infer/engine.h"
#include "core/jobs/encode_layers.h"
#include "core/jobs/stack_parts.h"
#include "core/model/dense_layer.h"
#include "core/model/open.h"
#include "core/plan/authors_order.h"
#include "core/plan/order.h"
#include "core/tensor/float16.h"

#include <algorithm>
#include <filesystem>

namespace bs {

namespace {

class Assembly
{
public:
    Assembly(const CompressRequest& request, std::shared_ptr<const ModelSource> source, const WorkFolder& work,
             const JobContext& context)
        : m_request(request)
        , m_source(std::move(source))
        , m_work(work)
        , m_context(context)
    {
    }

    Result<std::uint64_t> write(const CalibrationText& text, const std::string& modelHash);

private:
    Result<ContainerContent> content(const CalibrationText& text, const std::string& modelHash) const;
    Result<void> addLinear(ContainerContent& content, std::vector<RateDistortion>& curves, const std::string& name) const;
    Result<void> addWhole(ContainerContent& content, std::vector<RateDistortion>& curves, const std::string& name) const;
    Result<void> addNorms(ContainerContent& content) const;
    Result<std::vector<StackBlock>> authorsOrder(const ContainerContent& content, const CalibrationText& text) const;

    const CompressRequest& m_request;
    std::shared_ptr<const ModelSource> m_source;
    const WorkFolder& m_work;
    const JobContext& m_context;
};

Result<void> Assembly::addLinear(ContainerContent& content, std::vector<RateDistortion>& curves,
                                    const std::string& name) const
{
    BS_TRY(const WorkFolder::Matrix matrix, m_work.loadMatrix(name));
    StackMatrix stackMatrix{name, matrix.shape.rows, matrix.shape.cols, true, {}};
    RateDistortion curve;
    BS_TRY(std::vector<PendingBlock> blocks, m_work.pendingBlocks(stackMatrix));
    curve.bytes.assign(blocks.size(), matrix.shape.blockBytes());
    content.blocks.push_back(std::move(blocks));
    // Relative to the matrix's own output, so that errors of layers whose outputs differ in size become
    // comparable; a large matrix counts more (measured: core/plan/README.md).
    const double share = static_cast<double>(matrix.shape.rows * matrix.shape.cols) / static_cast<double>(m_source->parameters);
    for (const double loss : matrix.loss)
        curve.loss.push_back(share * share * loss / std::max(1e-30, matrix.loss.front()));
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

Result<void> Assembly::addWhole(ContainerContent& content, std::vector<RateDistortion>& curves,
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

Result<void> Assembly::addNorms(ContainerContent& content) const
{
    BS_TRY(const std::vector<float> finalNorm, readFiniteTensor(*m_source, "model.norm.weight"));
    BS_CHECK(m_work.saveNorm("model.norm.weight", finalNorm));
    for (const ExpectedTensor& norm : expectedNorms(m_source->config)) {
        BS_TRY(PendingTensor tensor, m_work.pendingNorm(norm.name));
        content.tensors.push_back(std::move(tensor));
    }
    return {};
}

Result<ContainerContent> Assembly::content(const CalibrationText& text, const std::string& modelHash) const
{
    ContainerContent content = commonContent(m_request, *m_source, text, modelHash);
    content.provenance["rank"] = std::to_string(m_request.rank);
    content.provenance["blocks"] = std::to_string(m_request.blocks);
    content.provenance["scales"] = m_request.publishedScales ? "published" : "shared";
    if (m_request.refined)
        content.provenance["encoder"] = "refined";
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
Result<std::vector<StackBlock>> Assembly::authorsOrder(const ContainerContent& content, const CalibrationText& text) const
{
    const std::string path = m_work.file("unsorted.bitstack");
    BS_TRY([[maybe_unused]] const std::uint64_t bytes, writeContainer(path, content, true, {}));
    BS_TRY(ModelSource source, openModel(path));
    auto shared = std::make_shared<const ModelSource>(std::move(source));
    const Plan plan = uniformPlan(shared->container->stack, 1);
    const std::size_t window = std::min({text.tokens.size(), std::size_t{2048}, std::size_t{m_source->config.contextLength}});
    // Where everything fits, as it will be at the end.
    BS_TRY(const std::unique_ptr<Engine> engine, loadWhole(shared, window * m_source->config.kvBytesPerToken(), m_request.engine, m_context));
    BS_CHECK(engine->setPlan(plan, m_context));
    BS_TRY(const SortTable table, measureSortTable(*engine, text.tokens, window, m_context));
    return orderByTable(shared->container->stack, table);
}

Result<std::uint64_t> Assembly::write(const CalibrationText& text, const std::string& modelHash)
{
    BS_TRY(ContainerContent whole, content(text, modelHash));
    if (m_request.authorsOrder) {
        BS_TRY(whole.order, authorsOrder(whole, text));
    }
    auto onProgress = [&](double done) -> Result<void> {
        m_context.report({"writing", done, 1, -1, m_request.output});
        return m_context.checkStop();
    };
    BS_TRY(const std::uint64_t bytes, writeContainer(m_request.output, whole, m_request.force, onProgress));
    return bytes;
}

} // namespace

Result<std::uint64_t> assembleStack(const CompressRequest& request, std::shared_ptr<const ModelSource> source,
                                    const WorkFolder& work, const CalibrationText& text,
                                    const std::string& modelHash, const JobContext& context)
{
    return Assembly(request, std::move(source), work, context).write(text, modelHash);
}

} // namespace bs
