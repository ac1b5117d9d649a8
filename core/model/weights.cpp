#include "core/model/weights.h"

#include <limits>

namespace bs {

std::vector<LayerVector> layerVectors(const ModelConfig& config, std::uint32_t layer)
{
    const std::string prefix = "model.layers." + std::to_string(layer) + ".";
    const std::string attention = prefix + "self_attn.";
    std::vector<LayerVector> vectors{{prefix + "input_layernorm.weight", config.width, &LayerWeights::inputNorm},
                                     {prefix + "post_attention_layernorm.weight", config.width, &LayerWeights::postNorm}};
    if (config.qkvBias) {
        vectors.push_back({attention + "q_proj.bias", config.qWidth(), &LayerWeights::qBias});
        vectors.push_back({attention + "k_proj.bias", config.kvWidth(), &LayerWeights::kBias});
        vectors.push_back({attention + "v_proj.bias", config.kvWidth(), &LayerWeights::vBias});
    }
    if (config.headNorms) {
        vectors.push_back({attention + "q_norm.weight", config.headDim, &LayerWeights::qNorm});
        vectors.push_back({attention + "k_norm.weight", config.headDim, &LayerWeights::kNorm});
    }
    return vectors;
}

Result<std::unique_ptr<Weights>> Weights::load(std::shared_ptr<const ModelSource> source, const Plan* plan,
                                               ThreadPool& pool, const JobContext& context, std::uint32_t firstLayer)
{
    std::unique_ptr<Weights> weights(new Weights);
    weights->m_source = std::move(source);
    const ModelSource& model = *weights->m_source;
    weights->m_layers.resize(model.config.layers);
    for (const auto& file : model.files) {
        // Nested blocks that lie askew in the file are loaded to the next multiple of 64.
        BS_TRY(Arena arena, Arena::reserve(file->size() + nested::kAlignment));
        weights->m_arenas.push_back(std::move(arena));
    }
    BS_CHECK(weights->loadNorms());
    if (!model.container) {
        BS_CHECK(weights->loadDense(firstLayer, context));
        return weights;
    }
    weights->connectStack();
    BS_CHECK(weights->startPlan(plan != nullptr ? *plan : largestPlan(*model.container)));
    BS_TRY([[maybe_unused]] const bool done, weights->continuePlan(std::numeric_limits<double>::infinity(), pool, context));
    return weights;
}

Result<void> Weights::loadNorms()
{
    auto read = [&](const std::string& name, std::vector<float>& into) -> Result<void> {
        BS_TRY(into, readTensor(*m_source, name));
        return {};
    };
    BS_CHECK(read("model.norm.weight", m_finalNorm));
    for (std::size_t layer = 0; layer < m_layers.size(); ++layer) {
        for (const LayerVector& vector : layerVectors(m_source->config, static_cast<std::uint32_t>(layer)))
            BS_CHECK(read(vector.name, m_layers[layer].*vector.member));
    }
    return {};
}

Result<Linear> Weights::loadMatrix(const std::string& name)
{
    const SourceTensor& tensor = m_source->tensors.at(name);
    Arena& arena = m_arenas[tensor.file];
    BS_CHECK(arena.load(*m_source->files[tensor.file], tensor.desc.offset, tensor.desc.bytes));
    Linear linear;
    linear.rows = tensor.desc.shape[0];
    linear.cols = tensor.desc.shape[1];
    linear.matrix = {tensor.desc.dtype, linear.rows, linear.cols, arena.data() + tensor.desc.offset};
    if (tensor.permutedHeads)
        unpermuteHeads(arena.data() + tensor.desc.offset, linear.rows, tensor.desc.bytes / linear.rows,
                       m_source->config.headDim);
    return linear;
}

Result<void> Weights::loadDense(std::uint32_t firstLayer, const JobContext& context)
{
    BS_TRY(m_embedding, loadMatrix("model.embed_tokens.weight"));
    if (!m_source->config.tiedEmbeddings) {
        BS_TRY(m_head, loadMatrix("lm_head.weight"));
    }
    for (std::uint32_t layer = firstLayer; layer < m_source->config.layers; ++layer) {
        BS_CHECK(context.checkStop());
        const auto names = linearNames(layer);
        for (std::size_t slot = 0; slot < kSlots; ++slot) {
            BS_TRY(m_layers[layer].linears[slot], loadMatrix(names[slot] + ".weight"));
        }
    }
    return {};
}

std::uint64_t Weights::weightBytes() const
{
    std::uint64_t bytes = m_finalNorm.size() * sizeof(float);
    for (const LayerWeights& layer : m_layers)
        for (const LayerVector& vector : layerVectors(m_source->config, 0))
            bytes += (layer.*vector.member).size() * sizeof(float);
    for (const Arena& arena : m_arenas)
        bytes += arena.residentBytes();
    for (const StackPart& part : m_parts)
        if (!part.linear->slabs.empty())
            bytes += part.linear->slabs[part.slab].matrix.heldBytes();
    return bytes;
}

} // namespace bs
