#include "core/base/scratch_file.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <unistd.h>

namespace bs {

Result<ScratchFile> ScratchFile::create(const std::string& folder)
{
    ScratchFile file;
    file.m_folder = folder;
    std::string name = folder + "/scratch-XXXXXX";
    file.m_fd = ::mkstemp(name.data());
    if (file.m_fd < 0 || ::unlink(name.c_str()) != 0)
        return Error{ErrorCode::Io, folder + ": no scratch file can be made there: " + std::strerror(errno)};
    return file;
}

ScratchFile::ScratchFile(ScratchFile&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1))
    , m_size(other.m_size)
    , m_folder(std::move(other.m_folder))
{
}

ScratchFile& ScratchFile::operator=(ScratchFile&& other) noexcept
{
    std::swap(m_fd, other.m_fd);
    std::swap(m_size, other.m_size);
    std::swap(m_folder, other.m_folder);
    return *this;
}

ScratchFile::~ScratchFile()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

Error ScratchFile::failure(const char* what, std::size_t bytes) const
{
    return Error{ErrorCode::Io, m_folder + ": a scratch file of " + std::to_string(m_size) + " bytes: " + what + " " +
                                    std::to_string(bytes) + " bytes failed: " + std::strerror(errno)};
}

Result<std::uint64_t> ScratchFile::append(std::span<const std::byte> bytes)
{
    const std::uint64_t start = m_size;
    while (!bytes.empty()) {
        const ssize_t n = ::pwrite(m_fd, bytes.data(), bytes.size(), static_cast<off_t>(m_size));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return failure("writing", bytes.size());
        m_size += static_cast<std::uint64_t>(n);
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return start;
}

Result<void> ScratchFile::readAt(std::uint64_t offset, std::span<std::byte> into) const
{
    while (!into.empty()) {
        const ssize_t n = ::pread(m_fd, into.data(), into.size(), static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return failure("reading", into.size());
        offset += static_cast<std::uint64_t>(n);
        into = into.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

} // namespace bs
