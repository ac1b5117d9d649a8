#pragma once

#include "core/tokenizer/byte_alphabet.h"
#include "core/tokenizer/tokenizer.h"

#include <initializer_list>
#include <string>

namespace bs {

/// A vocabulary made by hand: ids 0 to 255 are the bytes, then what the merges make in their order,
/// then <|end|> (control), <|ends|> (control) and "::" (user-defined).
inline TokenizerSpec smallSpec(std::initializer_list<const char*> merges)
{
    TokenizerSpec spec;
    spec.model = "bpe";
    spec.preTokenizer = "gpt2";
    for (unsigned byte = 0; byte < 256; ++byte)
        spec.tokens.push_back(byteSpelling(static_cast<std::uint8_t>(byte)));
    for (const std::string merge : merges) {
        const std::size_t space = merge.find(' ');
        spec.tokens.push_back(merge.substr(0, space) + merge.substr(space + 1));
        spec.merges.push_back(merge);
    }
    spec.kinds.assign(spec.tokens.size(), TokenKind::Normal);
    const auto add = [&spec](const char* token, TokenKind kind) {
        spec.tokens.emplace_back(token);
        spec.kinds.push_back(kind);
    };
    add("<|end|>", TokenKind::Control);
    add("<|ends|>", TokenKind::Control);
    add("::", TokenKind::UserDefined);
    spec.eos = static_cast<std::int32_t>(spec.tokens.size()) - 3;
    return spec;
}

/// The spellings of a text's tokens with '|' between them.
inline std::string spelled(const Tokenizer& tokenizer, std::string_view text,
                           bool parseControl = true)
{
    std::string result;
    for (const std::int32_t id : tokenizer.encode(text, parseControl))
        result +=
            (result.empty() ? "" : "|") + tokenizer.spec().tokens[static_cast<std::size_t>(id)];
    return result;
}

} // namespace bs
