#include "core/model/weights.h"

#include "core/base/hash.h"

#include <algorithm>

namespace bs {

Result<std::unique_ptr<Weights>> Weights::load(std::shared_ptr<const ModelSource> source, const Plan* plan,
                                               const JobContext& context)
{
    std::unique_ptr<Weights> weights(new Weights);
    weights->m_source = std::move(source);
    const ModelSource& model = *weights->m_source;
    weights->m_layers.resize(model.config.layers);
    for (const auto& file : model.files) {
        BS_TRY(Arena arena, Arena::reserve(file->size()));
        weights->m_arenas.push_back(std::move(arena));
    }
    BS_CHECK(weights->loadNorms());
    if (!model.container) {
        BS_CHECK(weights->loadDense(context));
        return weights;
    }
    const Stack& stack = model.container->stack;
    std::map<std::string, Linear*> byName;
    for (std::uint32_t layer = 0; layer < model.config.layers; ++layer)
        for (std::size_t slot = 0; slot < kSlots; ++slot)
            byName[linearNames(layer)[slot]] = &weights->m_layers[layer].linears[slot];
    weights->m_plan.depth.assign(stack.matrices.size(), 0);
    for (std::size_t m = 0; m < stack.matrices.size(); ++m) {
        const auto found = byName.find(stack.matrices[m].name);
        weights->m_linearOf.push_back(found == byName.end() ? nullptr : found->second);
        weights->connectMatrix(m);
    }
    BS_CHECK(weights->setPlan(plan != nullptr ? *plan : largestPlan(*model.container), context));
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
        const std::string prefix = "model.layers." + std::to_string(layer) + ".";
        BS_CHECK(read(prefix + "input_layernorm.weight", m_layers[layer].inputNorm));
        BS_CHECK(read(prefix + "post_attention_layernorm.weight", m_layers[layer].postNorm));
    }
    return {};
}

Result<DenseView> Weights::loadMatrix(const std::string& name)
{
    const SourceTensor& tensor = m_source->tensors.at(name);
    Arena& arena = m_arenas[tensor.file];
    BS_CHECK(arena.load(*m_source->files[tensor.file], tensor.desc.offset, tensor.desc.bytes));
    DenseView view{tensor.desc.dtype, tensor.desc.shape[0], tensor.desc.shape[1], arena.data() + tensor.desc.offset};
    if (tensor.permutedHeads)
        unpermuteHeads(arena.data() + tensor.desc.offset, view.rows, tensor.desc.bytes / view.rows,
                       m_source->config.headDim);
    return view;
}

Result<void> Weights::loadDense(const JobContext& context)
{
    BS_TRY(m_embedding, loadMatrix("model.embed_tokens.weight"));
    m_head = m_embedding;
    if (!m_source->config.tiedEmbeddings) {
        BS_TRY(m_head, loadMatrix("lm_head.weight"));
    }
    for (std::uint32_t layer = 0; layer < m_source->config.layers; ++layer) {
        BS_CHECK(context.checkStop());
        const auto names = linearNames(layer);
        for (std::size_t slot = 0; slot < kSlots; ++slot) {
            Linear& linear = m_layers[layer].linears[slot];
            BS_TRY(linear.matrix, loadMatrix(names[slot] + ".weight"));
            linear.rows = linear.matrix.rows;
            linear.cols = linear.matrix.cols;
        }
    }
    return {};
}

Result<void> Weights::loadBlock(std::size_t matrix, std::size_t index)
{
    const ContainerBlock& block = m_source->container->blocks[matrix][index];
    Arena& arena = m_arenas.front();
    for (std::size_t i = 0; i < block.ranges.size(); ++i) {
        auto read = arena.load(*m_source->files.front(), block.ranges[i].offset, block.ranges[i].bytes);
        if (read)
            continue;
        for (std::size_t done = 0; done < i; ++done)
            arena.drop(block.ranges[done].offset, block.ranges[done].bytes);
        return read;
    }
    const std::uint64_t checksum = checksumOf(block, arena.data());
    if (checksum == block.checksum)
        return {};
    dropBlock(matrix, index);
    return Error{ErrorCode::Format, m_source->path + ": block " + std::to_string(index) + " of " +
                                        m_source->container->stack.matrices[matrix].name + " has checksum " +
                                        hexOf(checksum) + ", the header says " + hexOf(block.checksum) +
                                        "; the file is damaged"};
}

void Weights::dropBlock(std::size_t matrix, std::size_t index)
{
    for (const ByteRange& range : m_source->container->blocks[matrix][index].ranges)
        m_arenas.front().drop(range.offset, range.bytes);
}

void Weights::connectWhole(const std::string& name, const DenseView& view)
{
    if (name == "lm_head")
        m_head = view;
    else
        m_embedding = view;
    if (m_source->config.tiedEmbeddings)
        m_head = m_embedding;
}

void Weights::connectMatrix(std::size_t matrix)
{
    const StackMatrix& info = m_source->container->stack.matrices[matrix];
    const auto& blocks = m_source->container->blocks[matrix];
    const std::byte* base = m_arenas.front().data();
    const std::uint32_t depth = m_plan.depth[matrix];
    if (m_linearOf[matrix] == nullptr) {
        const TensorDesc& part = blocks.front().parts.front();
        connectWhole(info.name, DenseView{part.dtype, info.rows, info.cols, depth > 0 ? base + part.offset : nullptr});
        return;
    }
    Linear& linear = *m_linearOf[matrix];
    linear.dense = false;
    linear.rows = info.rows;
    linear.cols = info.cols;
    linear.blocks.clear();
    for (std::uint32_t i = 0; i < depth; ++i) {
        const auto& parts = blocks[i].parts;
        linear.shape = {info.rows, info.cols, parts[1].shape[1]};
        linear.blocks.push_back({reinterpret_cast<const std::uint8_t*>(base + parts[0].offset),
                                 reinterpret_cast<const std::uint16_t*>(base + parts[1].offset),
                                 reinterpret_cast<const std::uint16_t*>(base + parts[2].offset)});
    }
}

Result<void> Weights::setPlan(const Plan& plan, const JobContext& context)
{
    if (!m_source->container)
        return Error{ErrorCode::Usage, m_source->path + ": is no stack, so its size cannot be chosen; compress it first"};
    BS_CHECK(checkPlan(m_source->container->stack, plan));
    std::vector<StackBlock> loaded;
    Result<void> result;
    for (std::uint32_t m = 0; m < plan.depth.size() && result; ++m)
        for (std::uint32_t i = m_plan.depth[m]; i < plan.depth[m] && result; ++i) {
            result = context.checkStop();
            if (result)
                result = loadBlock(m, i);
            if (result)
                loaded.push_back({m, i});
        }
    if (!result) {
        for (const StackBlock& block : loaded)
            dropBlock(block.matrix, block.index);
        return result;
    }
    const Plan old = std::exchange(m_plan, plan);
    for (std::uint32_t m = 0; m < plan.depth.size(); ++m) {
        for (std::uint32_t i = plan.depth[m]; i < old.depth[m]; ++i)
            dropBlock(m, i);
        if (old.depth[m] != plan.depth[m])
            connectMatrix(m);
    }
    return {};
}

std::uint64_t Weights::weightBytes() const
{
    std::uint64_t bytes = m_finalNorm.size() * sizeof(float);
    for (const LayerWeights& layer : m_layers)
        bytes += (layer.inputNorm.size() + layer.postNorm.size()) * sizeof(float);
    for (const Arena& arena : m_arenas)
        bytes += arena.residentBytes();
    return bytes;
}

} // namespace bs
