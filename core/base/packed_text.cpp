#include "core/base/packed_text.h"

#include <cstddef>
#include <new>
#include <zlib.h>

namespace bs {

namespace {

constexpr std::size_t kLengthBytes = 8;
/// No zlib stream holds more than 1032 bytes a byte.
constexpr std::uint64_t kMostRatio = 1032;

Bytef* bytesOf(std::string& text)
{
    return reinterpret_cast<Bytef*>(text.data());
}

const Bytef* bytesOf(std::string_view text)
{
    return reinterpret_cast<const Bytef*>(text.data());
}

} // namespace

std::string packText(std::string_view text)
{
    uLongf length = compressBound(text.size());
    std::string stream(length, '\0');
    const int state = compress2(bytesOf(stream), &length, bytesOf(text), text.size(), Z_BEST_COMPRESSION);
    if (state != Z_OK)
        throw std::bad_alloc(); // the one thing that can go wrong with a buffer of that bound
    std::string packed;
    for (std::size_t i = 0; i < kLengthBytes; ++i)
        packed += static_cast<char>(static_cast<std::uint64_t>(text.size()) >> (8 * i) & 0xFF);
    return packed + stream.substr(0, length);
}

Result<std::string> unpackText(std::string_view packed, std::uint64_t maxBytes)
{
    const auto wrong = [](const std::string& what) { return Error{ErrorCode::Format, what}; };
    if (packed.size() < kLengthBytes)
        return wrong("packed text is " + std::to_string(packed.size()) + " bytes, at least 8 are needed for its length");
    std::uint64_t length = 0;
    for (std::size_t i = kLengthBytes; i-- > 0;)
        length = length << 8 | static_cast<unsigned char>(packed[i]);
    const std::string_view stream = packed.substr(kLengthBytes);
    const std::string claim = "packed text claims to be " + std::to_string(length) + " bytes";
    if (length > maxBytes)
        return wrong(claim + ", at most " + std::to_string(maxBytes) + " are allowed");
    if (length / kMostRatio > stream.size())
        return wrong(claim + ", which its stream of " + std::to_string(stream.size()) + " cannot hold");
    std::string text(length, '\0');
    uLongf written = length;
    uLong read = stream.size();
    const int state = uncompress2(bytesOf(text), &written, bytesOf(stream), &read);
    if (state != Z_OK || written != length || read != stream.size())
        return wrong(claim + ", but its stream of " + std::to_string(stream.size()) + " bytes holds something else");
    return text;
}

} // namespace bs
