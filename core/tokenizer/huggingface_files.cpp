#include "core/tokenizer/huggingface_files.h"

#include "core/tokenizer/pre_tokenizer.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <regex>

namespace bs {

namespace {

using Json = nlohmann::ordered_json;

std::string text(const Json& json, int indent)
{
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Json byteLevel(bool cuts)
{
    return {{"type", "ByteLevel"},
            {"add_prefix_space", false},
            {"trim_offsets", true},
            {"use_regex", cuts}};
}

/// "merged_with_next" -> "MergedWithNext"
std::string camelCase(const std::string& name)
{
    std::string result;
    bool upper = true;
    for (const char c : name) {
        if (c != '_')
            result += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        upper = c == '_';
    }
    return result;
}

/// The families' patterns take runs possessively ("++", "{1,3}+"), for speed alone; Hugging Face's
/// kind of expressions reads the latter otherwise.
std::string withoutPossessive(const std::string& pattern)
{
    static const std::regex possessive(R"((\\[\s\S])|([+*?]|\{[0-9,]+\})\+)"); // an escaped character is left alone
    return std::regex_replace(pattern, possessive, "$1$2");
}

/// What cuts, then bytes to letters.
Result<Json> preTokenizer(const TokenizerSpec& spec)
{
    if (spec.preTokenizer == "gpt2") return byteLevel(true);
    if (spec.preTokenizer == "smollm")
        return Json{
            {"type", "Sequence"},
            {"pretokenizers", Json::array({Json{{"type", "Digits"}, {"individual_digits", true}},
                                           byteLevel(true)})}};
    std::vector<SplitStep> splits = spec.splits;
    if (spec.preTokenizer != "steps") {
        BS_TRY(splits, PreTokenizer::stepsOf(spec.preTokenizer));
        for (SplitStep& split : splits)
            split.pattern = withoutPossessive(split.pattern);
    }
    Json steps = Json::array();
    for (const SplitStep& split : splits)
        steps.push_back({{"type", "Split"},
                         {"pattern", {{"Regex", split.pattern}}},
                         {"behavior", camelCase(split.behavior)},
                         {"invert", split.invert}});
    steps.push_back(byteLevel(false));
    return Json{{"type", "Sequence"}, {"pretokenizers", std::move(steps)}};
}

Result<Json> normalizer(const TokenizerSpec& spec)
{
    Json steps = Json::array();
    for (const NormalizerStep& step : spec.normalizer) {
        std::string type = step.type;
        std::transform(type.begin(), type.end(), type.begin(),
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        if (type != "NFC" && type != "NFD" && type != "NFKC" && type != "NFKD")
            return Error{ErrorCode::Unsupported,
                         "normaliser \"" + step.type +
                             "\" has no form in tokenizer.json that this version writes"};
        steps.push_back({{"type", type}});
    }
    if (steps.empty()) return Json(nullptr);
    return steps.size() == 1 ? steps[0] : Json{{"type", "Sequence"}, {"normalizers", steps}};
}

bool has(const std::vector<std::int32_t>& ids, std::size_t id)
{
    return std::find(ids.begin(), ids.end(), static_cast<std::int32_t>(id)) != ids.end();
}

bool isAdded(TokenKind kind)
{
    return kind == TokenKind::Control || kind == TokenKind::UserDefined ||
           kind == TokenKind::Unknown;
}

Json addedTokens(const TokenizerSpec& spec)
{
    Json added = Json::array();
    for (std::size_t id = 0; id < spec.tokens.size(); ++id)
        if (isAdded(spec.kinds[id]))
            added.push_back({{"id", id},
                             {"content", spec.tokens[id]},
                             {"single_word", has(spec.added.singleWord, id)},
                             {"lstrip", has(spec.added.stripLeft, id)},
                             {"rstrip", has(spec.added.stripRight, id)},
                             {"normalized", has(spec.added.normalized, id)},
                             {"special", spec.kinds[id] != TokenKind::UserDefined}});
    return added;
}

/// Puts the BOS in front of a text, where the model wants one; otherwise only offsets are its
/// business.
Json postProcessor(const TokenizerSpec& spec)
{
    if (!spec.addBos || spec.bos < 0)
        return {{"type", "ByteLevel"},
                {"add_prefix_space", false},
                {"trim_offsets", true},
                {"use_regex", true}};
    const std::string& bos = spec.tokens[static_cast<std::size_t>(spec.bos)];
    const auto special = [&](int type) {
        return Json{{"SpecialToken", {{"id", bos}, {"type_id", type}}}};
    };
    const auto sequence = [](const char* id, int type) {
        return Json{{"Sequence", {{"id", id}, {"type_id", type}}}};
    };
    return {
        {"type", "TemplateProcessing"},
        {"single", Json::array({special(0), sequence("A", 0)})},
        {"pair", Json::array({special(0), sequence("A", 0), special(1), sequence("B", 1)})},
        {"special_tokens",
         {{bos, {{"id", bos}, {"ids", Json::array({spec.bos})}, {"tokens", Json::array({bos})}}}}}};
}

} // namespace

Result<std::string> huggingFaceTokenizerText(const TokenizerSpec& spec)
{
    if (spec.model != "bpe")
        return Error{ErrorCode::Unsupported,
                     "tokenizer \"" + spec.model +
                         "\" has no form in tokenizer.json that this version writes"};
    BS_TRY(const Json before, preTokenizer(spec));
    BS_TRY(const Json normal, normalizer(spec));
    Json vocabulary = Json::object();
    for (std::size_t id = 0; id < spec.tokens.size(); ++id)
        if (!spec.tokens[id].empty()) // a gap
            vocabulary.get_ref<Json::object_t&>().emplace_back(
                spec.tokens[id], id); // no search for a key that is there already
    const Json model = {{"type", "BPE"},
                        {"dropout", nullptr},
                        {"unk_token", nullptr},
                        {"continuing_subword_prefix", nullptr},
                        {"end_of_word_suffix", nullptr},
                        {"fuse_unk", false},
                        {"byte_fallback", false},
                        {"ignore_merges", spec.ignoreMerges},
                        {"vocab", std::move(vocabulary)},
                        {"merges", spec.merges}};
    const Json all = {{"version", "1.0"},
                      {"truncation", nullptr},
                      {"padding", nullptr},
                      {"added_tokens", addedTokens(spec)},
                      {"normalizer", normal},
                      {"pre_tokenizer", before},
                      {"post_processor", postProcessor(spec)},
                      {"decoder",
                       {{"type", "ByteLevel"},
                        {"add_prefix_space", true},
                        {"trim_offsets", true},
                        {"use_regex", true}}},
                      {"model", model}};
    return text(all, 1);
}

std::string huggingFaceTokenizerConfigText(const TokenizerSpec& spec, std::uint32_t contextLength)
{
    Json all = {{"tokenizer_class", "PreTrainedTokenizerFast"},
                {"model_max_length", contextLength},
                {"clean_up_tokenization_spaces", false},
                {"add_bos_token", spec.addBos}};
    const auto token = [&](const char* key, std::int32_t id) {
        if (id >= 0) all[key] = spec.tokens[static_cast<std::size_t>(id)];
    };
    token("bos_token", spec.bos);
    token("eos_token", spec.eos);
    token("unk_token", spec.unknown);
    if (!spec.chatTemplate.empty()) all["chat_template"] = spec.chatTemplate;
    return text(all, 1);
}

} // namespace bs
