#pragma once

#include "gpu/device/runtime.h"

#include <span>
#include <vector>

namespace bs::gpu {

/// Values to a room that is made large enough for them. Errors: as Buffer::reserve, copyToDevice.
template <class T>
Result<void> give(Buffer& room, std::span<const T> values, const Stream& stream)
{
    BS_CHECK(room.reserve(values.size_bytes(), stream));
    return copyToDevice(room.as<void>(), values.data(), values.size_bytes(), stream);
}
template <class T>
Result<void> give(Buffer& room, const std::vector<T>& values, const Stream& stream)
{
    return give(room, std::span<const T>(values), stream);
}

} // namespace bs::gpu
