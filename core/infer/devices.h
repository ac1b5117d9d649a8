#pragma once

#include "core/infer/engine.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace bs {

class CompressDevice;

/// Where a model is to run: "auto" (a card if there is one and the model fits it), "cpu", "cuda",
/// "cuda:1".
struct DeviceWish
{
    enum class Kind { Auto, Cpu, Cuda };
    Kind kind = Kind::Auto;
    int number = 0; ///< of the card
};

/// Errors: Usage ("'gpu' is none of auto, cpu, cuda and cuda:N").
Result<DeviceWish> parseDevice(const std::string& text);

/// A card.
struct GpuCard
{
    std::string name;
    std::uint64_t freeBytes = 0;
    std::uint64_t totalBytes = 0;
};

/// What the CUDA plugin brings (gpu/plugin.h). May be called from any thread.
class GpuDevices
{
public:
    virtual ~GpuDevices() = default;
    /// By number. Errors: NotFound (no driver, no card), Unsupported (a driver that is too old).
    virtual Result<std::vector<GpuCard>> cards() = 0;
    /// The engine on a card; as loadCpuEngine. Errors: as Engine::setPlan; Memory (the card is
    /// full), Usage (no such card), Unsupported (a model that a card does not take).
    virtual Result<std::unique_ptr<Engine>> load(std::shared_ptr<const ModelSource> source,
                                                 int card, int threads, const Plan* plan,
                                                 const JobContext& context) = 0;
    /// The same where a card has no room for all: as many of the first layers as fit there with
    /// their part of a KV cache of `kvBytes` (f32, of all layers), the rest on the processor.
    /// Errors: as load; Memory (not one layer fits).
    virtual Result<std::unique_ptr<Engine>> loadSplit(std::shared_ptr<const ModelSource> source,
                                                      int card, int threads, const Plan* plan,
                                                      std::uint64_t kvBytes,
                                                      const JobContext& context) = 0;
    /// What compresses on a card. Errors: as load.
    virtual Result<std::unique_ptr<CompressDevice>> compressDevice(int card) = 0;
};

/// Whose cards this process uses; nullptr: none. To be set before models are loaded.
void setGpuDevices(GpuDevices* devices);
GpuDevices* gpuDevices();

} // namespace bs
