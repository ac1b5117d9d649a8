#pragma once

#include "gpu/engine/activations.h"
#include "gpu/model/weights.h"

#include <memory>

namespace bs::gpu {

/// The layers of a model that are on a device, and what runs them. Not to be moved: everything in
/// it belongs to its stream.
class LayerRunner
{
public:
    /// Errors: as DeviceWeights::load; Usage (no such device), Unsupported (checkHeads).
    static Result<std::unique_ptr<LayerRunner>> create(std::shared_ptr<const ModelSource> source,
                                                       const Plan* plan, int device, int threads,
                                                       const LayersOnDevice& layers,
                                                       const JobContext& context);
    ~LayerRunner();
    LayerRunner(const LayerRunner&) = delete;
    LayerRunner& operator=(const LayerRunner&) = delete;

    const Stream& stream() const { return m_stream; }
    DeviceWeights& weights() { return *m_weights; }
    const DeviceWeights& weights() const { return *m_weights; }
    Products& products() { return m_products; }
    /// "cuda:0 (NVIDIA H200)"
    std::string name() const;
    /// Free on the device now; 0: not known.
    std::uint64_t freeBytes() const;

    /// Room for a batch; it stays the engine's own to hold. Errors: Memory.
    Result<Activations> newRoom(std::size_t tokens, std::size_t sequences,
                                std::size_t logitRows) const;
    /// Makes `room` large enough, and what products take. Errors: Memory.
    Result<void> reserve(Activations& room, std::size_t tokens, std::size_t sequences,
                         std::size_t logitRows);
    /// The same for products of so many rows with the head.
    Result<void> reserveHead(std::size_t rows) { return m_products.reserveHead(rows); }
    /// Makes the card the calling thread's: first of all where work is queued.
    Result<void> enter() const { return useDevice(m_device.number); }
    /// Queues the layers for a batch that is set, and whose room.hidden is; what the last one adds
    /// stays in room.projected. `mostLength`: no sequence has more keys then.
    Result<void> runLayers(Activations& room, std::size_t sequences, std::size_t each,
                           std::size_t mostLength);

private:
    LayerRunner(Stream stream, const DeviceChoice& device, DeviceInfo info)
        : m_stream(std::move(stream))
        , m_device(device)
        , m_info(std::move(info))
    {
    }
    const ModelConfig& config() const { return m_weights->source().config; }
    Result<void> runLayer(Activations& room, std::size_t layer, std::size_t sequences,
                          std::size_t each, std::size_t mostLength);

    Stream m_stream; ///< before all that lives on it
    DeviceChoice m_device;
    DeviceInfo m_info;
    std::unique_ptr<DeviceWeights> m_weights;
    Products m_products;
};

} // namespace bs::gpu
