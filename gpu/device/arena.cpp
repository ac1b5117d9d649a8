#include "gpu/device/arena.h"

#include <algorithm>
#include <bit>

namespace bs::gpu {

std::uint64_t arenaPageBytes(std::uint64_t bytes)
{
    return std::max(arenaGranularity(), std::bit_ceil(bytes / 8192 + 1));
}

Result<void> DeviceArena::hold(std::uint64_t offset, std::uint64_t bytes)
{
    BS_ASSERT(offset + bytes <= m_bytes);
    if (bytes == 0) return {};
    const std::size_t first = offset / m_pageBytes;
    const std::size_t last = (offset + bytes - 1) / m_pageBytes;
    for (std::size_t page = first; page <= last; ++page) {
        if (m_pages[page].users++ > 0) continue;
        if (auto made = makePage(page); !made) {
            --m_pages[page].users;
            if (page > first) drop(first * m_pageBytes, (page - first) * m_pageBytes);
            return made;
        }
        ++m_residentPages;
    }
    return {};
}

void DeviceArena::drop(std::uint64_t offset, std::uint64_t bytes)
{
    if (bytes == 0) return;
    for (std::size_t page = offset / m_pageBytes; page <= (offset + bytes - 1) / m_pageBytes;
         ++page) {
        BS_ASSERT(m_pages[page].users > 0);
        if (--m_pages[page].users > 0) continue;
        givePage(page);
        --m_residentPages;
    }
}

} // namespace bs::gpu
