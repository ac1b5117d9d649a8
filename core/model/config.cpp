#include "core/model/config.h"

#include "core/base/json_guard.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <string_view>

#include <nlohmann/json.hpp>

namespace bs {

namespace {

/// Reads fields of an untrusted config.json, remembering the first thing that is wrong.
class FieldReader
{
public:
    explicit FieldReader(const nlohmann::json& object) : m_object(object) {}

    std::uint32_t count(const char* name, std::uint32_t otherwise = 0)
    {
        const nlohmann::json* value = find(name);
        if (value == nullptr) {
            if (otherwise == 0)
                fail(name, "is missing");
            return otherwise;
        }
        // 2^24 layers, heads or channels are beyond any model; larger products could not overflow 64 bits.
        if (!value->is_number_unsigned() || value->get<std::uint64_t>() == 0 || value->get<std::uint64_t>() > (1U << 24)) {
            fail(name, "is " + printable(value->dump(), 40) + ", a whole number from 1 to 16777216 is needed");
            return 1;
        }
        return value->get<std::uint32_t>();
    }

    float positive(const char* name, float otherwise)
    {
        const nlohmann::json* value = find(name);
        if (value == nullptr)
            return otherwise;
        const float number = value->is_number() ? value->get<float>() : -1.0F;
        if (!std::isfinite(number) || number <= 0) {
            fail(name, "is " + value->dump().substr(0, 40) + ", a positive number is needed");
            return otherwise;
        }
        return number;
    }

    bool flag(const char* name)
    {
        const nlohmann::json* value = find(name);
        return value != nullptr && value->is_boolean() && value->get<bool>();
    }

    std::string text(const char* name)
    {
        const nlohmann::json* value = find(name);
        return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
    }

    bool has(const char* name) { return find(name) != nullptr; }
    const std::string& failure() const { return m_failure; }

private:
    const nlohmann::json* find(const char* name) const
    {
        const auto found = m_object.find(name);
        return found == m_object.end() || found->is_null() ? nullptr : &*found;
    }

    void fail(const char* name, const std::string& what)
    {
        if (m_failure.empty())
            m_failure = "config.json: field " + std::string(name) + " " + what;
    }

    const nlohmann::json& m_object;
    std::string m_failure;
};

Error unsupported(const std::string& what)
{
    return Error{ErrorCode::Unsupported, "config.json: " + what + " is not supported by this version"};
}

struct Family
{
    std::string_view type;
    std::string_view className;
    bool qkvBias;
    bool headNorms;
};

constexpr std::array<Family, 4> kFamilies{{{"llama", "LlamaForCausalLM", false, false},
                                           {"mistral", "MistralForCausalLM", false, false},
                                           {"qwen2", "Qwen2ForCausalLM", true, false},
                                           {"qwen3", "Qwen3ForCausalLM", false, true}}};

Result<Family> familyOf(const nlohmann::json& json, FieldReader& fields)
{
    std::string architecture = fields.text("model_type");
    const auto list = json.find("architectures");
    if (list != json.end() && list->is_array() && !list->empty() && list->front().is_string())
        architecture = list->front().get<std::string>();
    for (const Family& family : kFamilies)
        if (architecture == family.type || architecture == family.className)
            return family;
    return Error{ErrorCode::Unsupported, "architecture '" + architecture.substr(0, 60) +
                                             "' is not supported by this version; it runs LlamaForCausalLM, MistralForCausalLM, "
                                             "Qwen2ForCausalLM and Qwen3ForCausalLM"};
}

/// Layers that look at their whole context only, unless all of them look through the same window.
Result<void> checkLayerTypes(const nlohmann::json& json, const std::string& only)
{
    const auto types = json.find("layer_types");
    if (types == json.end() || types->is_null())
        return {};
    if (!types->is_array())
        return Error{ErrorCode::Format, "config.json: field layer_types is no list"};
    for (const nlohmann::json& type : *types)
        if (!type.is_string() || type.get<std::string>() != only)
            return unsupported("layer_types with " + type.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).substr(0, 60));
    return {};
}

Result<void> checkFields(const nlohmann::json& json, const Family& family, FieldReader& fields)
{
    if (fields.flag("attention_bias"))
        return unsupported("attention_bias of architecture '" + std::string(family.type) + "'");
    if (fields.flag("mlp_bias"))
        return unsupported("mlp_bias");
    const std::string activation = fields.text("hidden_act");
    if (!activation.empty() && activation != "silu")
        return unsupported("hidden_act '" + activation.substr(0, 60) + "'");
    const bool qwen = family.type.starts_with("qwen");
    if (qwen && fields.flag("use_sliding_window"))
        return unsupported("use_sliding_window");
    if (qwen)
        return checkLayerTypes(json, "full_attention");
    return {};
}

/// The rope_scaling object (newer files: rope_parameters, which holds rope_theta too).
Result<void> readRope(const nlohmann::json& json, ModelConfig& config)
{
    for (const char* name : {"rope_scaling", "rope_parameters"}) {
        const auto found = json.find(name);
        if (found == json.end() || found->is_null())
            continue;
        if (!found->is_object())
            return Error{ErrorCode::Format, "config.json: field " + std::string(name) + " is no object"};
        FieldReader fields(*found);
        const std::string type = fields.has("rope_type") ? fields.text("rope_type") : fields.text("type");
        if (type != "llama3" && type != "default")
            return unsupported(std::string(name) + " of type '" + type.substr(0, 60) + "'");
        config.ropeBase = fields.positive("rope_theta", config.ropeBase);
        if (type == "llama3")
            config.rope = {fields.positive("factor", 8.0F), fields.positive("low_freq_factor", 1.0F),
                           fields.positive("high_freq_factor", 4.0F),
                           fields.positive("original_max_position_embeddings", 8192.0F)};
        if (!fields.failure().empty())
            return Error{ErrorCode::Format, fields.failure() + " (in " + name + ")"};
        if (!(config.rope.lowFactor < config.rope.highFactor))
            return Error{ErrorCode::Format, "config.json: low_freq_factor is " + std::to_string(config.rope.lowFactor) +
                                                ", it must be below high_freq_factor, " + std::to_string(config.rope.highFactor)};
    }
    return {};
}

} // namespace

Result<void> checkConfig(const ModelConfig& config)
{
    if (config.heads % config.kvHeads != 0)
        return Error{ErrorCode::Shape, std::to_string(config.heads) + " attention heads cannot share " +
                                           std::to_string(config.kvHeads) + " key-value heads evenly"};
    // Products of these must not overflow, and a hostile header must not make us list millions of names.
    if (config.layers > 4096)
        return Error{ErrorCode::Unsupported, std::to_string(config.layers) + " layers; at most 4096 are supported"};
    if (std::uint64_t{config.heads} * config.headDim > (1U << 24))
        return Error{ErrorCode::Shape, std::to_string(config.heads) + " heads of width " +
                                           std::to_string(config.headDim) + " are wider than any model"};
    if (config.headDim % 2 != 0)
        return Error{ErrorCode::Shape, "a head is " + std::to_string(config.headDim) +
                                           " wide; rotary positions need an even width"};
    return {};
}

float ropeDivisor(const ModelConfig& config, std::size_t pair)
{
    const RopeScaling& rope = config.rope;
    const float frequency = 1.0F / std::pow(config.ropeBase, static_cast<float>(2 * pair) / static_cast<float>(config.headDim));
    const float turns = rope.originalContext * frequency / (2.0F * std::numbers::pi_v<float>); // within the original context
    if (rope.factor == 1.0F || turns > rope.highFactor)
        return 1.0F;
    if (turns < rope.lowFactor)
        return rope.factor;
    const float smooth = (turns - rope.lowFactor) / (rope.highFactor - rope.lowFactor);
    return 1.0F / ((1.0F - smooth) / rope.factor + smooth);
}

Result<ModelConfig> parseHuggingFaceConfig(const std::string& text)
{
    BS_TRY(const nlohmann::json json, parseJson(text, "config.json"));
    if (!json.is_object())
        return Error{ErrorCode::Format, "config.json: is not an object"};
    FieldReader fields(json);
    BS_TRY(const Family family, familyOf(json, fields));
    BS_CHECK(checkFields(json, family, fields));
    ModelConfig config;
    config.architecture = family.type;
    config.qkvBias = family.qkvBias;
    config.headNorms = family.headNorms;
    config.layers = fields.count("num_hidden_layers");
    config.width = fields.count("hidden_size");
    config.mlpWidth = fields.count("intermediate_size");
    config.heads = fields.count("num_attention_heads");
    config.kvHeads = fields.count("num_key_value_heads", std::max(1U, config.heads));
    config.headDim = fields.count("head_dim", std::max(1U, config.width / std::max(1U, config.heads)));
    config.vocabulary = fields.count("vocab_size");
    config.contextLength = fields.count("max_position_embeddings", 2048);
    config.ropeBase = fields.positive("rope_theta", 10000.0F);
    config.normEpsilon = fields.positive("rms_norm_eps", 1e-6F);
    config.tiedEmbeddings = fields.flag("tie_word_embeddings");
    if (family.type == "mistral" && fields.has("sliding_window"))
        config.slidingWindow = fields.count("sliding_window");
    BS_CHECK(readRope(json, config));
    if (!fields.failure().empty())
        return Error{ErrorCode::Format, fields.failure()};
    BS_CHECK(checkConfig(config));
    return config;
}

std::string huggingFaceConfigText(const ModelConfig& config)
{
    const auto family = std::find_if(kFamilies.begin(), kFamilies.end(), [&](const Family& f) { return f.type == config.architecture; });
    BS_ASSERT(family != kFamilies.end());
    nlohmann::json json = {
        {"architectures", {std::string(family->className)}},
        {"model_type", config.architecture},
        {"hidden_act", "silu"},
        {"num_hidden_layers", config.layers},
        {"hidden_size", config.width},
        {"intermediate_size", config.mlpWidth},
        {"num_attention_heads", config.heads},
        {"num_key_value_heads", config.kvHeads},
        {"head_dim", config.headDim},
        {"vocab_size", config.vocabulary},
        {"max_position_embeddings", config.contextLength},
        {"rope_theta", config.ropeBase},
        {"rms_norm_eps", config.normEpsilon},
        {"tie_word_embeddings", config.tiedEmbeddings},
        {"attention_bias", false},
        {"mlp_bias", false},
        {"torch_dtype", "float16"},
    };
    if (config.architecture == "mistral")
        json["sliding_window"] = config.slidingWindow == 0 ? nlohmann::json() : nlohmann::json(config.slidingWindow);
    if (config.rope.factor != 1.0F)
        json["rope_scaling"] = {{"rope_type", "llama3"},
                                {"factor", config.rope.factor},
                                {"low_freq_factor", config.rope.lowFactor},
                                {"high_freq_factor", config.rope.highFactor},
                                {"original_max_position_embeddings", static_cast<std::uint64_t>(config.rope.originalContext)}};
    return json.dump(1);
}

} // namespace bs
