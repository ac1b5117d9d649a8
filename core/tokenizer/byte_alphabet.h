#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bs {

/// The alphabet byte-level vocabularies are written in: one printable character per byte value.
/// Source: GPT-2's encoder; printable bytes of Latin-1 stand for themselves, the other 68 are
/// U+0100 and on, in order.
const std::string& byteSpelling(std::uint8_t byte);

/// The bytes a token's spelling stands for. A spelling with a character outside the alphabet stands
/// for itself.
std::string bytesOfSpelling(std::string_view spelling);

} // namespace bs
