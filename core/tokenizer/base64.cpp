#include "core/tokenizer/base64.h"

#include <algorithm>
#include <cstdint>

namespace bs {

namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

} // namespace

std::string toBase64(std::string_view bytes)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
        std::uint32_t group = 0;
        for (std::size_t byte = 0; byte < 3; ++byte)
            group =
                (group << 8) | (byte < count ? static_cast<unsigned char>(bytes[at + byte]) : 0U);
        for (std::size_t letter = 0; letter < 4; ++letter)
            text += letter <= count ? kAlphabet[(group >> (18 - 6 * letter)) & 63] : '=';
    }
    return text;
}

std::optional<std::string> fromBase64(std::string_view text)
{
    if (text.size() % 4 != 0) return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && text.ends_with('=')) {
        text.remove_suffix(1);
        ++padding;
    }
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t group = 0;
    unsigned bits = 0;
    for (const char letter : text) {
        const std::size_t value = kAlphabet.find(letter);
        if (value == std::string_view::npos) return std::nullopt;
        group = ((group << 6) | static_cast<std::uint32_t>(value)) & 0xFFFF;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>((group >> bits) & 0xFF);
    }
    return bytes;
}

} // namespace bs
