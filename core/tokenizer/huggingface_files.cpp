#include "core/tokenizer/huggingface_files.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace bs {

namespace {

using Json = nlohmann::ordered_json;

std::string text(const Json& json, int indent)
{
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Result<Json> preTokenizer(const std::string& name)
{
    const Json byteLevel = {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", true}};
    if (name == "gpt2")
        return byteLevel;
    if (name == "smollm")
        return Json{{"type", "Sequence"}, {"pretokenizers", Json::array({Json{{"type", "Digits"}, {"individual_digits", true}}, byteLevel})}};
    return Error{ErrorCode::Unsupported, "pre-tokenizer \"" + name + "\" has no form in tokenizer.json that this version writes"};
}

bool isAdded(TokenKind kind)
{
    return kind == TokenKind::Control || kind == TokenKind::UserDefined || kind == TokenKind::Unknown;
}

Json addedTokens(const TokenizerSpec& spec)
{
    Json added = Json::array();
    for (std::size_t id = 0; id < spec.tokens.size(); ++id)
        if (isAdded(spec.kinds[id]))
            added.push_back({{"id", id},
                             {"content", spec.tokens[id]},
                             {"single_word", false},
                             {"lstrip", false},
                             {"rstrip", false},
                             {"normalized", false},
                             {"special", spec.kinds[id] != TokenKind::UserDefined}});
    return added;
}

/// Puts the BOS in front of a text, where the model wants one; otherwise only offsets are its business.
Json postProcessor(const TokenizerSpec& spec)
{
    if (!spec.addBos || spec.bos < 0)
        return {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", true}};
    const std::string& bos = spec.tokens[static_cast<std::size_t>(spec.bos)];
    const auto special = [&](int type) { return Json{{"SpecialToken", {{"id", bos}, {"type_id", type}}}}; };
    const auto sequence = [](const char* id, int type) { return Json{{"Sequence", {{"id", id}, {"type_id", type}}}}; };
    return {{"type", "TemplateProcessing"},
            {"single", Json::array({special(0), sequence("A", 0)})},
            {"pair", Json::array({special(0), sequence("A", 0), special(1), sequence("B", 1)})},
            {"special_tokens", {{bos, {{"id", bos}, {"ids", Json::array({spec.bos})}, {"tokens", Json::array({bos})}}}}}};
}

} // namespace

Result<std::string> huggingFaceTokenizerText(const TokenizerSpec& spec)
{
    if (spec.model != "bpe")
        return Error{ErrorCode::Unsupported, "tokenizer \"" + spec.model + "\" has no form in tokenizer.json that this version writes"};
    BS_TRY(const Json before, preTokenizer(spec.preTokenizer));
    Json vocabulary = Json::object();
    for (std::size_t id = 0; id < spec.tokens.size(); ++id)
        if (!spec.tokens[id].empty()) // a gap
            vocabulary.get_ref<Json::object_t&>().emplace_back(spec.tokens[id], id); // no search for a key that is there already
    const Json model = {{"type", "BPE"},
                        {"dropout", nullptr},
                        {"unk_token", nullptr},
                        {"continuing_subword_prefix", nullptr},
                        {"end_of_word_suffix", nullptr},
                        {"fuse_unk", false},
                        {"byte_fallback", false},
                        {"ignore_merges", false},
                        {"vocab", std::move(vocabulary)},
                        {"merges", spec.merges}};
    const Json all = {{"version", "1.0"},
                      {"truncation", nullptr},
                      {"padding", nullptr},
                      {"added_tokens", addedTokens(spec)},
                      {"normalizer", nullptr},
                      {"pre_tokenizer", before},
                      {"post_processor", postProcessor(spec)},
                      {"decoder", {{"type", "ByteLevel"}, {"add_prefix_space", true}, {"trim_offsets", true}, {"use_regex", true}}},
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
        if (id >= 0)
            all[key] = spec.tokens[static_cast<std::size_t>(id)];
    };
    token("bos_token", spec.bos);
    token("eos_token", spec.eos);
    token("unk_token", spec.unknown);
    if (!spec.chatTemplate.empty())
        all["chat_template"] = spec.chatTemplate;
    return text(all, 1);
}

} // namespace bs
