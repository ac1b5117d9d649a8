#include "core/tokenizer/spec_gguf.h"

#include "core/base/json_guard.h"
#include "core/tokenizer/spec_check.h"

#include <algorithm>
#include <array>
#include <utility>

namespace bs {

namespace {

/// By GGUF's number; 0 (undefined) is not a kind.
constexpr std::array<TokenKind, 7> kKinds = {
    TokenKind::Normal,      TokenKind::Normal, TokenKind::Unknown, TokenKind::Control,
    TokenKind::UserDefined, TokenKind::Unused, TokenKind::Byte};

struct PreTokenizerName
{
    std::string_view gguf;
    const char* ours;
};

constexpr std::array<PreTokenizerName, 21> kPreTokenizers = {{
    {"", "gpt2"},
    {"default", "gpt2"},
    {"gpt-2", "gpt2"},
    {"phi-2", "gpt2"},
    {"mpt", "gpt2"},
    {"olmo", "gpt2"},
    {"smollm", "smollm"},
    {"starcoder", "smollm"},
    {"refact", "smollm"},
    {"command-r", "smollm"},
    {"codeshell", "smollm"},
    {"llama-bpe", "llama3"},
    {"llama3", "llama3"},
    {"llama-v3", "llama3"},
    {"smaug-bpe", "llama3"},
    {"qwen2", "qwen2"},
    {"stablelm2", "qwen2"},
    {"deepseek-r1-qwen", "qwen2"},
    {"qwen35", "qwen35"},
    {"falcon", "falcon"},
    {"deepseek-coder", "deepseek-coder"},
}};

Result<std::string> preTokenizerOf(const std::string& pre)
{
    const auto* named = std::ranges::find(kPreTokenizers, pre, &PreTokenizerName::gguf);
    if (named != kPreTokenizers.end()) return std::string(named->ours);
    std::string known;
    for (const PreTokenizerName& name : kPreTokenizers)
        if (!name.gguf.empty()) known += (known.empty() ? "" : ", ") + std::string(name.gguf);
    return Error{ErrorCode::Unsupported, "tokenizer.ggml.pre: pre-tokenizer \"" + printable(pre) +
                                             "\" is not known (known: " + known + ")"};
}

/// Llama 3's family: a piece that is a token is that token, and a BOS goes in front.
bool isLlama3(const std::string& pre)
{
    return pre == "llama-bpe" || pre == "llama3" || pre == "llama-v3";
}

/// SentencePiece's BPE as llama.cpp runs it: no map, no spaces taken away, bytes as they are.
Result<void> readSpm(GgufTokenizerFields& fields, TokenizerSpec& spec)
{
    spec.model = "spm";
    spec.preTokenizer = "none";
    spec.byteFallback = true;
    spec.spaceMark = "\xE2\x96\x81";
    spec.normalizer = {{"sentencepiece", "", ""}};
    spec.sentencePiece = {fields.addSpacePrefix.value_or(true), false, false};
    spec.dropsSpace = spec.sentencePiece.addPrefix;
    spec.scores = std::move(fields.scores);
    if (spec.scores.size() != fields.tokens.size())
        return Error{ErrorCode::Format, "tokenizer.ggml.scores has " +
                                            std::to_string(spec.scores.size()) +
                                            " entries, tokenizer.ggml.tokens has " +
                                            std::to_string(fields.tokens.size())};
    return {};
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
    if (fields.model != "gpt2" && fields.model != "llama")
        return Error{ErrorCode::Unsupported, "tokenizer.ggml.model: tokenizer \"" +
                                                 printable(fields.model) +
                                                 "\" is not known (known: gpt2, llama)"};
    TokenizerSpec spec;
    bool addBos = true;
    if (fields.model == "llama") {
        BS_CHECK(readSpm(fields, spec));
    } else {
        spec.model = "bpe";
        BS_TRY(spec.preTokenizer, preTokenizerOf(fields.pre));
        addBos = spec.ignoreMerges = isLlama3(fields.pre);
    }
    BS_TRY(spec.kinds, kindsOf(fields.tokenTypes, fields.tokens.size()));
    BS_TRY(spec.bos, idOf("bos_token_id", fields.bos, fields.tokens.size()));
    BS_TRY(spec.eos, idOf("eos_token_id", fields.eos, fields.tokens.size()));
    BS_TRY(spec.unknown, idOf("unknown_token_id", fields.unknown, fields.tokens.size()));
    BS_TRY(const std::int32_t eot, idOf("eot_token_id", fields.eot, fields.tokens.size()));
    spec.tokens = std::move(fields.tokens);
    spec.merges = std::move(fields.merges);
    spec.addBos = fields.addBos.value_or(addBos) && spec.bos >= 0;
    spec.chatTemplate = std::move(fields.chatTemplate);
    collectEndOfTurn(spec, eot);
    BS_CHECK(checkSpec(spec));
    return spec;
}

} // namespace bs
