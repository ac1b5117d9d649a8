#pragma once

#include "core/base/result.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace bs::gpu {

/// The least that a device gives out: 2 MiB of a card.
std::uint64_t arenaGranularity();

/// Pages of an arena for so many bytes: of a large file they are larger, so that there are some
/// thousands (making one takes tens of microseconds).
std::uint64_t arenaPageBytes(std::uint64_t bytes);

/// The bytes of a file that are on the device now: what Arena (core/base) is for the host. A
/// reserved range of addresses mirrors the file: byte i lies at data() + i while a range around it
/// is held. Pages come with the first range that touches them and go with the last, so that what
/// the card has free follows what is loaded; nothing is ever moved. One thread at a time.
class DeviceArena
{
public:
    DeviceArena() = default;
    /// Addresses for `bytes` on a device; nothing is resident yet. Errors: Memory, Unsupported (a
    /// card or driver without virtual memory).
    static Result<DeviceArena> reserve(std::uint64_t bytes, int device);
    DeviceArena(DeviceArena&& other) noexcept { *this = std::move(other); }
    DeviceArena& operator=(DeviceArena&& other) noexcept
    {
        std::swap(m_data, other.m_data);
        std::swap(m_bytes, other.m_bytes);
        std::swap(m_pageBytes, other.m_pageBytes);
        m_residentPages = other.m_residentPages.exchange(m_residentPages);
        std::swap(m_device, other.m_device);
        m_pages.swap(other.m_pages);
        return *this;
    }
    ~DeviceArena();

    /// Makes [offset, offset + bytes) usable. Errors: Memory (the card is full: bytes wanted and
    /// free named); then nothing has changed.
    Result<void> hold(std::uint64_t offset, std::uint64_t bytes);
    /// Gives back a range that was held. Everything that uses it must be done.
    void drop(std::uint64_t offset, std::uint64_t bytes);

    std::byte* data() const { return m_data; }
    std::uint64_t pageBytes() const { return m_pageBytes; }
    /// May be called from any thread.
    std::uint64_t residentBytes() const { return m_residentPages * m_pageBytes; }

private:
    struct Page
    {
        std::uint32_t users = 0;  ///< held ranges that touch it
        std::uint64_t handle = 0; ///< CUmemGenericAllocationHandle
    };
    Result<void> makePage(std::size_t page);
    void givePage(std::size_t page);

    std::byte* m_data = nullptr;
    std::uint64_t m_bytes = 0;
    std::uint64_t m_pageBytes = 0;
    std::atomic<std::uint64_t> m_residentPages = 0;
    int m_device = 0;
    std::vector<Page> m_pages;
};

} // namespace bs::gpu
