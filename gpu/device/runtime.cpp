#include "gpu/device/runtime.h"

namespace bs::gpu {

Result<void> checkCapability(const DeviceInfo& info)
{
    if (info.major >= 8) return {};
    return Error{ErrorCode::Unsupported,
                 info.name + " has compute capability " + std::to_string(info.major) + "." +
                     std::to_string(info.minor) + "; 8.0 and later can be used"};
}

} // namespace bs::gpu
