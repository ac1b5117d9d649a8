#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bs {

/// A file opened for reading; positions are explicit, so that one File may be read by many threads.
class File
{
public:
    /// Errors: NotFound (missing, not a regular file, no permission; the message names path and
    /// reason).
    static Result<File> open(const std::string& path);
    /// Several files as one: they lie one after another, each from the next multiple of `alignment`
    /// on; what is between them cannot be read, nor can a range that reaches into the next one (Io).
    /// Goes by the path of the first. At least one file, none of them joined itself.
    static File join(std::vector<std::shared_ptr<const File>> pieces, std::uint64_t alignment);
    File(File&& other) noexcept;
    File& operator=(File&& other) noexcept;
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File();

    const std::string& path() const { return m_path; }
    /// Bytes of the file when it was opened; where the last piece of a joined one ends.
    std::uint64_t size() const { return m_size; }
    /// What is joined; empty for a file by itself.
    const std::vector<std::shared_ptr<const File>>& pieces() const { return m_pieces; }
    /// Where piece `i` begins.
    std::uint64_t offsetOf(std::size_t i) const { return m_offsets[i]; }
    /// Fills `into` from `offset`. Errors: Io (read failed, or the file has become shorter).
    Result<void> readAt(std::uint64_t offset, std::span<std::byte> into) const;

private:
    File() = default;
    int m_fd = -1;
    std::uint64_t m_size = 0;
    std::string m_path;
    std::vector<std::shared_ptr<const File>> m_pieces;
    std::vector<std::uint64_t> m_offsets; ///< by piece, rising
};

/// Whole file as text. Errors as File; Format if it is larger than `maxBytes`.
Result<std::string> readTextFile(const std::string& path, std::uint64_t maxBytes = 1ULL << 30);

/// Whether a file may appear under that name, to be asked before long work. Errors: Usage (no name), Exists (something is there, a dangling link
/// too, and `overwrite` is false), Io (a folder, or what is no file at all: a device, a pipe).
Result<void> checkWritable(const std::string& path, bool overwrite);

/// A file that appears under its name only when it is complete: written to a temporary file beside
/// it, then commit() = fsync, rename, fsync of the folder. Destroyed without commit: nothing is left.
class AtomicFile
{
public:
    /// Errors: as checkWritable; Io (folder missing or not writable).
    static Result<AtomicFile> create(const std::string& path, bool overwrite);
    AtomicFile(AtomicFile&& other) noexcept;
    AtomicFile& operator=(AtomicFile&& other) noexcept;
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;
    ~AtomicFile();

    /// Appends. Errors: Io (disk full and the like; names path, bytes and reason).
    Result<void> write(std::span<const std::byte> bytes);
    Result<void> write(std::string_view text) { return write(std::as_bytes(std::span(text.data(), text.size()))); }
    /// Replaces bytes written before. Errors: Io.
    Result<void> rewrite(std::uint64_t offset, std::span<const std::byte> bytes);
    std::uint64_t written() const { return m_written; }
    Result<void> commit();

private:
    AtomicFile() = default;
    void discard();
    int m_fd = -1;
    bool m_overwrite = false;
    std::uint64_t m_written = 0;
    std::string m_path;
    std::string m_temporary;
};

} // namespace bs
