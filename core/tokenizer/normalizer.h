#pragma once

#include "core/base/result.h"
#include "core/tokenizer/charsmap.h"
#include "core/tokenizer/pattern.h"
#include "core/tokenizer/token_finder.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bs {

struct TokenizerSpec;

/// Changes a text before it is cut into pieces. Immutable and thread-safe.
class Normalizer
{
public:
    /// `kept` are spellings that SentencePiece's normaliser leaves alone; the spec must outlive the
    /// result. Errors: Format (charsmap), Unsupported (step or pattern named).
    static Result<Normalizer> create(const TokenizerSpec& spec, TokenFinder kept);

    bool empty() const { return m_steps.empty(); }
    /// `first`: the whole text begins here. Bytes that are no UTF-8 stay as they are, but for
    /// SentencePiece's switch. Time grows with the text's length.
    std::string apply(std::string_view text, bool first) const;

private:
    enum class Kind {
        Nfc,
        Nfd,
        Nfkc,
        Nfkd,
        Prepend,
        Prefix,
        PrefixFirst,
        Replace,
        ReplacePattern,
        StripLeft,
        StripRight,
        Charsmap,
        SentencePiece
    };
    struct Step
    {
        Kind kind;
        std::string from;
        std::string to;
        std::optional<Pattern> pattern;
    };
    explicit Normalizer(const TokenizerSpec& spec)
        : m_spec(&spec)
    {
    }
    std::string one(const Step& step, std::string text, bool first) const;
    std::string byGraphemes(std::string_view text) const;
    std::string sentencePiece(std::string_view text) const;

    const TokenizerSpec* m_spec;
    TokenFinder m_kept;
    Charsmap m_charsmap;
    std::vector<Step> m_steps;
};

} // namespace bs
