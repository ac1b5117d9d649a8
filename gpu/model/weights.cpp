#include "gpu/model/weights.h"

#include "core/infer/layer.h"
#include "core/tensor/float16.h"
#include "gpu/ops/elementwise.h"

#include <algorithm>
#include <span>
#include <string>

namespace bs::gpu {

namespace {

/// Vectors one behind the other, each at a multiple of 16 bytes: where they are to be found is said
/// once all are on the device.
class PackedVectors
{
public:
    void add(const std::vector<float>& values, const float** at)
    {
        if (values.empty()) return;
        m_places.emplace_back(m_values.size(), at);
        m_values.insert(m_values.end(), values.begin(), values.end());
        m_values.resize((m_values.size() + 3) / 4 * 4);
    }
    Result<Buffer> toDevice(const Stream& stream) const
    {
        const std::size_t bytes = m_values.size() * sizeof(float);
        BS_TRY(Buffer buffer, Buffer::create(bytes, stream));
        BS_CHECK(copyToDevice(buffer.as<void>(), m_values.data(), bytes, stream));
        for (const auto& [place, at] : m_places)
            *at = buffer.as<float>() + place;
        return Result<Buffer>(std::move(buffer));
    }

private:
    std::vector<float> m_values;
    std::vector<std::pair<std::size_t, const float**>> m_places;
};

/// Where the device keeps a vector of a layer.
const float** placeOf(DeviceLayer& layer, std::vector<float> LayerWeights::*member)
{
    if (member == &LayerWeights::inputNorm) return &layer.inputNorm;
    if (member == &LayerWeights::postNorm) return &layer.postNorm;
    if (member == &LayerWeights::qBias) return &layer.heads.qBias;
    if (member == &LayerWeights::kBias) return &layer.heads.kBias;
    if (member == &LayerWeights::vBias) return &layer.heads.vBias;
    if (member == &LayerWeights::qNorm) return &layer.heads.qNorm;
    BS_ASSERT(member == &LayerWeights::kNorm);
    return &layer.heads.kNorm;
}

/// A matrix as f16, rows in Hugging Face order: as the file has it if it is f16 there.
Result<std::vector<std::uint16_t>> readHalves(const ModelSource& source, const std::string& name)
{
    const SourceTensor& tensor = source.tensors.at(name);
    std::vector<std::uint16_t> halves(tensor.desc.elements());
    if (tensor.desc.dtype == DType::F16) {
        const std::span<std::byte> bytes = std::as_writable_bytes(std::span(halves));
        BS_CHECK(source.files[tensor.file]->readAt(tensor.desc.offset, bytes));
        if (tensor.permutedHeads)
            unpermuteHeads(bytes.data(), tensor.desc.shape[0], bytes.size() / tensor.desc.shape[0],
                           source.config.headDim);
        return halves;
    }
    BS_TRY(const std::vector<float> values, readTensor(source, name));
    std::transform(values.begin(), values.end(), halves.begin(), floatToHalf);
    return halves;
}

} // namespace

Result<std::unique_ptr<DeviceWeights>>
DeviceWeights::load(std::shared_ptr<const ModelSource> source, const Plan* plan,
                    const DeviceChoice& device, int threads, const LayersOnDevice& layers,
                    const Stream& stream, const JobContext& context)
{
    std::unique_ptr<DeviceWeights> weights(
        new DeviceWeights(std::move(source), device, layers, stream));
    BS_CHECK(weights->loadVectors());
    if (!weights->m_source->container) {
        BS_CHECK(weights->loadDense(context));
        return weights;
    }
    BS_TRY(weights->m_loader, BlockLoader::create(weights->m_source, device.number, threads));
    BS_CHECK(weights->connectStack());
    BS_CHECK(
        weights->startPlan(plan != nullptr ? *plan : largestPlan(*weights->m_source->container)));
    BS_CHECK(weights->continuePlan(true, context));
    return weights;
}

DeviceWeights::~DeviceWeights()
{
    giveUp();
}

Result<void> DeviceWeights::loadVectors()
{
    const ModelConfig& config = m_source->config;
    PackedVectors packed;
    BS_TRY(const std::vector<float> finalNorm, readTensor(*m_source, "model.norm.weight"));
    packed.add(finalNorm, &m_finalNorm);
    packed.add(Rope(config).frequencies(), &m_ropeFrequencies);
    for (std::uint32_t layer = 0; layer < m_layers.size(); ++layer)
        for (const LayerVector& vector : layerVectors(config, layer)) {
            BS_TRY(const std::vector<float> values, readTensor(*m_source, vector.name));
            packed.add(values, placeOf(m_layers[layer], vector.member));
        }
    BS_TRY(m_vectors, packed.toDevice(m_stream));
    return {};
}

Result<void> DeviceWeights::loadDenseMatrix(const std::string& name, DeviceLinear& linear)
{
    const auto& shape = m_source->tensors.at(name).desc.shape;
    BS_TRY(const std::vector<std::uint16_t> halves, readHalves(*m_source, name));
    const std::size_t bytes = halves.size() * sizeof(Half);
    BS_TRY(Buffer buffer, Buffer::create(bytes, m_stream));
    BS_CHECK(copyToDevice(buffer.as<void>(), halves.data(), bytes, m_stream));
    linear.rows = shape[0];
    linear.cols = shape[1];
    linear.dense = buffer.as<Half>();
    m_dense.push_back(std::move(buffer));
    return {};
}

Result<void> DeviceWeights::loadDense(const JobContext& context)
{
    if (m_whole) BS_CHECK(loadDenseMatrix("model.embed_tokens.weight", m_embedding));
    if (m_whole && !m_source->config.tiedEmbeddings)
        BS_CHECK(loadDenseMatrix("lm_head.weight", m_head));
    for (std::uint32_t layer = 0; layer < m_layers.size(); ++layer) {
        BS_CHECK(context.checkStop());
        const auto names = linearNames(layer);
        for (std::size_t slot = 0; slot < kSlots; ++slot)
            BS_CHECK(loadDenseMatrix(names[slot] + ".weight", m_layers[layer].linears[slot]));
    }
    return {};
}

ProductSizes DeviceWeights::productSizes() const
{
    ProductSizes sizes;
    if (m_whole) sizes.addHead(head());
    for (const DeviceLayer& layer : m_layers)
        for (const DeviceLinear& linear : layer.linears)
            sizes.add(linear);
    return sizes;
}

std::uint64_t DeviceWeights::bytes() const
{
    std::uint64_t bytes = m_vectors.bytes() + m_embeddingSlabs.bytes();
    for (const Buffer& matrix : m_dense)
        bytes += matrix.bytes();
    if (m_loader) bytes += m_loader->residentBytes();
    for (const StackPart& part : m_parts)
        if (part.linear != nullptr && !part.linear->slabs.empty())
            bytes += part.linear->slabs[part.slab].matrix.heldBytes();
        else if (part.linear != nullptr && part.linear->bitstack)
            bytes += part.linear->bitstack->heldBytes();
    return bytes;
}

Result<void> DeviceWeights::embed(const std::int32_t* tokens, std::size_t n, float* out) const
{
    if (m_embedding.dense != nullptr)
        return gatherRows(m_embedding.dense, tokens, n, m_embedding.cols, out, m_stream);
    if (m_embedding.slabs.empty())
        return fillBytes(out, 0, n * m_embedding.cols * sizeof(float), m_stream);
    return rowsOf(m_embeddingSlabs.as<NestedRowSource>(), m_embedding.slabs.size(),
                  m_embedding.cols, tokens, n, out, m_stream);
}

} // namespace bs::gpu
