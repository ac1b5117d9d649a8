#pragma once

#include "core/base/result.h"

#include <string>
#include <utility>

namespace bs {

/// A folder that one program at a time works in: made if it is not there, locked (flock: the lock goes with the program however it ends), and
/// taken away in the end if nothing is in it.
class FolderLock
{
public:
    /// Errors: Exists (another program holds it), Io (it cannot be made). Where the file system has no locks the folder is taken to be free.
    static Result<FolderLock> take(const std::string& folder);
    FolderLock(FolderLock&& other) noexcept : m_folder(std::move(other.m_folder)), m_fd(std::exchange(other.m_fd, -1)) {}
    FolderLock& operator=(FolderLock&& other) noexcept;
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;
    ~FolderLock();

private:
    FolderLock(std::string folder, int fd) : m_folder(std::move(folder)), m_fd(fd) {}
    std::string m_folder;
    int m_fd;
};

} // namespace bs
