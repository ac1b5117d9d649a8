#include "core/tokenizer/token_finder.h"

namespace bs {

namespace {

unsigned byteOf(char character)
{
    return static_cast<unsigned char>(character);
}

} // namespace

TokenFinder::TokenFinder(std::vector<std::pair<std::string_view, std::int32_t>> tokens)
    : m_tokens(std::move(tokens))
{
    std::erase_if(m_tokens, [](const auto& token) { return token.first.empty(); });
    std::ranges::sort(m_tokens); // string_view compares bytes as unsigned
    for (const auto& [spelling, id] : m_tokens)
        ++m_begin[byteOf(spelling[0]) + 1];
    for (std::size_t byte = 0; byte < 256; ++byte)
        m_begin[byte + 1] += m_begin[byte];
}

TokenFinder::Found TokenFinder::next(std::string_view text, std::size_t from) const
{
    if (m_tokens.empty()) return {};
    for (std::size_t at = from; at < text.size(); ++at) {
        const unsigned first = byteOf(text[at]);
        if (m_begin[first] == m_begin[first + 1]) continue;
        const Found found = longestAt(text, at);
        if (found.size > 0) return found;
    }
    return {};
}

TokenFinder::Found TokenFinder::longestAt(std::string_view text, std::size_t at) const
{
    Found found; // of tokens spelled alike the last one is kept
    prefixesAt(text, at, [&found](const Found& one) { found = one; });
    return found;
}

} // namespace bs
