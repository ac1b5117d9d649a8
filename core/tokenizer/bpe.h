#pragma once

#include "core/base/result.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bs {

/// Token ids by spelling. Of two tokens spelled alike the later one counts. The views are into the
/// tokens the index was made of.
using TokenIndex = std::unordered_map<std::string_view, std::int32_t>;
TokenIndex indexTokens(std::span<const std::string> tokens);

/// The two sides of a merge "left right"; the first space after the first byte parts them. Both
/// empty if there is none.
std::pair<std::string_view, std::string_view> mergeSides(std::string_view merge);

struct TokenizerSpec;

/// The id of every byte's token "<0x0A>" (kind Byte), -1 where there is none.
std::array<std::int32_t, 256> byteTokens(const TokenizerSpec& spec);
/// The byte of a token spelled "<0x0A>", -1 of another spelling.
int byteOfHex(std::string_view spelling);

/// Byte-pair merging: which tokens a piece's bytes ("bpe") or characters ("bpe_chars") become.
/// Immutable and thread-safe.
class Bpe
{
public:
    /// The spec must outlive the result. Errors: Format (merge and missing token named).
    static Result<Bpe> create(const TokenizerSpec& spec);

    /// Room that calls of one thread share.
    struct Scratch
    {
        struct Symbol
        {
            std::int32_t id; // of no token: -1
            std::uint32_t previous;
            std::uint32_t next;
        };
        std::vector<Symbol> symbols;
        std::vector<std::uint64_t> queue; // (rank << 32 | position), a heap with the least on top
        bool merged = false;              ///< whether the last piece had anything to merge
        std::uint32_t lastRank = 0;       ///< of its last merge
    };

    /// Appends the ids of a piece shorter than 4 GiB: of all neighbours the pair of lowest rank is
    /// joined first, the leftmost of equals. A byte that no token stands for parts its neighbours
    /// and is left out, as llama.cpp does; such a character becomes byte tokens or the unknown one,
    /// or is left out as if it were not there, as Hugging Face does. Time n log n.
    void encode(std::string_view piece, Scratch& scratch, std::vector<std::int32_t>& ids) const;

private:
    struct Merge
    {
        std::int32_t left;
        std::int32_t right;
        std::int32_t joined;
    };
    explicit Bpe(const TokenizerSpec& spec)
        : m_spec(&spec)
    {
    }
    void addBytes(std::string_view piece, Scratch& scratch) const;
    void addCharacters(std::string_view piece, Scratch& scratch) const;
    void insert(std::uint32_t rank);
    std::uint32_t rankOf(std::int32_t left, std::int32_t right) const;
    void mergeAll(Scratch& scratch) const;
    void queuePair(Scratch& scratch, std::uint32_t at) const;

    const TokenizerSpec* m_spec;
    std::array<std::int32_t, 256> m_byteIds{}; // of the alphabet, or the byte tokens
    TokenIndex m_characters;                   // tokens of one character; for "bpe_chars"
    std::unordered_map<std::string, std::int32_t> m_whole; // by their bytes; for ignoreMerges
    std::vector<Merge> m_merges;                           // by rank
    std::vector<std::uint32_t> m_slots; // open addressing by (left, right): rank, or kNone
};

} // namespace bs
