#include "core/jobs/export_layout.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace bs {

namespace {

namespace fs = std::filesystem;

/// How far all files together are.
struct Tally
{
    double total = 0;
    double done = 0;
};

Result<void> writeContent(const ExportFile& file, AtomicFile& out, Tally& tally,
                          const JobContext& context)
{
    BS_CHECK(out.write(file.start));
    tally.done += static_cast<double>(file.start.size());
    for (const PendingTensor& tensor : file.tensors) {
        BS_CHECK(context.checkStop());
        context.report({"writing", tally.done, tally.total, -1, tensor.desc.name});
        BS_TRY(const std::vector<std::byte> bytes, tensor.read());
        BS_ASSERT(bytes.size() == tensor.desc.bytes);
        BS_CHECK(out.write(bytes));
        const std::vector<std::byte> zeros((file.alignment - bytes.size() % file.alignment) %
                                           file.alignment);
        BS_CHECK(out.write(zeros));
        tally.done += static_cast<double>(bytes.size() + zeros.size());
    }
    return {};
}

Error ioError(const std::string& path, const std::string& what)
{
    return Error{ErrorCode::Io, path + ": " + what + ": " + std::strerror(errno)};
}

/// A folder that is removed unless it was kept.
class TemporaryFolder
{
public:
    explicit TemporaryFolder(std::string path)
        : m_path(std::move(path))
    {
    }
    ~TemporaryFolder()
    {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::string& path() const { return m_path; }

private:
    std::string m_path;
};

/// Puts the finished folder under its name; one that is there is exchanged for it in one step and
/// goes with the temporary one.
Result<void> takeItsName(const std::string& from, const std::string& to)
{
    std::error_code ignored;
    const unsigned how = fs::exists(to, ignored) ? RENAME_EXCHANGE : RENAME_NOREPLACE;
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), how) != 0)
        return ioError(to, "cannot be put in place");
    const std::string parent = fs::absolute(to).parent_path().string();
    const int fd = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return ioError(parent, "cannot be opened");
    const int synced = ::fsync(fd);
    ::close(fd);
    return synced == 0 ? Result<void>() : ioError(parent, "cannot be written to disk");
}

Result<void> checkReplaced(const std::string& output, bool force)
{
    std::error_code ignored;
    if (!fs::exists(output, ignored)) return {};
    if (!force) return Error{ErrorCode::Exists, output + ": exists already; --force overwrites it"};
    if (fs::is_directory(output, ignored) &&
        (fs::exists(output + "/" + kManifestName, ignored) || fs::is_empty(output, ignored)))
        return {};
    return Error{ErrorCode::Usage, output + ": is no folder that an export wrote (" +
                                       kManifestName + " is missing), so it is not replaced"};
}

std::string withoutSlash(std::string path)
{
    while (path.size() > 1 && path.back() == '/')
        path.pop_back();
    return path;
}

} // namespace

Result<void> writeExportedFile(const ExportFile& file, const std::string& output, bool force,
                               const JobContext& context)
{
    Tally tally{static_cast<double>(file.bytes()), 0};
    BS_TRY(AtomicFile out, AtomicFile::create(output, force));
    BS_CHECK(writeContent(file, out, tally, context));
    return out.commit();
}

Result<void> writeExportedFolder(const std::vector<ExportFile>& files, const std::string& output,
                                 bool force, const JobContext& context)
{
    const std::string target = withoutSlash(output);
    BS_CHECK(checkReplaced(target, force));
    const TemporaryFolder folder(target + ".partial-" + std::to_string(::getpid()));
    std::error_code failed;
    if (!fs::create_directory(folder.path(), failed) && failed)
        return Error{ErrorCode::Io, target + ": cannot be written: " + failed.message()};
    Tally tally;
    for (const ExportFile& file : files)
        tally.total += static_cast<double>(file.bytes());
    for (const ExportFile& file : files) {
        BS_TRY(AtomicFile out, AtomicFile::create(folder.path() + "/" + file.name, true));
        BS_CHECK(writeContent(file, out, tally, context));
        BS_CHECK(out.commit());
    }
    return takeItsName(folder.path(), target);
}

} // namespace bs
