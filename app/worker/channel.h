#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace bs::worker {

/// Longest line of the protocol, without its end.
inline constexpr std::size_t kMostLineBytes = 16U << 20;

/// Lines of a descriptor.
class LineReader
{
public:
    explicit LineReader(int descriptor)
        : m_descriptor(descriptor)
    {
    }
    /// The next line without its end; empty at the end of input. Errors: Usage (a line over the
    /// cap).
    Result<std::optional<std::string>> next();

private:
    bool fill();
    int m_descriptor;
    std::string m_buffer;
    std::size_t m_searched = 0; ///< no line end before this
    bool m_ended = false;
};

/// Writes whole lines to a descriptor; thread-safe.
class LineWriter
{
public:
    explicit LineWriter(int descriptor)
        : m_descriptor(descriptor)
    {
    }
    /// False once the other side is gone.
    bool write(std::string_view line);

private:
    std::mutex m_mutex;
    int m_descriptor;
    bool m_broken = false;
};

/// Moves descriptor 1 aside for the protocol and points standard output at standard error.
/// Errors: Io.
Result<int> takeStandardOutput();

} // namespace bs::worker
