#include "core/tokenizer/charsmap.h"

namespace bs {

namespace {

constexpr std::uint32_t kValueBit = 1U << 31;

std::uint32_t childrenOf(std::uint32_t unit)
{
    return ((unit & ~kValueBit) >> 10) << ((unit & (1U << 9)) >> 6);
}

std::uint32_t word(std::string_view bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t byte = 4; byte-- > 0;)
        value = (value << 8) | static_cast<unsigned char>(bytes[at + byte]);
    return value;
}

Error wrong(const std::string& what)
{
    return Error{ErrorCode::Format, "tokenizer: precompiled charsmap " + what};
}

} // namespace

Result<Charsmap> Charsmap::create(std::string_view bytes)
{
    Charsmap map;
    if (bytes.empty()) return map;
    if (bytes.size() < 4)
        return wrong("has " + std::to_string(bytes.size()) + " bytes, fewer than its header");
    const std::size_t size = word(bytes, 0);
    const std::size_t left = bytes.size() - 4;
    if (size > left)
        return wrong("says its trie has " + std::to_string(size) + " bytes, " +
                     std::to_string(left) + " follow");
    if (size == 0 || size % 4 != 0)
        return wrong("has a trie of " + std::to_string(size) + " bytes, a multiple of 4 is needed");
    map.m_texts = bytes.substr(4 + size);
    if (map.m_texts.empty() || map.m_texts.back() != '\0')
        return wrong("ends inside a text (" + std::to_string(map.m_texts.size()) +
                     " bytes of texts)");
    map.m_units.reserve(size / 4);
    for (std::size_t at = 4; at < 4 + size; at += 4)
        map.m_units.push_back(word(bytes, at));
    return map;
}

Charsmap::Match Charsmap::find(std::string_view text, bool shortest) const
{
    Match match;
    if (m_units.empty()) return match;
    std::size_t node = childrenOf(m_units[0]);
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        node ^= byte;
        if (byte == 0 || node >= m_units.size()) break;
        const std::uint32_t unit = m_units[node];
        if ((unit & (kValueBit | 0xFF)) != byte) break;
        node ^= childrenOf(unit);
        if ((unit & (1U << 8)) == 0) continue;
        if (node >= m_units.size()) break;
        const std::size_t offset = m_units[node] & ~kValueBit;
        if (offset >= m_texts.size()) break;
        match = {at + 1, std::string_view(m_texts.c_str() + offset)}; // a NUL is always ahead
        if (shortest) break;
    }
    return match;
}

Charsmap::Match Charsmap::longest(std::string_view text) const
{
    return find(text, false);
}

Charsmap::Match Charsmap::shortest(std::string_view text) const
{
    return find(text, true);
}

} // namespace bs
