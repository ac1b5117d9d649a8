#pragma once

#include "core/infer/compress_device.h"
#include "core/infer/devices.h"
#include "gpu/compress/compress_device.h"
#include "gpu/emulation/device_memory.h"
#include "gpu/engine/engine.h"
#include "gpu/engine/first_layers.h"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace bs::gpu::test {

inline constexpr std::uint64_t kPlenty = std::uint64_t{1} << 40;

/// The emulated card as the plugin offers it, for this process as long as this lives.
class EmulatedCards : public GpuDevices
{
public:
    EmulatedCards() { setGpuDevices(this); }
    ~EmulatedCards() override
    {
        setGpuDevices(nullptr);
        emulation::loseDevice(false);
        emulation::setDeviceMemory(kPlenty);
    }
    Result<std::vector<GpuCard>> cards() override
    {
        BS_CHECK(emulation::deviceIsThere());
        return std::vector<GpuCard>{{"emulation", kPlenty, kPlenty}};
    }
    Result<std::unique_ptr<Engine>> load(std::shared_ptr<const ModelSource> source, int card,
                                         int threads, const Plan* plan,
                                         const JobContext& context) override
    {
        return loadDeviceEngine(std::move(source), card, threads, plan, context);
    }
    Result<std::unique_ptr<Engine>> loadSplit(std::shared_ptr<const ModelSource> source, int card,
                                              int threads, const Plan* plan, std::uint64_t kvBytes,
                                              const JobContext& context) override
    {
        return loadSplitDeviceEngine(std::move(source), card, threads, plan, kvBytes, context);
    }
    Result<std::unique_ptr<CompressDevice>> compressDevice(int card) override
    {
        return openCompressDevice(card);
    }
};

} // namespace bs::gpu::test
