#include "gpu/device/runtime.h"

namespace bs::gpu {

Result<void> checkCapability(const DeviceInfo& info)
{
    if (info.major >= 8) return {};
    return Error{ErrorCode::Unsupported,
                 info.name + " has compute capability " + std::to_string(info.major) + "." +
                     std::to_string(info.minor) + "; 8.0 and later can be used"};
}

Result<void> Buffer::reserve(std::size_t bytes, const Stream& stream)
{
    if (m_bytes >= bytes) return {};
    *this = Buffer(); // its memory first
    BS_TRY(*this, create(bytes, stream));
    return {};
}

} // namespace bs::gpu
