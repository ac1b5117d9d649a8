#include "app/worker/channel.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace bs::worker {

bool LineReader::fill()
{
    std::array<char, 65536> piece; // NOLINT(cppcoreguidelines-pro-type-member-init): read fills it
    ssize_t got = 0;
    do {
        got = ::read(m_descriptor, piece.data(), piece.size());
    } while (got < 0 && errno == EINTR);
    if (got <= 0) return false;
    m_buffer.append(piece.data(), static_cast<std::size_t>(got));
    return true;
}

Result<std::optional<std::string>> LineReader::next()
{
    while (true) {
        const std::size_t end = m_buffer.find('\n', m_searched);
        const std::size_t length = end == std::string::npos ? m_buffer.size() : end;
        if (length > kMostLineBytes)
            return Error{ErrorCode::Usage, "a line is longer than the " +
                                               std::to_string(kMostLineBytes) +
                                               " bytes a message may have"};
        if (end != std::string::npos || m_ended) {
            if (m_buffer.empty()) return std::optional<std::string>();
            std::string line = m_buffer.substr(0, length);
            m_buffer.erase(0, end == std::string::npos ? length : end + 1);
            m_searched = 0;
            return std::optional<std::string>(std::move(line));
        }
        m_searched = m_buffer.size();
        m_ended = !fill();
    }
}

bool LineWriter::write(std::string_view line)
{
    std::string text(line);
    text += '\n';
    const std::lock_guard lock(m_mutex);
    std::size_t written = 0;
    while (!m_broken && written < text.size()) {
        const ssize_t put = ::write(m_descriptor, text.data() + written, text.size() - written);
        if (put >= 0)
            written += static_cast<std::size_t>(put);
        else if (errno != EINTR)
            m_broken = true;
    }
    return !m_broken;
}

Result<int> takeStandardOutput()
{
    std::fflush(stdout);
    const int copy = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    if (copy < 0 || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return Error{ErrorCode::Io,
                     std::string("standard output cannot be moved aside: ") + std::strerror(errno)};
    return copy;
}

} // namespace bs::worker
