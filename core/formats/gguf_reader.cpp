#include "core/formats/gguf_reader.h"

#include <algorithm>

namespace bs {

namespace {
constexpr std::uint64_t kPieceBytes = 1ULL << 18;
}

GgufReader::GgufReader(const File& file, std::uint64_t maxHeaderBytes)
    : m_file(file)
    , m_fileSize(file.size())
    , m_maxHeaderBytes(maxHeaderBytes)
{
}

Result<void> GgufReader::check(std::uint64_t bytes, const char* what) const
{
    if (bytes > left())
        return Error{ErrorCode::Format, std::string(what) + " takes " + std::to_string(bytes) +
                                            " bytes at byte " + std::to_string(position()) +
                                            ", but only " + std::to_string(left()) +
                                            " are left; the file was cut or is damaged"};
    if (bytes > m_maxHeaderBytes || position() > m_maxHeaderBytes - bytes)
        return Error{ErrorCode::Format, std::string(what) + " ends past byte " +
                                            std::to_string(m_maxHeaderBytes) +
                                            ", up to which a header is read"};
    return {};
}

Result<void> GgufReader::refill(std::uint64_t bytes, const char* what)
{
    BS_CHECK(check(bytes, what));
    m_windowOffset = position();
    m_used = 0;
    m_window.resize(std::min(std::max(bytes, kPieceBytes), m_fileSize - m_windowOffset));
    return m_file.readAt(m_windowOffset, m_window);
}

Result<std::string> GgufReader::text(const char* what, std::uint64_t maxBytes)
{
    BS_TRY(const auto length, number<std::uint64_t>(what));
    if (length > maxBytes && length <= left())
        return Error{ErrorCode::Format, std::string(what) + " is " + std::to_string(length) +
                                            " bytes long, at most " + std::to_string(maxBytes) +
                                            " are allowed"};
    constexpr std::uint64_t kInPlace = 15; // what a std::string holds without the heap
    if (length > kInPlace) BS_CHECK(charge(24));
    if (length <= kPieceBytes) {
        BS_CHECK(need(length, what));
        return std::string(reinterpret_cast<const char*>(take(length)), length);
    }
    // Not through the window: it would be there twice.
    BS_CHECK(check(length, what));
    const std::uint64_t begin = position();
    std::string text(length, '\0');
    BS_CHECK(m_file.readAt(begin, std::as_writable_bytes(std::span(text.data(), text.size()))));
    m_window.clear();
    m_used = 0;
    m_windowOffset = begin + length;
    return text;
}

Result<void> GgufReader::charge(std::uint64_t bytes)
{
    m_excess += bytes;
    if (m_excess <= kMaxGgufExcessBytes) return {};
    return Error{ErrorCode::Format, "what the header holds up to byte " +
                                        std::to_string(position()) + " would take more than " +
                                        std::to_string(kMaxGgufExcessBytes) +
                                        " bytes of memory beyond its own, which no real one does"};
}

} // namespace bs
