#include "core/base/json_guard.h"
#include "core/tokenizer/bpe.h"
#include "core/tokenizer/merges.h"
#include "core/tokenizer/pattern.h"
#include "core/tokenizer/pre_tokenizer.h"
#include "core/tokenizer/spec_gguf.h"

#include <algorithm>
#include <array>

namespace bs {

namespace {

/// llama.cpp's "llama" vocabularies have this mark for a space.
constexpr std::string_view kSpaceMark = "\xE2\x96\x81";

Error noForm(const std::string& what)
{
    return Error{ErrorCode::Unsupported,
                 "tokenizer: " + what + " has no form in GGUF that this version writes"};
}

/// As GGUF numbers them.
std::int64_t kindNumber(TokenKind kind)
{
    switch (kind) {
    case TokenKind::Normal:
        return 1;
    case TokenKind::Unknown:
        return 2;
    case TokenKind::Control:
        return 3;
    case TokenKind::UserDefined:
        return 4;
    case TokenKind::Unused:
        return 5;
    case TokenKind::Byte:
        break;
    }
    return 6;
}

/// Whether the spec cuts as a family does, by its name or by the steps of its tokenizer.json.
bool cutsAs(const TokenizerSpec& spec, std::string_view family)
{
    if (spec.preTokenizer != "steps") return spec.preTokenizer == family;
    const auto stated = PreTokenizer::statedStepsOf(family);
    return stated && stated.value() == spec.splits;
}

/// By the names that llama.cpp has for them. Errors: Unsupported (no name, or more than the name
/// tells).
Result<std::string> preTokenizerName(const TokenizerSpec& spec)
{
    constexpr std::array<std::array<std::string_view, 2>, 8> kNames{
        {{"gpt2", "gpt-2"},
         {"smollm", "smollm"},
         {"llama3", "llama-bpe"},
         {"llama3", "smaug-bpe"},
         {"qwen2", "qwen2"},
         {"qwen35", "qwen35"},
         {"falcon", "falcon"},
         {"deepseek-coder", "deepseek-coder"}}};
    for (const auto& [ours, name] : kNames)
        if (cutsAs(spec, ours) && spec.ignoreMerges == (name == "llama-bpe"))
            return std::string(name);
    return noForm("pre-tokenizer \"" + spec.preTokenizer + "\"" +
                  (spec.ignoreMerges ? " of whole pieces" : ""));
}

/// llama.cpp changes no text before it cuts it; composed characters, which Qwen2 asks for, are what
/// nearly all texts have, and its converter leaves the step out.
Result<void> checkUnchanged(const TokenizerSpec& spec)
{
    for (const NormalizerStep& step : spec.normalizer)
        if (step.type != "nfc") return noForm("normaliser \"" + printable(step.type) + "\"");
    return {};
}

/// Whether a space goes in front, if that and marks for spaces are all that is done to a text.
Result<bool> prefixOf(const TokenizerSpec& spec)
{
    if (spec.spaceMark != kSpaceMark)
        return noForm("the mark \"" + printable(spec.spaceMark) + "\" for spaces");
    if (!spec.normalizer.empty() && spec.normalizer[0].type == "sentencepiece") {
        if (!spec.charsmap.empty()) return noForm("SentencePiece's map of characters");
        if (spec.sentencePiece.removeExtra) return noForm("taking superfluous spaces away");
        return spec.sentencePiece.addPrefix;
    }
    int marks = 0;
    int prefixes = 0;
    for (const NormalizerStep& step : spec.normalizer) {
        const bool prefix =
            step.type == "prepend" || step.type == "prefix" || step.type == "prefix_first";
        if (step.type == "replace" && step.from == " " && step.to == kSpaceMark)
            ++marks;
        else if (prefix && (step.to == kSpaceMark || (step.to == " " && marks == 0)))
            ++prefixes;
        else
            return noForm("normaliser \"" + step.type + "\"");
    }
    if (marks != 1 || prefixes > 1) return noForm("the normaliser");
    return prefixes == 1;
}

/// llama.cpp does not cut a text. Cuts before marks change nothing where no token has one inside.
Result<void> checkUncut(const TokenizerSpec& spec)
{
    if (spec.preTokenizer == "none") return {};
    const bool beforeMarks = spec.preTokenizer == "steps" && spec.splits.size() == 1 &&
                             spec.splits[0].pattern == Pattern::quoted(kSpaceMark) &&
                             spec.splits[0].behavior == "merged_with_next" &&
                             !spec.splits[0].invert;
    if (!beforeMarks) return noForm("pre-tokenizer \"" + spec.preTokenizer + "\"");
    for (std::size_t id = 0; id < spec.tokens.size(); ++id)
        if (spec.kinds[id] == TokenKind::Normal &&
            spec.tokens[id].find(kSpaceMark, 1) != std::string::npos)
            return noForm("a cut inside token " + std::to_string(id) + " (\"" +
                          printable(spec.tokens[id]) + "\")");
    return {};
}

/// llama.cpp writes characters that it does not know as bytes.
Result<void> checkBytes(const TokenizerSpec& spec)
{
    const auto ids = byteTokens(spec);
    const auto missing = std::ranges::find(ids, -1);
    if (!spec.byteFallback)
        return noForm("an unknown token, instead of bytes, for unknown characters");
    if (missing == ids.end()) return {};
    return noForm("a vocabulary without a token for byte " + std::to_string(missing - ids.begin()));
}

Result<void> writeSpm(const TokenizerSpec& spec, GgufTokenizerFields& fields)
{
    BS_CHECK(checkBytes(spec));
    BS_CHECK(checkUncut(spec));
    BS_TRY(fields.addSpacePrefix, prefixOf(spec));
    fields.model = "llama";
    fields.pre = "default";
    fields.scores = spec.scores;
    if (spec.model != "bpe_chars") return {};
    BS_TRY(fields.scores, scoresOfMerges(spec));
    if (spec.unknown >= 0) // in tokenizer.json it is a special token like others
        fields.tokenTypes[static_cast<std::size_t>(spec.unknown)] = kindNumber(TokenKind::Unknown);
    return {};
}

} // namespace

Result<GgufTokenizerFields> ggufTokenizerFields(const TokenizerSpec& spec)
{
    GgufTokenizerFields fields;
    for (const TokenKind kind : spec.kinds)
        fields.tokenTypes.push_back(kindNumber(kind));
    if (spec.model == "bpe") {
        BS_CHECK(checkUnchanged(spec));
        BS_TRY(fields.pre, preTokenizerName(spec));
        fields.model = "gpt2";
        fields.merges = spec.merges;
    } else if (spec.model == "spm" || spec.model == "bpe_chars") {
        BS_CHECK(writeSpm(spec, fields));
    } else {
        return noForm("kind \"" + spec.model + "\"");
    }
    fields.tokens = spec.tokens;
    fields.bos = spec.bos;
    fields.eos = spec.eos;
    fields.unknown = spec.unknown;
    const auto end = std::ranges::find_if(spec.endOfTurn, [&](auto id) { return id != spec.eos; });
    if (end != spec.endOfTurn.end()) fields.eot = *end; // there is room for one
    fields.addBos = spec.addBos;
    fields.chatTemplate = spec.chatTemplate;
    return fields;
}

} // namespace bs
