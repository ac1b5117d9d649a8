#pragma once

#include "core/tokenizer/token_finder.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace bs {

struct TokenizerSpec;

/// The unigram model: of all ways to write a text as tokens, the one with the largest sum of
/// scores (Viterbi's search over the text's bytes). Immutable and thread-safe.
/// Source: Kudo, Subword Regularization (2018), equations 4 and 5. Sums are rounded to float as
/// SentencePiece does, or kept in double as Hugging Face does: near ties differ.
class Unigram
{
public:
    /// The spec (checked, with scores) must outlive the result.
    explicit Unigram(const TokenizerSpec& spec);

    struct Scratch
    {
        struct Step
        {
            double score;
            std::uint32_t begin; // where the token that ends here begins, or none: not reached
            std::int32_t id;     // -1: the unknown one
        };
        std::vector<Step> steps; // by the byte where they end
        std::vector<std::uint32_t> ends;
    };

    /// Appends the ids of a piece shorter than 4 GiB. Time n times the length of the longest token.
    void encode(std::string_view piece, Scratch& scratch, std::vector<std::int32_t>& ids) const;

private:
    void reach(std::string_view piece, std::size_t at, Scratch& scratch) const;

    const TokenizerSpec* m_spec;
    std::array<std::int32_t, 256> m_byteIds;
    TokenFinder m_finder;
    std::vector<double> m_scores; // by id
    double m_unknownScore = 0;
};

} // namespace bs
