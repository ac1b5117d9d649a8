#include "core/tokenizer/huggingface_files.h"

#include "core/tokenizer/huggingface_parts.h"

#include <algorithm>

namespace bs {

namespace {

using Json = nlohmann::ordered_json;

std::string text(const Json& json, int indent)
{
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
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

/// SentencePiece finds its user-defined tokens in the normalised text. Hugging Face, which
/// normalises them as well, would find them with a space in front, if the normaliser puts one
/// there.
bool isNormalized(const TokenizerSpec& spec, std::size_t id)
{
    const bool sentencePiece =
        !spec.normalizer.empty() && spec.normalizer[0].type == "sentencepiece";
    return has(spec.added.normalized, id) && !(sentencePiece && spec.sentencePiece.addPrefix);
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
                             {"normalized", isNormalized(spec, id)},
                             {"special", spec.kinds[id] != TokenKind::UserDefined}});
    return added;
}

/// Puts the BOS in front of a text, where the model wants one; otherwise only offsets are its
/// business.
Json postProcessor(const TokenizerSpec& spec)
{
    if ((!spec.addBos || spec.bos < 0) && spec.model != "bpe") return nullptr;
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
    BS_TRY(const HuggingFaceSteps steps, huggingFaceSteps(spec));
    BS_TRY(const Json model, huggingFaceModel(spec));
    const Json all = {{"version", "1.0"},
                      {"truncation", nullptr},
                      {"padding", nullptr},
                      {"added_tokens", addedTokens(spec)},
                      {"normalizer", steps.normalizer},
                      {"pre_tokenizer", steps.preTokenizer},
                      {"post_processor", postProcessor(spec)},
                      {"decoder", huggingFaceDecoder(spec)},
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
