#include "core/tokenizer/spec_check.h"

#include "core/base/json_guard.h"
#include "core/tokenizer/utf8.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace bs {

namespace {

/// llama.cpp takes the same spellings for the end of a turn.
constexpr std::array<std::string_view, 5> kEndOfTurn = {"<|im_end|>", "<|eot_id|>", "<|endoftext|>",
                                                        "<|end|>", "<end_of_turn>"};

/// The largest vocabularies there are have a quarter of it.
constexpr std::size_t kMostTokens = 1ULL << 20;

Result<void> checkId(const char* field, std::int64_t id, std::int64_t lowest, std::size_t tokens)
{
    if (id >= lowest && id < static_cast<std::int64_t>(tokens)) return {};
    return Error{ErrorCode::Format, "tokenizer: " + std::string(field) + " is " +
                                        std::to_string(id) + ", but there are " +
                                        std::to_string(tokens) + " tokens"};
}

Result<void> checkTokens(const TokenizerSpec& spec)
{
    if (spec.tokens.empty()) return Error{ErrorCode::Format, "tokenizer: tokens is an empty list"};
    if (spec.tokens.size() > kMostTokens)
        return Error{ErrorCode::Format,
                     "tokenizer: tokens has " + std::to_string(spec.tokens.size()) +
                         " entries, at most " + std::to_string(kMostTokens) + " are read"};
    if (spec.kinds.size() != spec.tokens.size())
        return Error{ErrorCode::Format,
                     "tokenizer: kinds has " + std::to_string(spec.kinds.size()) +
                         " entries, tokens has " + std::to_string(spec.tokens.size())};
    for (std::size_t id = 0; id < spec.tokens.size(); ++id)
        if (!isUtf8(spec.tokens[id]))
            return Error{ErrorCode::Format, "tokenizer: tokens[" + std::to_string(id) + "] (\"" +
                                                printable(spec.tokens[id]) + "\") is not UTF-8"};
    return {};
}

Result<void> checkScores(const TokenizerSpec& spec)
{
    const bool needed = spec.model == "spm" || spec.model == "unigram";
    if (needed && spec.scores.size() != spec.tokens.size())
        return Error{ErrorCode::Format,
                     "tokenizer: scores has " + std::to_string(spec.scores.size()) +
                         " entries, tokens has " + std::to_string(spec.tokens.size())};
    for (std::size_t id = 0; id < spec.scores.size(); ++id)
        if (!std::isfinite(spec.scores[id]))
            return Error{ErrorCode::Format, "tokenizer: scores[" + std::to_string(id) + "] is " +
                                                std::to_string(spec.scores[id]) +
                                                ", a finite number is needed"};
    return {};
}

} // namespace

Result<void> checkSpec(const TokenizerSpec& spec)
{
    constexpr std::array<std::string_view, 4> kModels = {"bpe", "bpe_chars", "spm", "unigram"};
    if (std::ranges::find(kModels, spec.model) == kModels.end())
        return Error{ErrorCode::Unsupported,
                     "tokenizer: model \"" + printable(spec.model) +
                         "\" is not known (known: bpe, bpe_chars, spm, unigram)"};
    BS_CHECK(checkTokens(spec));
    BS_CHECK(checkScores(spec));
    BS_CHECK(checkId("bos", spec.bos, -1, spec.tokens.size()));
    BS_CHECK(checkId("eos", spec.eos, -1, spec.tokens.size()));
    BS_CHECK(checkId("unknown", spec.unknown, -1, spec.tokens.size()));
    for (const std::int32_t id : spec.endOfTurn)
        BS_CHECK(checkId("end_of_turn", id, 0, spec.tokens.size()));
    for (const auto* ids : {&spec.added.normalized, &spec.added.stripLeft, &spec.added.stripRight,
                            &spec.added.singleWord})
        for (const std::int32_t id : *ids)
            BS_CHECK(checkId("an added token", id, 0, spec.tokens.size()));
    return {};
}

void collectEndOfTurn(TokenizerSpec& spec, std::int32_t extra)
{
    const auto add = [&spec](std::int32_t id) {
        if (id >= 0 && id != spec.eos &&
            std::ranges::find(spec.endOfTurn, id) == spec.endOfTurn.end())
            spec.endOfTurn.push_back(id);
    };
    add(extra);
    for (std::size_t id = 0; id < spec.tokens.size(); ++id)
        if (spec.kinds[id] == TokenKind::Control &&
            std::ranges::find(kEndOfTurn, spec.tokens[id]) != kEndOfTurn.end())
            add(static_cast<std::int32_t>(id));
}

} // namespace bs
