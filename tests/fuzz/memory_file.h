#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

namespace bs::test {

/// A file that lies in memory and is reached through a path, for readers that take one.
class MemoryFile
{
public:
    MemoryFile()
        : m_fd(::memfd_create("fuzz", MFD_CLOEXEC))
    {
        if (m_fd < 0)
            std::abort();
    }
    ~MemoryFile() { ::close(m_fd); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    std::string path() const { return "/proc/self/fd/" + std::to_string(m_fd); }

    void fill(const std::uint8_t* data, std::size_t size)
    {
        if (::ftruncate(m_fd, 0) != 0 || ::pwrite(m_fd, data, size, 0) != static_cast<ssize_t>(size))
            std::abort();
    }

private:
    int m_fd;
};

} // namespace bs::test
