#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace bs {

/// A file without a name, for what would take too much memory: gone when it is closed, however the program ends.
class ScratchFile
{
public:
    /// In a folder that exists. Errors: Io (folder and reason named).
    static Result<ScratchFile> create(const std::string& folder);
    ScratchFile(ScratchFile&& other) noexcept;
    ScratchFile& operator=(ScratchFile&& other) noexcept;
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;
    ~ScratchFile();

    /// Appends; returns where the bytes lie. Errors: Io (disk full and the like).
    Result<std::uint64_t> append(std::span<const std::byte> bytes);
    /// Errors: Io.
    Result<void> readAt(std::uint64_t offset, std::span<std::byte> into) const;

private:
    ScratchFile() = default;
    Error failure(const char* what, std::size_t bytes) const;
    int m_fd = -1;
    std::uint64_t m_size = 0;
    std::string m_folder; ///< for messages
};

} // namespace bs
