#include "core/base/folder_lock.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace bs {

Result<FolderLock> FolderLock::take(const std::string& folder)
{
    std::error_code failed;
    std::filesystem::create_directory(folder, failed);
    if (failed)
        return Error{ErrorCode::Io, folder + ": cannot be made: " + failed.message()};
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return Error{ErrorCode::Io, folder + ": cannot be opened: " + std::strerror(errno)};
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        ::close(fd);
        return Error{ErrorCode::Exists, folder + ": another program is working in it"};
    }
    return FolderLock(folder, fd);
}

FolderLock& FolderLock::operator=(FolderLock&& other) noexcept
{
    std::swap(m_folder, other.m_folder);
    std::swap(m_fd, other.m_fd);
    return *this;
}

FolderLock::~FolderLock()
{
    if (m_fd < 0)
        return;
    ::rmdir(m_folder.c_str()); // refused unless it is empty
    ::close(m_fd);
}

} // namespace bs
