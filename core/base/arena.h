#pragma once

#include "core/base/file.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace bs {

/// The bytes of a file that are in memory now. A reserved address range mirrors the file: byte i of
/// the file lies at data() + i once its range was loaded. Pages are private anonymous memory, read
/// with pread and given back to the system at once when the last range touching them is dropped, so
/// that the process's resident set follows what is loaded (no file mapping: a file that shrinks is
/// an Io error here, not a SIGBUS). Thread-safe.
class Arena
{
public:
    /// Reserves `bytes` of address space; nothing is resident yet. Errors: Memory.
    static Result<Arena> reserve(std::uint64_t bytes);
    Arena(Arena&& other) noexcept;
    Arena& operator=(Arena&& other) noexcept;
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;
    ~Arena();

    /// Reads [offset, offset + bytes) of `file` to the same place. Errors: Io; then nothing stays.
    Result<void> load(const File& file, std::uint64_t offset, std::uint64_t bytes);
    /// Reads it to data() + place instead, for what must be aligned and is not in the file.
    Result<void> load(const File& file, std::uint64_t offset, std::uint64_t bytes,
                      std::uint64_t place);
    /// Forgets a range loaded before: where it was put.
    void drop(std::uint64_t place, std::uint64_t bytes);

    std::byte* data() { return m_base; }
    const std::byte* data() const { return m_base; }
    /// Bytes of the pages that hold something.
    std::uint64_t residentBytes() const;

private:
    Arena() = default;
    std::byte* m_base = nullptr;
    std::uint64_t m_size = 0;
    std::uint64_t m_residentPages = 0;
    std::vector<std::uint16_t> m_users; ///< loaded ranges touching each page
    /// Of the two above, and held while pages are given back: none of them can be claimed again meanwhile.
    std::unique_ptr<std::mutex> m_mutex = std::make_unique<std::mutex>();
};

} // namespace bs
