#include "gpu/device/arena.h"
#include "gpu/emulation/device_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <string>

// Pages that are not held cannot be touched: a kernel that does ends the program.

namespace bs::gpu {

namespace {

constexpr std::uint64_t kPageBytes = 4096;

} // namespace

std::uint64_t arenaGranularity()
{
    return kPageBytes;
}

Result<DeviceArena> DeviceArena::reserve(std::uint64_t bytes, int device)
{
    DeviceArena arena;
    arena.m_device = device;
    arena.m_pageBytes = kPageBytes;
    const std::size_t pages = std::max<std::size_t>((bytes + kPageBytes - 1) / kPageBytes, 1);
    arena.m_bytes = pages * kPageBytes;
    void* const at = ::mmap(nullptr, arena.m_bytes, PROT_NONE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED)
        return Error{ErrorCode::Memory, "no addresses for " + std::to_string(arena.m_bytes) +
                                            " bytes of the emulated device"};
    arena.m_data = static_cast<std::byte*>(at);
    arena.m_pages.resize(pages);
    return Result<DeviceArena>(std::move(arena));
}

DeviceArena::~DeviceArena()
{
    if (m_data == nullptr) return;
    emulation::giveDeviceMemory(residentBytes());
    ::munmap(m_data, m_bytes);
}

Result<void> DeviceArena::makePage(std::size_t page)
{
    BS_CHECK(emulation::takeDeviceMemory(kPageBytes));
    ::mprotect(m_data + page * kPageBytes, kPageBytes, PROT_READ | PROT_WRITE);
    return {};
}

void DeviceArena::givePage(std::size_t page)
{
    ::madvise(m_data + page * kPageBytes, kPageBytes, MADV_DONTNEED);
    ::mprotect(m_data + page * kPageBytes, kPageBytes, PROT_NONE);
    emulation::giveDeviceMemory(kPageBytes);
}

} // namespace bs::gpu
