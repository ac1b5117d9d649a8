#pragma once

#include "core/tokenizer/bpe.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bs {

/// SentencePiece's BPE: of all neighbours those are joined first whose token has the highest score,
/// the leftmost of equals. Immutable and thread-safe.
/// Source: Kudo and Richardson, SentencePiece (2018), and its model file.
class Spm
{
public:
    /// The spec (checked, with scores) must outlive the result.
    explicit Spm(const TokenizerSpec& spec);

    struct Scratch
    {
        struct Symbol
        {
            std::uint32_t begin;
            std::uint32_t size; // 0: joined with the one before
            std::uint32_t previous;
            std::uint32_t next;
        };
        struct Pair
        {
            double score;
            std::uint32_t left;
            std::uint32_t size; // of both; another one now: the pair is gone
        };
        std::vector<Symbol> symbols;
        std::vector<Pair> queue; // a heap with the highest score on top
        /// Where an unused token that came of a merge falls apart: bytes of its left side.
        std::unordered_map<std::string_view, std::uint32_t> cuts;
    };

    /// Appends the ids of a piece shorter than 4 GiB. Characters no token stands for become byte
    /// tokens or the unknown token. Time n log n.
    void encode(std::string_view piece, Scratch& scratch, std::vector<std::int32_t>& ids) const;

private:
    void queuePair(std::string_view piece, Scratch& scratch, std::uint32_t left) const;
    void joinAll(std::string_view piece, Scratch& scratch) const;

    const TokenizerSpec* m_spec;
    std::array<std::int32_t, 256> m_byteIds;
    TokenIndex m_index; // normal, user-defined and unused tokens
    std::size_t m_longest = 0;
};

/// Appends what stands for text that is no token: its byte tokens, or the unknown token, of which
/// neighbours are one if the spec says so. `afterUnknown` says whether one was just appended.
void appendUnknown(const TokenizerSpec& spec, const std::array<std::int32_t, 256>& byteIds,
                   std::string_view text, bool& afterUnknown, std::vector<std::int32_t>& ids);

} // namespace bs
