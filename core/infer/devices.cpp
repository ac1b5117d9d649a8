#include "core/infer/devices.h"

#include <atomic>

namespace bs {

namespace {

std::atomic<GpuDevices*> devicesInUse{nullptr};

} // namespace

Result<DeviceWish> parseDevice(const std::string& text)
{
    if (text == "auto") return DeviceWish{DeviceWish::Kind::Auto, 0};
    if (text == "cpu") return DeviceWish{DeviceWish::Kind::Cpu, 0};
    if (text == "cuda") return DeviceWish{DeviceWish::Kind::Cuda, 0};
    const std::string number = text.rfind("cuda:", 0) == 0 ? text.substr(5) : std::string();
    if (number.empty() || number.size() > 3 ||
        number.find_first_not_of("0123456789") != std::string::npos)
        return Error{ErrorCode::Usage, "'" + text + "' is none of auto, cpu, cuda and cuda:N"};
    return DeviceWish{DeviceWish::Kind::Cuda, std::stoi(number)};
}

void setGpuDevices(GpuDevices* devices)
{
    devicesInUse = devices;
}

GpuDevices* gpuDevices()
{
    return devicesInUse;
}

} // namespace bs
