#pragma once

#include "core/base/file.h"
#include "core/formats/gguf.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace bs {

/// No real header comes near; it keeps a hostile one from taking all memory.
constexpr std::uint64_t kMaxGgufHeaderBytes = 256ULL << 20;

/// What a header may take in memory beyond its own bytes. A vocabulary of half a million tokens
/// with a million merges takes 32 MB; an empty text takes four times the bytes it has in the file.
constexpr std::uint64_t kMaxGgufExcessBytes = 40ULL << 20;

/// Reads a GGUF header from front to back, in pieces, so that only what is parsed is in memory.
/// Every length is compared with what is left before anything is read or allocated. Errors: Format,
/// Io.
class GgufReader
{
public:
    /// Gives up at `maxHeaderBytes`. `file` must outlive the reader.
    GgufReader(const File& file, std::uint64_t maxHeaderBytes);

    /// The next number; `what` names it in messages ("its type").
    template <class T>
    Result<T> number(const char* what)
    {
        BS_CHECK(need(sizeof(T), what));
        T value;
        std::memcpy(&value, take(sizeof(T)), sizeof(T));
        return value;
    }

    /// The next string: a 64-bit length, then its bytes.
    Result<std::string> text(const char* what, std::uint64_t maxBytes);

    /// What was read takes so much more memory than it has bytes in the file. Errors: Format (past
    /// kMaxGgufExcessBytes).
    Result<void> charge(std::uint64_t bytes);

    std::uint64_t position() const { return m_windowOffset + m_used; }
    /// Bytes from here to the end of the file.
    std::uint64_t left() const { return m_fileSize - position(); }

private:
    /// Makes the next `bytes` bytes available to take().
    Result<void> need(std::uint64_t bytes, const char* what)
    {
        if (bytes <= m_window.size() - m_used) return {};
        return refill(bytes, what);
    }
    Result<void> refill(std::uint64_t bytes, const char* what);
    Result<void> check(std::uint64_t bytes, const char* what) const;
    const std::byte* take(std::uint64_t bytes)
    {
        m_used += bytes;
        return m_window.data() + (m_used - bytes);
    }

    const File& m_file;
    std::uint64_t m_fileSize;
    std::uint64_t m_maxHeaderBytes;
    std::uint64_t m_windowOffset = 0; // where in the file the window begins
    std::uint64_t m_used = 0;         // bytes of the window that were taken
    std::uint64_t m_excess = 0;       // see charge()
    std::vector<std::byte> m_window;
};

/// A value of metadata: its kind, then what the kind asks for. Errors: Format, Unsupported, Io.
Result<GgufValue> readGgufValue(GgufReader& reader);

} // namespace bs
