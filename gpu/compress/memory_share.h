#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>

namespace bs::gpu {

/// Lets work on a card wait until there is memory for it, so that many matrices at once make a large
/// card busy and one after the other fits a small one. May be used from any thread.
class MemoryShare
{
public:
    explicit MemoryShare(std::uint64_t bytes)
        : m_bytes(bytes)
    {
    }

    /// What was taken, until it goes.
    class Part
    {
    public:
        Part() = default;
        Part(MemoryShare& share, std::uint64_t bytes)
            : m_share(&share)
            , m_bytes(bytes)
        {
        }
        Part(Part&& other) noexcept
            : m_share(std::exchange(other.m_share, nullptr))
            , m_bytes(other.m_bytes)
        {
        }
        Part& operator=(Part&& other) noexcept
        {
            std::swap(m_share, other.m_share);
            std::swap(m_bytes, other.m_bytes);
            return *this;
        }
        ~Part()
        {
            if (m_share != nullptr) m_share->give(m_bytes);
        }

    private:
        MemoryShare* m_share = nullptr;
        std::uint64_t m_bytes = 0;
    };

    /// Waits until others have given back enough. More than there is goes alone: the card says
    /// whether it fits.
    Part take(std::uint64_t bytes)
    {
        std::unique_lock lock(m_mutex);
        m_given.wait(lock, [&] { return m_taken == 0 || m_taken + bytes <= m_bytes; });
        m_taken += bytes;
        return {*this, bytes};
    }

private:
    void give(std::uint64_t bytes)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_taken -= bytes;
        }
        m_given.notify_all();
    }

    std::mutex m_mutex;
    std::condition_variable m_given;
    std::uint64_t m_bytes;
    std::uint64_t m_taken = 0;
};

} // namespace bs::gpu
