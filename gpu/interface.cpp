// What the plugin answers to gpu/plugin.cpp.
#include "core/infer/devices.h"
#include "gpu/compress/compress_device.h"
#include "gpu/device/runtime.h"
#include "gpu/engine/engine.h"
#include "gpu/plugin.h"

namespace {

class Cards : public bs::GpuDevices
{
public:
    bs::Result<std::vector<bs::GpuCard>> cards() override
    {
        BS_TRY(const int count, bs::gpu::deviceCount());
        std::vector<bs::GpuCard> found;
        for (int number = 0; number < count; ++number) {
            BS_TRY(const bs::gpu::DeviceInfo info, bs::gpu::deviceInfo(number));
            found.push_back({info.name, info.freeBytes, info.totalBytes});
        }
        return found;
    }
    bs::Result<std::unique_ptr<bs::Engine>> load(std::shared_ptr<const bs::ModelSource> source,
                                                 int card, int threads, const bs::Plan* plan,
                                                 const bs::JobContext& context) override
    {
        return bs::gpu::loadDeviceEngine(std::move(source), card, threads, plan, context);
    }
    bs::Result<std::unique_ptr<bs::Engine>> loadSplit(std::shared_ptr<const bs::ModelSource> source,
                                                      int card, int threads, const bs::Plan* plan,
                                                      std::uint64_t kvBytes,
                                                      const bs::JobContext& context) override
    {
        return bs::gpu::loadSplitDeviceEngine(std::move(source), card, threads, plan, kvBytes,
                                              context);
    }
    bs::Result<std::unique_ptr<bs::CompressDevice>> compressDevice(int card) override
    {
        return bs::gpu::openCompressDevice(card);
    }
};

} // namespace

extern "C" {

[[gnu::visibility("default")]] int bs_gpu_plugin_interface()
{
    return bs::kGpuPluginInterface;
}

[[gnu::visibility("default")]] bs::GpuDevices* bs_gpu_devices()
{
    static Cards cards;
    return &cards;
}
}
