// A library that only answers the opener's questions, as the compiler was told to.
#ifdef BS_ANSWER
#include "core/infer/compress_device.h"
#include "core/infer/devices.h"

namespace {

class NoCards : public bs::GpuDevices
{
public:
    bs::Result<std::vector<bs::GpuCard>> cards() override
    {
        return bs::Error{bs::ErrorCode::NotFound, "made up"};
    }
    bs::Result<std::unique_ptr<bs::Engine>> load(std::shared_ptr<const bs::ModelSource>, int, int,
                                                 const bs::Plan*, const bs::JobContext&) override
    {
        return bs::Error{bs::ErrorCode::NotFound, "made up"};
    }
    bs::Result<std::unique_ptr<bs::Engine>> loadSplit(std::shared_ptr<const bs::ModelSource>, int,
                                                      int, const bs::Plan*, std::uint64_t,
                                                      const bs::JobContext&) override
    {
        return bs::Error{bs::ErrorCode::NotFound, "made up"};
    }
    bs::Result<std::unique_ptr<bs::CompressDevice>> compressDevice(int) override
    {
        return bs::Error{bs::ErrorCode::NotFound, "made up"};
    }
};

} // namespace

extern "C" int bs_gpu_plugin_interface()
{
    return BS_ANSWER;
}

extern "C" bs::GpuDevices* bs_gpu_devices()
{
    static NoCards none;
    return &none;
}
#endif
