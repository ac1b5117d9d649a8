#include "core/tokenizer/utf8.h"

namespace bs {

namespace {

struct Lead
{
    std::size_t length; // of the whole character; 0: no character begins so
    unsigned low;       // bounds of the second byte (Unicode, table 3-7)
    unsigned high;
};

Lead leadOf(unsigned byte)
{
    if (byte < 0x80) return {1, 0, 0};
    if (byte < 0xC2 || byte > 0xF4) return {0, 0, 0};
    if (byte < 0xE0) return {2, 0x80, 0xBF};
    if (byte < 0xF0) return {3, byte == 0xE0 ? 0xA0U : 0x80U, byte == 0xED ? 0x9FU : 0xBFU};
    return {4, byte == 0xF0 ? 0x90U : 0x80U, byte == 0xF4 ? 0x8FU : 0xBFU};
}

unsigned byteAt(std::string_view text, std::size_t at)
{
    return static_cast<unsigned char>(text[at]);
}

/// How many of the first `lead.length` bytes fit.
std::size_t fittingBytes(std::string_view text, const Lead& lead)
{
    std::size_t at = 1;
    while (at < lead.length && at < text.size()) {
        const unsigned byte = byteAt(text, at);
        const unsigned low = at == 1 ? lead.low : 0x80U;
        const unsigned high = at == 1 ? lead.high : 0xBFU;
        if (byte < low || byte > high) break;
        ++at;
    }
    return at;
}

} // namespace

std::size_t utf8CharLength(std::string_view text)
{
    if (text.empty()) return 0;
    const Lead lead = leadOf(byteAt(text, 0));
    if (lead.length <= 1) return lead.length;
    return fittingBytes(text, lead) == lead.length ? lead.length : 0;
}

bool isUtf8Prefix(std::string_view text)
{
    if (text.empty()) return true;
    const Lead lead = leadOf(byteAt(text, 0));
    return text.size() < lead.length && fittingBytes(text, lead) == text.size();
}

bool isUtf8(std::string_view text)
{
    while (!text.empty()) {
        const std::size_t length = utf8CharLength(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

char32_t utf8CodePoint(std::string_view text)
{
    const std::size_t length = utf8CharLength(text);
    if (length <= 1) return length == 1 ? byteAt(text, 0) : 0xFFFD;
    char32_t value = byteAt(text, 0) & (0x7FU >> length);
    for (std::size_t at = 1; at < length; ++at)
        value = (value << 6) | (byteAt(text, at) & 0x3FU);
    return value;
}

void appendUtf8(std::string& text, char32_t codePoint)
{
    const auto put = [&text](char32_t byte) { text += static_cast<char>(byte); };
    if (codePoint < 0x80) {
        put(codePoint);
    } else if (codePoint < 0x800) {
        put(0xC0 | (codePoint >> 6));
        put(0x80 | (codePoint & 0x3F));
    } else if (codePoint < 0x10000) {
        put(0xE0 | (codePoint >> 12));
        put(0x80 | ((codePoint >> 6) & 0x3F));
        put(0x80 | (codePoint & 0x3F));
    } else {
        put(0xF0 | (codePoint >> 18));
        put(0x80 | ((codePoint >> 12) & 0x3F));
        put(0x80 | ((codePoint >> 6) & 0x3F));
        put(0x80 | (codePoint & 0x3F));
    }
}

} // namespace bs
