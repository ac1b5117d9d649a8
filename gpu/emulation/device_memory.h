#pragma once

#include <cstdint>

namespace bs::gpu::emulation {

/// How much memory the emulated device has, for tests of what happens when it is full.
void setDeviceMemory(std::uint64_t bytes);
/// Bytes that buffers hold now.
std::uint64_t usedDeviceMemory();

} // namespace bs::gpu::emulation
