#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/utf8.h"

#include <utility>

namespace bs {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD"; // U+FFFD

/// Moves the whole characters at the front of `pending` into the answer. Bytes that can never
/// become a character are U+FFFD, one for each attempt at a character.
std::string takeWhole(std::string& pending)
{
    std::string whole;
    std::string_view rest = pending;
    while (!rest.empty() && !isUtf8Prefix(rest)) {
        std::size_t length = utf8CharLength(rest);
        if (length > 0) {
            whole += rest.substr(0, length);
        } else {
            whole += kReplacement;
            length = 1;
            while (length < rest.size() && isUtf8Prefix(rest.substr(0, length + 1)))
                ++length;
        }
        rest.remove_prefix(length);
    }
    pending = std::string(rest);
    return whole;
}

} // namespace

StreamDecoder::StreamDecoder(std::shared_ptr<const Tokenizer> tokenizer, bool continues)
    : m_tokenizer(std::move(tokenizer))
    , m_dropsSpace(!continues && m_tokenizer->spec().dropsSpace)
{
}

std::string StreamDecoder::push(std::int32_t id)
{
    const std::string piece = m_tokenizer->piece(id);
    const bool drop = m_dropsSpace && piece.starts_with(' ');
    if (!piece.empty()) m_dropsSpace = false;
    m_pending += drop ? piece.substr(1) : piece;
    return takeWhole(m_pending);
}

std::string StreamDecoder::finish()
{
    const bool unfinished = !m_pending.empty();
    m_pending.clear();
    return unfinished ? std::string(kReplacement) : std::string();
}

} // namespace bs
