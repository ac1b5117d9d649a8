#include "core/base/json_guard.h"
#include "core/base/log.h"
#include "core/tokenizer/json_fields.h"
#include "core/tokenizer/spec_check.h"

#include <algorithm>
#include <array>
#include <utility>

namespace bs {

namespace {

using nlohmann::json;

constexpr const char* kTokenizerFile = "tokenizer.json";
constexpr const char* kConfigFile = "tokenizer_config.json";

/// A quarter of a million tokens with half a million merges, each a pair of texts.
constexpr JsonLimits kTokenizerLimits{.maxMemory = 224ULL << 20};

/// How many ids may be without a token; real vocabularies have few such gaps.
constexpr std::int64_t kMostGaps = 65536;

Error unsupported(const JsonFields& fields, std::string_view key, std::string_view what)
{
    return Error{ErrorCode::Unsupported,
                 fields.place(key) + ": \"" + printable(what) + "\" is not supported"};
}

/// Options of the BPE model that would change the ids.
Result<void> checkModel(const JsonFields& model)
{
    BS_TRY(const std::string type, model.textOr("type", "BPE"));
    if (type != "BPE") return unsupported(model, "type", type);
    for (const char* key : {"byte_fallback", "ignore_merges"}) {
        BS_TRY(const bool on, model.boolOr(key, false));
        if (on) return unsupported(model, key, "true");
    }
    for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
        BS_TRY(const std::string affix, model.textOr(key, ""));
        if (!affix.empty()) return unsupported(model, key, affix);
    }
    return {};
}

using SpelledIds = std::vector<std::pair<std::string, std::int64_t>>;

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
    if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string())
        return merge[0].get<std::string>() + " " + merge[1].get<std::string>();
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
    for (const char* key : {"lstrip", "rstrip", "single_word"}) {
        BS_TRY(const bool on, fields.boolOr(key, false));
        if (on)
            logWarning(fields.place(key) + " of \"" + printable(token.spelling) + "\" is ignored");
    }
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
    return {};
}

/// The steps of the pre-tokenizer, those of a Sequence one after the other.
Result<std::vector<JsonFields>> preTokenizerSteps(const JsonFields& root)
{
    if (root.find("pre_tokenizer") == nullptr) return unsupported(root, "pre_tokenizer", "null");
    BS_TRY(const JsonFields outer, root.object("pre_tokenizer"));
    BS_TRY(const std::string type, outer.text("type"));
    if (type != "Sequence") return std::vector<JsonFields>{outer};
    BS_TRY(const json* list, outer.list("pretokenizers"));
    std::vector<JsonFields> steps;
    for (const json& entry : *list) {
        BS_TRY(const JsonFields step, JsonFields::of(entry, outer.place("pretokenizers")));
        steps.push_back(step);
    }
    return steps;
}

Result<void> checkStep(const JsonFields& step, const std::string& type)
{
    if (type == "Digits") {
        BS_TRY(const bool individual, step.boolOr("individual_digits", false));
        return individual ? Result<void>() : unsupported(step, "individual_digits", "false");
    }
    if (type != "ByteLevel") return unsupported(step, "type", type);
    BS_TRY(const bool prefix, step.boolOr("add_prefix_space", true));
    if (prefix) return unsupported(step, "add_prefix_space", "true");
    BS_TRY(const bool pattern, step.boolOr("use_regex", true));
    return pattern ? Result<void>() : unsupported(step, "use_regex", "false");
}

Result<std::string> preTokenizerOf(const JsonFields& root)
{
    BS_TRY(const std::vector<JsonFields> steps, preTokenizerSteps(root));
    std::string types;
    for (const JsonFields& step : steps) {
        BS_TRY(const std::string type, step.text("type"));
        BS_CHECK(checkStep(step, type));
        types += types.empty() ? type : ", " + type;
    }
    if (types == "ByteLevel") return std::string("gpt2");
    if (types == "Digits, ByteLevel") return std::string("smollm");
    return unsupported(root, "pre_tokenizer", types);
}

/// tokenizer_config.json writes a token as its spelling or as an object with it; "" if it has none.
Result<std::string> configToken(const JsonFields& config, const char* key)
{
    const json* value = config.find(key);
    if (value == nullptr || value->is_string()) return config.textOr(key, "");
    BS_TRY(const JsonFields token, config.object(key));
    return token.text("content");
}

Result<std::int32_t> configTokenId(const JsonFields& config, const char* key,
                                   const TokenizerSpec& spec)
{
    BS_TRY(const std::string spelling, configToken(config, key));
    if (spelling.empty()) return -1;
    const auto found = std::ranges::find(spec.tokens, spelling);
    if (found == spec.tokens.end())
        return Error{ErrorCode::Format, config.place(key) + " is \"" + printable(spelling) +
                                            "\", which is not in the vocabulary"};
    return static_cast<std::int32_t>(found - spec.tokens.begin());
}

/// One text, or a list of named ones of which "default" counts.
Result<std::string> chatTemplateOf(const JsonFields& config)
{
    const json* value = config.find("chat_template");
    if (value == nullptr || value->is_string()) return config.textOr("chat_template", "");
    BS_TRY(const json* list, config.list("chat_template"));
    for (const json& entry : *list) {
        BS_TRY(const JsonFields named, JsonFields::of(entry, config.place("chat_template")));
        BS_TRY(const std::string name, named.text("name"));
        if (name == "default") return named.text("template");
    }
    return std::string();
}

Result<void> readConfig(std::string_view text, TokenizerSpec& spec)
{
    BS_TRY(const json parsed, parseJson(text, kConfigFile));
    BS_TRY(const JsonFields config, JsonFields::of(parsed, kConfigFile));
    BS_TRY(spec.bos, configTokenId(config, "bos_token", spec));
    BS_TRY(spec.eos, configTokenId(config, "eos_token", spec));
    BS_TRY(spec.unknown, configTokenId(config, "unk_token", spec));
    BS_TRY(spec.addBos, config.boolOr("add_bos_token", false));
    BS_TRY(spec.chatTemplate, chatTemplateOf(config));
    return {};
}

/// Whether a post-processor is a template that puts the BOS in front of a single text.
bool addsBos(const json& processor, const std::string& bos)
{
    if (!processor.is_object()) return false;
    const auto inner = processor.find("processors");
    if (inner != processor.end() && inner->is_array())
        return std::ranges::any_of(*inner, [&](const json& one) { return addsBos(one, bos); });
    const json::json_pointer first("/single/0/SpecialToken/id");
    return processor.contains(first) && processor[first] == bos;
}

} // namespace

Result<TokenizerSpec> tokenizerSpecFromHuggingFace(std::string_view tokenizerJson,
                                                   std::string_view tokenizerConfigJson)
{
    BS_TRY(const json parsed, parseJson(tokenizerJson, kTokenizerFile, kTokenizerLimits));
    BS_TRY(const JsonFields root, JsonFields::of(parsed, kTokenizerFile));
    BS_TRY(const JsonFields model, root.object("model"));
    BS_CHECK(checkModel(model));
    if (root.find("normalizer") != nullptr) {
        BS_TRY(const JsonFields normalizer, root.object("normalizer"));
        BS_TRY(const std::string type, normalizer.text("type"));
        return unsupported(root, "normalizer", type);
    }
    TokenizerSpec spec;
    spec.model = "bpe";
    BS_TRY(spec.preTokenizer, preTokenizerOf(root));
    BS_TRY(const SpelledIds vocabulary, vocabularyOf(model));
    BS_TRY(const std::vector<AddedToken> added, addedTokensOf(root));
    BS_CHECK(placeTokens(spec, vocabulary, added));
    BS_TRY(spec.merges, mergesOf(model));
    if (!tokenizerConfigJson.empty()) BS_CHECK(readConfig(tokenizerConfigJson, spec));
    const json* processor = root.find("post_processor");
    if (processor != nullptr && spec.bos >= 0 &&
        addsBos(*processor, spec.tokens[static_cast<std::size_t>(spec.bos)]))
        spec.addBos = true;
    collectEndOfTurn(spec);
    BS_CHECK(checkSpec(spec));
    return spec;
}

} // namespace bs
