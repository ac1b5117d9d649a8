#pragma once

#include "core/base/result.h"

#include <cstdint>

namespace bs::gpu::emulation {

/// How much memory the emulated device has, for tests of what happens when it is full.
void setDeviceMemory(std::uint64_t bytes);
/// Bytes that buffers and pages hold now.
std::uint64_t usedDeviceMemory();

/// From here on nothing succeeds that needs the device, as when a card is lost; or it does again.
void loseDevice(bool lost = true);
/// The same after so many operations more (launches, copies, waits, ..).
void loseDeviceAfter(int operations);
/// Of an operation. Errors: Io (the device is lost, perhaps with this one).
Result<void> deviceIsThere();
/// The same of a look at it, which counts as none.
Result<void> deviceIsLeft();

/// Counts so many bytes more as held. Errors: Memory (bytes wanted and free named).
Result<void> takeDeviceMemory(std::uint64_t bytes);
void giveDeviceMemory(std::uint64_t bytes);

} // namespace bs::gpu::emulation
