#include "core/jobs/assemble_nested.h"

#include "core/jobs/encode_nested.h"
#include "core/jobs/predicted_rise.h"
#include "core/jobs/stack_parts.h"
#include "core/model/dense_layer.h"
#include "core/model/open.h"
#include "core/plan/nested_order.h"

namespace bs {

namespace {

struct Assembled
{
    ContainerContent content;
    std::vector<std::vector<double>> loss; ///< [matrix][blocks loaded]
};

/// As they are, f32.
void addNorms(const std::shared_ptr<const ModelSource>& source, ContainerContent& content)
{
    for (const ExpectedTensor& norm : expectedNorms(source->config)) {
        PendingTensor tensor;
        tensor.desc = {norm.name, DType::F32, norm.shape, 0, norm.shape[0] * sizeof(float)};
        tensor.read = [source, name = norm.name]() -> Result<std::vector<std::byte>> {
            BS_TRY(const std::vector<float> values, readFiniteTensor(*source, name));
            const auto bytes = std::as_bytes(std::span(values));
            return std::vector<std::byte>(bytes.begin(), bytes.end());
        };
        content.tensors.push_back(std::move(tensor));
    }
}

/// Bits a weight, over all weights, beyond which a larger stack is no better: nothing of the demo model's loss is left to be measured.
constexpr double kMostBitsPerWeight = 8.75;

/// Cuts the order, and the blocks of `matrices`, where the stack would become larger than that.
void keepWorthwhile(LoadingOrder& order, std::vector<PricedMatrix>& matrices, std::uint64_t parameters)
{
    const double most = kMostBitsPerWeight / 8 * static_cast<double>(parameters);
    double bytes = 0;
    std::size_t kept = 0;
    for (const StackBlock& block : order.order) {
        bytes += static_cast<double>(matrices[block.matrix].bytes[block.index]);
        if (bytes > most && kept >= order.smallestCount)
            break;
        ++kept;
    }
    for (std::size_t i = kept; i < order.order.size(); ++i) {
        auto& left = matrices[order.order[i].matrix].bytes;
        left.resize(std::min<std::size_t>(left.size(), order.order[i].index));
    }
    order.order.resize(kept);
}

Result<Assembled> assemble(const CompressRequest& request, const std::shared_ptr<const ModelSource>& source, const WorkFolder& work, const CalibrationText& text,
                           const std::string& modelHash)
{
    Assembled result;
    ContainerContent& content = result.content;
    content = commonContent(request, *source, text, modelHash);
    addNorms(source, content);
    std::vector<PricedMatrix> priced;
    for (const NestedName& name : nestedNames(*source)) {
        StackMatrix matrix{name.name, name.rows, name.cols, name.linear, {}};
        BS_TRY(WorkFolder::NestedMatrix loaded, work.loadNested(matrix));
        PricedMatrix& entry = priced.emplace_back();
        for (const PendingBlock& block : loaded.blocks)
            entry.bytes.push_back(block.parts.front().desc.bytes);
        entry.price = std::move(loaded.price);
        entry.loss = loaded.loss;
        result.loss.push_back(std::move(loaded.loss));
        content.blocks.push_back(std::move(loaded.blocks));
        content.matrices.push_back(std::move(matrix));
    }
    LoadingOrder order = orderByPrice(priced);
    keepWorthwhile(order, priced, source->parameters);
    for (std::size_t m = 0; m < priced.size(); ++m)
        content.blocks[m].resize(priced[m].bytes.size());
    content.order = std::move(order.order);
    content.smallestCount = order.smallestCount;
    for (std::size_t m = 0; m < content.blocks.size(); ++m)
        for (std::size_t i = 0; i < content.blocks[m].size(); ++i)
            content.blocks[m][i].gain = order.gain[m][i];
    return result;
}

/// The container is written once without the measurements, to be measured.
Result<std::vector<PredictedRise>> measure(const Assembled& assembled, std::shared_ptr<const ModelSource> source, const WorkFolder& work,
                                           const CalibrationText& text, const EngineOptions& engine, const JobContext& context)
{
    const std::span<const std::int32_t> heldOut = splitTokens(text.tokens).heldOut;
    if (heldOut.empty())
        return std::vector<PredictedRise>{};
    const std::string path = work.file("unmeasured.bitstack");
    BS_TRY([[maybe_unused]] const std::uint64_t bytes, writeContainer(path, assembled.content, true, {}));
    BS_TRY(ModelSource stack, openModel(path));
    return measureRises(std::move(source), std::make_shared<const ModelSource>(std::move(stack)), assembled.loss, heldOut, engine,
                        context);
}

} // namespace

Result<std::uint64_t> assembleNested(const CompressRequest& request, std::shared_ptr<const ModelSource> source, const WorkFolder& work,
                                     const CalibrationText& text, const std::string& modelHash, const JobContext& context)
{
    BS_TRY(Assembled assembled, assemble(request, source, work, text, modelHash));
    BS_TRY(assembled.content.predicted, measure(assembled, source, work, text, request.engine, context));
    auto onProgress = [&](double done) -> Result<void> {
        context.report({"writing", done, 1, -1, request.output});
        return context.checkStop();
    };
    return writeContainer(request.output, assembled.content, request.force, onProgress);
}

} // namespace bs
