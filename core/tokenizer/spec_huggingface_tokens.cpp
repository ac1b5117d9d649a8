#include "core/base/json_guard.h"
#include "core/tokenizer/bpe.h"
#include "core/tokenizer/spec_huggingface.h"

#include <algorithm>
#include <utility>

namespace bs {

namespace {

using nlohmann::json;

/// How many ids may be without a token; real vocabularies have few such gaps.
constexpr std::int64_t kMostGaps = 65536;

using SpelledIds = std::vector<std::pair<std::string, std::int64_t>>;

/// A unigram model's list of [spelling, score], by id.
Result<SpelledIds> unigramVocabulary(const JsonFields& model, TokenizerSpec& spec)
{
    BS_TRY(const json* list, model.list("vocab"));
    SpelledIds ids;
    ids.reserve(list->size());
    for (const json& entry : *list) {
        if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string() ||
            !entry[1].is_number())
            return model.wrong("vocab[" + std::to_string(ids.size()) + "]", "a text and a number");
        ids.emplace_back(entry[0].get<std::string>(), static_cast<std::int64_t>(ids.size()));
        spec.scores.push_back(entry[1].get<double>());
    }
    return ids;
}

Result<SpelledIds> vocabularyOf(const JsonFields& model)
{
    BS_TRY(const JsonFields vocabulary, model.object("vocab"));
    SpelledIds ids;
    ids.reserve(vocabulary.json().size());
    for (const auto& [spelling, value] : vocabulary.json().items()) {
        std::int64_t id = 0;
        if (!isInteger(value, id) || id < 0)
            return vocabulary.wrong(printable(spelling), "a token id");
        ids.emplace_back(spelling, id);
    }
    return ids;
}

Result<std::string> mergeOf(const JsonFields& model, const json& merge, std::size_t rank)
{
    if (merge.is_string()) return merge.get<std::string>();
    if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
        const auto& left = merge[0].get_ref<const std::string&>();
        const auto& right = merge[1].get_ref<const std::string&>();
        if (left.find(' ') == std::string::npos && right.find(' ') == std::string::npos)
            return left + " " + right;
        return unsupportedField(model, "merges[" + std::to_string(rank) + "]", left + " " + right);
    }
    return model.wrong("merges[" + std::to_string(rank) + "]", "a text or a pair of texts");
}

Result<std::vector<std::string>> mergesOf(const JsonFields& model)
{
    BS_TRY(const json* list, model.list("merges"));
    std::vector<std::string> merges;
    merges.reserve(list->size());
    for (const json& entry : *list) {
        BS_TRY(std::string merge, mergeOf(model, entry, merges.size()));
        merges.push_back(std::move(merge));
    }
    return merges;
}

struct AddedToken
{
    std::string spelling;
    std::int64_t id = 0;
    bool special = false;
    bool normalized = false;
    bool stripLeft = false;
    bool stripRight = false;
    bool singleWord = false;
};

Result<AddedToken> addedToken(const json& entry, std::size_t index)
{
    BS_TRY(const JsonFields fields,
           JsonFields::of(entry, std::string(kTokenizerFile) + ": added_tokens[" +
                                     std::to_string(index) + "]"));
    AddedToken token;
    BS_TRY(token.spelling, fields.text("content"));
    BS_TRY(token.id, fields.integer("id"));
    BS_TRY(token.special, fields.boolOr("special", false));
    if (token.id < 0) return fields.wrong("id", "a token id");
    BS_TRY(token.normalized, fields.boolOr("normalized", false));
    BS_TRY(token.stripLeft, fields.boolOr("lstrip", false));
    BS_TRY(token.stripRight, fields.boolOr("rstrip", false));
    BS_TRY(token.singleWord, fields.boolOr("single_word", false));
    return token;
}

Result<std::vector<AddedToken>> addedTokensOf(const JsonFields& root)
{
    std::vector<AddedToken> tokens;
    if (root.find("added_tokens") == nullptr) return tokens;
    BS_TRY(const json* list, root.list("added_tokens"));
    for (const json& entry : *list) {
        BS_TRY(AddedToken token, addedToken(entry, tokens.size()));
        tokens.push_back(std::move(token));
    }
    return tokens;
}

/// Puts a token at its place; said twice is fine, said differently is not.
Result<void> place(TokenizerSpec& spec, std::vector<bool>& taken, const std::string& spelling,
                   std::int64_t id, TokenKind kind)
{
    const auto at = static_cast<std::size_t>(id);
    if (taken[at] && spec.tokens[at] != spelling)
        return Error{ErrorCode::Format,
                     std::string(kTokenizerFile) + ": token " + std::to_string(id) + " is \"" +
                         printable(spec.tokens[at]) + "\" and \"" + printable(spelling) + "\""};
    taken[at] = true;
    spec.tokens[at] = spelling;
    spec.kinds[at] = kind;
    return {};
}

Result<void> placeTokens(TokenizerSpec& spec, const SpelledIds& vocabulary,
                         const std::vector<AddedToken>& added)
{
    std::int64_t largest = -1;
    for (const auto& [spelling, id] : vocabulary)
        largest = std::max(largest, id);
    for (const AddedToken& token : added)
        largest = std::max(largest, token.id);
    const auto named = static_cast<std::int64_t>(vocabulary.size() + added.size());
    if (largest - named >= kMostGaps)
        return Error{ErrorCode::Format, std::string(kTokenizerFile) + ": token id " +
                                            std::to_string(largest) + " in a vocabulary of " +
                                            std::to_string(named)};
    const auto count = static_cast<std::size_t>(largest + 1);
    spec.tokens.resize(count);
    spec.kinds.assign(count, TokenKind::Unused);
    std::vector<bool> taken(count);
    for (const auto& [spelling, id] : vocabulary)
        BS_CHECK(place(spec, taken, spelling, id, TokenKind::Normal));
    for (const AddedToken& token : added)
        BS_CHECK(place(spec, taken, token.spelling, token.id,
                       token.special ? TokenKind::Control : TokenKind::UserDefined));
    for (const AddedToken& token : added) {
        const auto id = static_cast<std::int32_t>(token.id);
        if (token.normalized && !spec.normalizer.empty()) spec.added.normalized.push_back(id);
        if (token.stripLeft) spec.added.stripLeft.push_back(id);
        if (token.stripRight) spec.added.stripRight.push_back(id);
        if (token.singleWord) spec.added.singleWord.push_back(id);
    }
    return {};
}

/// Unknown and byte tokens, which the model names or spells.
Result<void> readModelTokens(const JsonFields& model, const SpelledIds& vocabulary,
                             TokenizerSpec& spec)
{
    for (const auto& [spelling, id] : vocabulary)
        if (spec.byteFallback && byteOfHex(spelling) >= 0)
            spec.kinds[static_cast<std::size_t>(id)] = TokenKind::Byte;
    if (spec.model == "unigram") {
        spec.scores.resize(spec.tokens.size(), 0.0);
        if (model.find("unk_id") == nullptr) return {};
        BS_TRY(const std::int64_t id, model.integer("unk_id"));
        if (id < 0 || id >= static_cast<std::int64_t>(vocabulary.size()))
            return model.wrong("unk_id", "a token id (it is " + std::to_string(id) +
                                             ", there are " + std::to_string(vocabulary.size()) +
                                             " tokens)");
        spec.unknown = static_cast<std::int32_t>(id);
        return {};
    }
    BS_TRY(const std::string unknown, model.textOr("unk_token", ""));
    for (const auto& [spelling, id] : vocabulary)
        if (!unknown.empty() && spelling == unknown) spec.unknown = static_cast<std::int32_t>(id);
    return {};
}

} // namespace

Result<void> readHuggingFaceTokens(const JsonFields& root, const JsonFields& model,
                                   TokenizerSpec& spec)
{
    BS_TRY(const SpelledIds vocabulary,
           spec.model == "unigram" ? unigramVocabulary(model, spec) : vocabularyOf(model));
    BS_TRY(const std::vector<AddedToken> added, addedTokensOf(root));
    BS_CHECK(placeTokens(spec, vocabulary, added));
    BS_CHECK(readModelTokens(model, vocabulary, spec));
    if (spec.model != "unigram") {
        BS_TRY(spec.merges, mergesOf(model));
    }
    return {};
}

} // namespace bs
