#include "gpu/engine/layer_runner.h"

#include "gpu/ops/elementwise.h"
#include "gpu/ops/norm.h"

#include <algorithm>

namespace bs::gpu {

Result<std::unique_ptr<LayerRunner>> LayerRunner::create(std::shared_ptr<const ModelSource> source,
                                                         const Plan* plan, int number, int threads,
                                                         const LayersOnDevice& layers,
                                                         const JobContext& context)
{
    BS_CHECK(useDevice(number));
    BS_TRY(DeviceInfo info, deviceInfo(number));
    BS_CHECK(checkCapability(info));
    BS_CHECK(checkHeads(source->config));
    const DeviceChoice device{number, static_cast<std::size_t>(info.multiprocessors)};
    BS_TRY(Stream stream, Stream::create());
    std::unique_ptr<LayerRunner> runner(
        new LayerRunner(std::move(stream), device, std::move(info)));
    BS_TRY(runner->m_weights, DeviceWeights::load(std::move(source), plan, device, threads, layers,
                                                  runner->m_stream, context));
    BS_TRY(runner->m_products,
           Products::create(runner->m_weights->productSizes(), runner->m_stream));
    return runner;
}

LayerRunner::~LayerRunner()
{
    static_cast<void>(m_stream.wait());
}

std::string LayerRunner::name() const
{
    return "cuda:" + std::to_string(m_device.number) + " (" + m_info.name + ")";
}

std::uint64_t LayerRunner::freeBytes() const
{
    const auto now = freeMemory(m_device.number);
    return now ? now.value() : 0;
}

Result<Activations> LayerRunner::newRoom(std::size_t tokens, std::size_t sequences,
                                         std::size_t logitRows) const
{
    return Activations::create(config(), tokens, sequences, logitRows, m_device.multiprocessors,
                               m_stream);
}

Result<void> LayerRunner::reserve(Activations& room, std::size_t tokens, std::size_t sequences,
                                  std::size_t logitRows)
{
    if (room.tokens() < tokens || room.sequences() < sequences) {
        const std::size_t all = std::max(tokens, room.tokens());
        const std::size_t of = std::max(sequences, room.sequences());
        room = Activations(); // its memory first
        BS_TRY(room, newRoom(all, of, std::min(all, logitRows)));
    }
    return m_products.reserve(tokens);
}

Result<void> LayerRunner::runLayer(Activations& room, std::size_t layer, std::size_t sequences,
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

Result<void> LayerRunner::runLayers(Activations& room, std::size_t sequences, std::size_t each,
                                    std::size_t mostLength)
{
    for (std::size_t layer = 0; layer < m_weights->layers().size(); ++layer)
        BS_CHECK(runLayer(room, layer, sequences, each, mostLength));
    return {};
}

} // namespace bs::gpu
