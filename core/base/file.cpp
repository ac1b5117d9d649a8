#include "core/base/file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace bs {

namespace {

std::string reason()
{
    return std::strerror(errno);
}

Error ioError(const std::string& path, const std::string& what)
{
    return Error{ErrorCode::Io, path + ": " + what + ": " + reason()};
}

} // namespace

Result<File> File::open(const std::string& path)
{
    File file;
    file.m_fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); // a pipe would wait for a writer
    if (file.m_fd < 0)
        return Error{ErrorCode::NotFound, path + ": cannot be opened: " + reason()};
    struct stat info = {};
    if (::fstat(file.m_fd, &info) != 0)
        return Error{ErrorCode::NotFound, path + ": cannot be examined: " + reason()};
    if (!S_ISREG(info.st_mode))
        return Error{ErrorCode::NotFound, path + ": is not a regular file"};
    file.m_size = static_cast<std::uint64_t>(info.st_size);
    file.m_path = path;
    return file;
}

File File::join(std::vector<std::shared_ptr<const File>> pieces, std::uint64_t alignment)
{
    BS_ASSERT(!pieces.empty() && alignment > 0);
    File file;
    file.m_path = pieces.front()->path();
    for (const auto& piece : pieces) {
        BS_ASSERT(piece->m_pieces.empty());
        const std::uint64_t begin = (file.m_size + alignment - 1) / alignment * alignment;
        file.m_offsets.push_back(begin);
        file.m_size = begin + piece->size();
    }
    file.m_pieces = std::move(pieces);
    return file;
}

File::File(File&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1))
    , m_size(other.m_size)
    , m_path(std::move(other.m_path))
    , m_pieces(std::move(other.m_pieces))
    , m_offsets(std::move(other.m_offsets))
{
}

File& File::operator=(File&& other) noexcept
{
    std::swap(m_fd, other.m_fd);
    std::swap(m_size, other.m_size);
    std::swap(m_path, other.m_path);
    std::swap(m_pieces, other.m_pieces);
    std::swap(m_offsets, other.m_offsets);
    return *this;
}

File::~File()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

Result<void> File::readAt(std::uint64_t offset, std::span<std::byte> into) const
{
    if (!m_pieces.empty()) {
        const auto behind = std::upper_bound(m_offsets.begin(), m_offsets.end(), offset);
        const auto i = static_cast<std::size_t>(behind - m_offsets.begin()) - 1; // m_offsets[0] is 0
        return m_pieces[i]->readAt(offset - m_offsets[i], into);
    }
    while (!into.empty()) {
        const ssize_t n = ::pread(m_fd, into.data(), into.size(), static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ioError(m_path, "reading at byte " + std::to_string(offset) + " failed");
        if (n == 0)
            return Error{ErrorCode::Io, m_path + ": ends at byte " + std::to_string(offset) + ", " +
                                            std::to_string(into.size()) +
                                            " more were expected; the file was " + std::to_string(m_size) +
                                            " bytes when it was opened and has been cut since"};
        offset += static_cast<std::uint64_t>(n);
        into = into.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

Result<std::string> readTextFile(const std::string& path, std::uint64_t maxBytes)
{
    BS_TRY(const File file, File::open(path));
    if (file.size() > maxBytes)
        return Error{ErrorCode::Format, path + ": is " + std::to_string(file.size()) + " bytes, at most " +
                                            std::to_string(maxBytes) + " are read here"};
    std::string text(file.size(), '\0');
    BS_CHECK(file.readAt(0, std::as_writable_bytes(std::span(text.data(), text.size()))));
    return text;
}

Result<void> checkWritable(const std::string& path, bool overwrite)
{
    if (path.empty())
        return Error{ErrorCode::Usage, "the name of the file to write is empty"};
    std::error_code ignored;
    const auto there = std::filesystem::status(path, ignored);
    if (there.type() == std::filesystem::file_type::directory)
        return Error{ErrorCode::Io, path + ": is a folder, a file cannot be written in its place"};
    if (std::filesystem::exists(there) && there.type() != std::filesystem::file_type::regular)
        return Error{ErrorCode::Io, path + ": is no regular file, and would be replaced by one"};
    if (!overwrite && std::filesystem::exists(std::filesystem::symlink_status(path, ignored)))
        return Error{ErrorCode::Exists, path + ": exists already; --force overwrites it"};
    return {};
}

Result<AtomicFile> AtomicFile::create(const std::string& path, bool overwrite)
{
    BS_CHECK(checkWritable(path, overwrite));
    AtomicFile file;
    file.m_path = path;
    file.m_overwrite = overwrite;
    file.m_temporary = path + ".partial-" + std::to_string(::getpid());
    file.m_fd = ::open(file.m_temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file.m_fd < 0)
        return ioError(path, "cannot be written");
    return file;
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
{
    *this = std::move(other);
}

AtomicFile& AtomicFile::operator=(AtomicFile&& other) noexcept
{
    std::swap(m_fd, other.m_fd);
    std::swap(m_overwrite, other.m_overwrite);
    std::swap(m_written, other.m_written);
    std::swap(m_path, other.m_path);
    std::swap(m_temporary, other.m_temporary);
    return *this;
}

AtomicFile::~AtomicFile()
{
    discard();
}

void AtomicFile::discard()
{
    if (m_fd < 0)
        return;
    ::close(m_fd);
    m_fd = -1;
    ::unlink(m_temporary.c_str());
}

Result<void> AtomicFile::write(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t n = ::write(m_fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return ioError(m_path, "writing " + std::to_string(bytes.size()) + " bytes after the first " +
                                       std::to_string(m_written) + " failed");
        m_written += static_cast<std::uint64_t>(n);
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

Result<void> AtomicFile::rewrite(std::uint64_t offset, std::span<const std::byte> bytes)
{
    BS_ASSERT(offset <= m_written && bytes.size() <= m_written - offset);
    while (!bytes.empty()) {
        const ssize_t n = ::pwrite(m_fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return ioError(m_path, "writing " + std::to_string(bytes.size()) + " bytes at byte " +
                                       std::to_string(offset) + " failed");
        offset += static_cast<std::uint64_t>(n);
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

Result<void> AtomicFile::commit()
{
    if (::fsync(m_fd) != 0)
        return ioError(m_path, "flushing to disk failed");
    // link() refuses an existing name, rename() replaces it: no race between check and use.
    const bool placed = m_overwrite ? ::rename(m_temporary.c_str(), m_path.c_str()) == 0
                                    : ::link(m_temporary.c_str(), m_path.c_str()) == 0;
    if (!placed && errno == EEXIST)
        return Error{ErrorCode::Exists, m_path + ": appeared while it was being written; --force overwrites it"};
    if (!placed)
        return ioError(m_path, "cannot be given its final name");
    if (!m_overwrite)
        ::unlink(m_temporary.c_str());
    ::close(std::exchange(m_fd, -1));
    const std::string folder = std::filesystem::path(m_path).parent_path().string();
    const int folderFd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folderFd >= 0) {
        ::fsync(folderFd); // some file systems refuse this for folders: the data itself is safe already
        ::close(folderFd);
    }
    return {};
}

} // namespace bs
