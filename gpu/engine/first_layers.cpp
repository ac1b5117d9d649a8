#include "gpu/engine/first_layers.h"

#include "core/infer/first_layers.h"
#include "core/stack/matrix_name.h"
#include "gpu/device/arena.h"
#include "gpu/engine/engine.h"
#include "gpu/engine/kv_cache.h"
#include "gpu/engine/layer_runner.h"
#include "gpu/engine/prompt_batch.h"
#include "gpu/ops/norm.h"

#include <algorithm>

namespace bs::gpu {

namespace {

class DeviceFirstLayers : public FirstLayers
{
public:
    explicit DeviceFirstLayers(std::unique_ptr<LayerRunner> runner)
        : m_runner(std::move(runner))
    {
    }
    ~DeviceFirstLayers() override { static_cast<void>(m_runner->stream().wait()); }

    std::size_t count() const override { return m_runner->weights().layers().size(); }
    std::string name() const override { return m_runner->name(); }
    std::uint64_t weightBytes() const override { return m_runner->weights().bytes(); }
    Result<std::unique_ptr<KvCache>> newCache(std::size_t capacity) override
    {
        BS_CHECK(m_runner->enter());
        ModelConfig own = config();
        own.layers = static_cast<std::uint32_t>(count());
        BS_TRY(std::unique_ptr<KvCache> cache,
               DeviceKvCache::create(own, capacity, m_runner->stream()));
        return cache;
    }
    Result<void> run(float* hidden, std::span<KvCache* const> caches, std::size_t each) override;

    Result<void> startPlan(const Plan& plan) override
    {
        return m_runner->weights().startPlan(plan);
    }
    Result<bool> loaded(bool wait, const JobContext& context) override
    {
        return m_runner->weights().loaded(wait, context);
    }
    Result<void> takeIntoUse() override
    {
        BS_CHECK(m_runner->enter());
        BS_CHECK(m_runner->stream().wait()); // a run that failed may have left work
        return m_runner->weights().takeIntoUse();
    }
    void giveUp() override { m_runner->weights().giveUp(); }

private:
    const ModelConfig& config() const { return m_runner->weights().source().config; }

    std::unique_ptr<LayerRunner> m_runner; ///< before all that lives on its stream
    Activations m_room;
};

Result<void> DeviceFirstLayers::run(float* hidden, std::span<KvCache* const> caches,
                                    std::size_t each)
{
    BS_CHECK(m_runner->enter());
    const Stream& stream = m_runner->stream();
    const std::size_t n = caches.size() * each;
    const std::size_t numbers = n * config().width;
    std::vector<DeviceSequence> sequences;
    std::size_t mostLength = 0;
    for (const KvCache* const cache : caches) {
        sequences.push_back(static_cast<const DeviceKvCache*>(cache)->sequence());
        mostLength = std::max(mostLength, cache->length() + each);
    }
    BS_CHECK(m_runner->reserve(m_room, n, caches.size(), 0));
    BS_CHECK(m_room.setBatch({}, sequences, stream));
    const Buffer& onDevice = m_room.hidden;
    BS_CHECK(copyToDevice(onDevice.as<void>(), hidden, numbers * sizeof(float), stream));
    BS_CHECK(m_runner->runLayers(m_room, caches.size(), each, mostLength));
    if (count() > 0)
        BS_CHECK(addTo(onDevice.as<float>(), m_room.projected.as<float>(), numbers, stream));
    BS_CHECK(copyToHost(hidden, onDevice.as<void>(), numbers * sizeof(float), stream));
    BS_CHECK(stream.wait());
    for (KvCache* const cache : caches)
        static_cast<DeviceKvCache*>(cache)->advance(each);
    return {};
}

/// Bytes on a device that each layer adds to those before it, of a model in f16.
std::vector<std::uint64_t> denseBytes(const ModelSource& source)
{
    std::vector<std::uint64_t> bytes(source.config.layers, 0);
    for (const auto& [name, tensor] : source.tensors)
        if (const auto layer = layerOf(name))
            bytes[*layer] += tensor.desc.elements() * sizeof(Half);
    return bytes;
}

/// The same of a stack at a plan: pages of the arena, in which blocks of many layers lie side by
/// side, and lists of planes, which take 8 bytes for 256.
std::vector<std::uint64_t> stackBytes(const ModelSource& source, const Plan& plan)
{
    const Container& container = *source.container;
    const std::uint64_t fileBytes = source.files.front()->size();
    const std::uint64_t page = arenaPageBytes(fileBytes);
    std::vector<bool> taken(fileBytes / page + 2, false);
    std::vector<std::uint64_t> bytes(source.config.layers, 0);
    for (std::uint32_t layer = 0; layer < source.config.layers; ++layer)
        for (std::size_t m = 0; m < plan.depth.size(); ++m) {
            if (layerOf(container.stack.matrices[m].name) != layer) continue;
            for (std::uint32_t i = 0; i < plan.depth[m]; ++i)
                for (const TensorDesc& part : container.blocks[m][i].parts) {
                    bytes[layer] += part.bytes / 32;
                    for (std::uint64_t at = part.offset / page;
                         at <= (part.offset + part.bytes) / page; ++at)
                        if (!taken[at]) {
                            taken[at] = true;
                            bytes[layer] += page;
                        }
                }
        }
    return bytes;
}

std::vector<std::uint64_t> bytesOfLayers(const ModelSource& source, const Plan* plan)
{
    if (!source.container) return denseBytes(source);
    return stackBytes(source, plan != nullptr ? *plan : largestPlan(*source.container));
}

} // namespace

std::uint64_t roomBytes(const ModelSource& source)
{
    const ModelConfig& c = source.config;
    // and twice the largest matrix of a layer in f16
    return batchBytes(c, Engine::kBatchTokens) +
           2 * std::uint64_t{c.width} * std::max(c.width, c.mlpWidth) * sizeof(Half);
}

std::uint32_t layersThatFit(const ModelSource& source, const Plan* plan, std::uint64_t kvBytes,
                            std::uint64_t freeBytes)
{
    const std::uint64_t kvOfLayer =
        kvBytes / sizeof(float) * sizeof(Half) / std::max(source.config.layers, 1U);
    // A part of the memory for what cuBLAS, attention and single products take for themselves.
    std::uint64_t used = roomBytes(source) + freeBytes / 16;
    std::uint32_t count = 0;
    for (const std::uint64_t bytes : bytesOfLayers(source, plan)) {
        used += bytes + kvOfLayer;
        if (used > freeBytes) break;
        ++count;
    }
    return count;
}

Result<std::unique_ptr<Engine>> loadSplitDeviceEngine(std::shared_ptr<const ModelSource> source,
                                                      int device, int threads, const Plan* plan,
                                                      std::uint64_t kvBytes,
                                                      const JobContext& context)
{
    BS_CHECK(useDevice(device));
    BS_TRY(const DeviceInfo info, deviceInfo(device));
    const std::uint32_t count = layersThatFit(*source, plan, kvBytes, info.freeBytes);
    if (count == 0)
        return Error{ErrorCode::Memory,
                     source->path + ": not one layer fits cuda:" + std::to_string(device) +
                         ", where " + std::to_string(info.freeBytes) + " bytes are free"};
    BS_TRY(std::unique_ptr<LayerRunner> runner,
           LayerRunner::create(source, plan, device, threads, {count}, context));
    auto first = std::make_unique<DeviceFirstLayers>(std::move(runner));
    return loadSplitEngine(std::move(first), std::move(source), threads, plan, context);
}

} // namespace bs::gpu
