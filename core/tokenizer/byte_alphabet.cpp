#include "core/tokenizer/byte_alphabet.h"

#include "core/tokenizer/utf8.h"

#include <array>

namespace bs {

namespace {

constexpr char32_t kLastOfAlphabet = 0x143; // 0x100 + 67

struct Alphabet
{
    std::array<std::string, 256> spelling;
    std::array<std::int16_t, kLastOfAlphabet + 1> byteOf;
};

bool isPrintable(unsigned byte)
{
    return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte != 0xAD);
}

Alphabet makeAlphabet()
{
    Alphabet alphabet;
    alphabet.byteOf.fill(-1);
    char32_t next = 0x100;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const char32_t character = isPrintable(byte) ? byte : next++;
        appendUtf8(alphabet.spelling[byte], character);
        alphabet.byteOf[character] = static_cast<std::int16_t>(byte);
    }
    return alphabet;
}

const Alphabet& alphabet()
{
    static const Alphabet instance = makeAlphabet();
    return instance;
}

} // namespace

const std::string& byteSpelling(std::uint8_t byte)
{
    return alphabet().spelling[byte];
}

std::string bytesOfSpelling(std::string_view spelling)
{
    std::string bytes;
    for (std::string_view rest = spelling; !rest.empty();) {
        const std::size_t length = utf8CharLength(rest);
        const char32_t character = utf8CodePoint(rest);
        if (length == 0 || character > kLastOfAlphabet || alphabet().byteOf[character] < 0)
            return std::string(spelling);
        bytes += static_cast<char>(alphabet().byteOf[character]);
        rest.remove_prefix(length);
    }
    return bytes;
}

} // namespace bs
