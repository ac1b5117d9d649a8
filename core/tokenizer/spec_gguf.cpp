#include "core/tokenizer/spec_gguf.h"

#include "core/base/json_guard.h"
#include "core/tokenizer/spec_check.h"

#include <array>
#include <utility>

namespace bs {

namespace {

/// By GGUF's number; 0 (undefined) is not a kind.
constexpr std::array<TokenKind, 7> kKinds = {
    TokenKind::Normal,      TokenKind::Normal, TokenKind::Unknown, TokenKind::Control,
    TokenKind::UserDefined, TokenKind::Unused, TokenKind::Byte};

Result<std::string> preTokenizerOf(const std::string& pre)
{
    if (pre == "smollm") return pre;
    if (pre.empty() || pre == "default" || pre == "gpt-2") return std::string("gpt2");
    return Error{ErrorCode::Unsupported, "tokenizer.ggml.pre: pre-tokenizer \"" + printable(pre) +
                                             "\" is not known (known: smollm, gpt-2, default)"};
}

Result<std::vector<TokenKind>> kindsOf(const std::vector<std::int64_t>& types, std::size_t tokens)
{
    if (types.empty()) return std::vector<TokenKind>(tokens, TokenKind::Normal);
    if (types.size() != tokens)
        return Error{ErrorCode::Format,
                     "tokenizer.ggml.token_type has " + std::to_string(types.size()) +
                         " entries, tokenizer.ggml.tokens has " + std::to_string(tokens)};
    std::vector<TokenKind> kinds;
    kinds.reserve(tokens);
    for (std::size_t id = 0; id < tokens; ++id) {
        if (types[id] < 1 || types[id] >= static_cast<std::int64_t>(kKinds.size()))
            return Error{ErrorCode::Format, "tokenizer.ggml.token_type[" + std::to_string(id) +
                                                "] is " + std::to_string(types[id]) +
                                                ", known are 1 to 6"};
        kinds.push_back(kKinds[static_cast<std::size_t>(types[id])]);
    }
    return kinds;
}

Result<std::int32_t> idOf(const char* key, std::int64_t id, std::size_t tokens)
{
    if (id < -1 || id >= static_cast<std::int64_t>(tokens))
        return Error{ErrorCode::Format, "tokenizer.ggml." + std::string(key) + " is " +
                                            std::to_string(id) + ", but there are " +
                                            std::to_string(tokens) + " tokens"};
    return static_cast<std::int32_t>(id);
}

} // namespace

Result<TokenizerSpec> tokenizerSpecFromGguf(GgufTokenizerFields fields)
{
    if (fields.model != "gpt2")
        return Error{ErrorCode::Unsupported, "tokenizer.ggml.model: tokenizer \"" +
                                                 printable(fields.model) +
                                                 "\" is not known (known: gpt2)"};
    TokenizerSpec spec;
    spec.model = "bpe";
    BS_TRY(spec.preTokenizer, preTokenizerOf(fields.pre));
    BS_TRY(spec.kinds, kindsOf(fields.tokenTypes, fields.tokens.size()));
    BS_TRY(spec.bos, idOf("bos_token_id", fields.bos, fields.tokens.size()));
    BS_TRY(spec.eos, idOf("eos_token_id", fields.eos, fields.tokens.size()));
    BS_TRY(spec.unknown, idOf("unknown_token_id", fields.unknown, fields.tokens.size()));
    BS_TRY(const std::int32_t eot, idOf("eot_token_id", fields.eot, fields.tokens.size()));
    spec.tokens = std::move(fields.tokens);
    spec.merges = std::move(fields.merges);
    spec.addBos = fields.addBos;
    spec.chatTemplate = std::move(fields.chatTemplate);
    collectEndOfTurn(spec, eot);
    BS_CHECK(checkSpec(spec));
    return spec;
}

} // namespace bs
