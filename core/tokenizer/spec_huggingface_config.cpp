#include "core/base/json_guard.h"
#include "core/tokenizer/spec_huggingface.h"

#include <algorithm>

namespace bs {

namespace {

using nlohmann::json;

constexpr const char* kConfigFile = "tokenizer_config.json";

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

} // namespace

Result<void> readTokenizerConfig(std::string_view text, TokenizerSpec& spec)
{
    BS_TRY(const json parsed, parseJson(text, kConfigFile));
    BS_TRY(const JsonFields config, JsonFields::of(parsed, kConfigFile));
    BS_TRY(const std::int32_t bos, configTokenId(config, "bos_token", spec));
    BS_TRY(const std::int32_t eos, configTokenId(config, "eos_token", spec));
    BS_TRY(const std::int32_t unknown, configTokenId(config, "unk_token", spec));
    if (bos >= 0) spec.bos = bos;
    if (eos >= 0) spec.eos = eos;
    if (unknown >= 0 && spec.unknown < 0) spec.unknown = unknown;
    BS_TRY(spec.addBos, config.boolOr("add_bos_token", spec.addBos));
    BS_TRY(spec.chatTemplate, chatTemplateOf(config));
    return {};
}

} // namespace bs
