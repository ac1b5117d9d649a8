#pragma once

#include "core/tokenizer/tokenizer.h"

#include <string>
#include <string_view>

namespace bs {

inline const std::string kMark = "\xE2\x96\x81";

/// A vocabulary made by hand, ids 0 to 7, then the 256 bytes. Joined by scores: "ab" before "bc"
/// before "abc".
inline TokenizerSpec smallSpm()
{
    TokenizerSpec spec;
    spec.model = "spm";
    spec.preTokenizer = "none";
    spec.spaceMark = kMark;
    spec.normalizer = {{"sentencepiece", "", ""}};
    spec.sentencePiece = {true, false, false};
    spec.byteFallback = true;
    spec.tokens = {"<unk>", "a", "b", "c", kMark, "ab", "bc", "abc"};
    spec.scores = {0, -9, -9, -9, -9, -1, -2, -3};
    spec.kinds.assign(8, TokenKind::Normal);
    spec.kinds[0] = TokenKind::Unknown;
    spec.unknown = 0;
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    for (std::size_t byte = 0; byte < 256; ++byte) {
        spec.tokens.push_back(std::string("<0x") + kDigits[byte / 16] + kDigits[byte % 16] + ">");
        spec.scores.push_back(0);
        spec.kinds.push_back(TokenKind::Byte);
    }
    return spec;
}

/// The same as merges over characters.
inline TokenizerSpec smallMerges()
{
    TokenizerSpec spec = smallSpm();
    spec.model = "bpe_chars";
    spec.scores.clear();
    spec.merges = {"a b", "b c", "ab c", "a bc"};
    spec.normalizer = {{"prepend", "", kMark}, {"replace", " ", kMark}};
    return spec;
}

} // namespace bs
