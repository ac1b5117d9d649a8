#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bs {

/// SentencePiece's precompiled normalisation map: a double-array trie of spellings and the texts
/// they become. Immutable and thread-safe; no lookup leaves the array, whatever the file says.
/// Layout: u32 bytes of the trie; its 32-bit units; the texts, each ended by a NUL. A unit holds
/// the offset of its children in bits 10 to 30 (times 256 if bit 9 is set), bit 8 if a value is
/// below it, and its own byte in bits 0 to 7; a value has bit 31 set. Little-endian.
class Charsmap
{
public:
    struct Match
    {
        std::size_t size = 0; ///< bytes of the text; 0: nothing matches
        std::string_view becomes;
    };

    /// An empty map changes nothing. Errors: Format (figures).
    static Result<Charsmap> create(std::string_view bytes);

    bool empty() const { return m_units.empty(); }
    /// The longest spelling that `text` begins with.
    Match longest(std::string_view text) const;
    /// The shortest one.
    Match shortest(std::string_view text) const;

private:
    Match find(std::string_view text, bool shortest) const;
    std::vector<std::uint32_t> m_units;
    std::string m_texts; // ends in a NUL
};

} // namespace bs
