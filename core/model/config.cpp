#include "core/model/config.h"

#include "core/base/json_guard.h"

#include <cmath>
#include <limits>

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

Result<void> checkArchitecture(const nlohmann::json& json, FieldReader& fields)
{
    std::string architecture = fields.text("model_type");
    const auto list = json.find("architectures");
    if (list != json.end() && list->is_array() && !list->empty() && list->front().is_string())
        architecture = list->front().get<std::string>();
    if (architecture != "LlamaForCausalLM" && architecture != "llama")
        return Error{ErrorCode::Unsupported, "architecture '" + architecture.substr(0, 60) +
                                                 "' is not supported by this version; it runs LlamaForCausalLM"};
    if (fields.has("rope_scaling"))
        return unsupported("rope_scaling");
    if (fields.flag("attention_bias") || fields.flag("mlp_bias"))
        return unsupported("a bias in attention or MLP");
    const std::string activation = fields.text("hidden_act");
    if (!activation.empty() && activation != "silu")
        return unsupported("hidden_act '" + activation.substr(0, 60) + "'");
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

Result<ModelConfig> parseHuggingFaceConfig(const std::string& text)
{
    BS_TRY(const nlohmann::json json, parseJson(text, "config.json"));
    if (!json.is_object())
        return Error{ErrorCode::Format, "config.json: is not an object"};
    FieldReader fields(json);
    BS_CHECK(checkArchitecture(json, fields));
    ModelConfig config;
    config.architecture = "llama";
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
    if (!fields.failure().empty())
        return Error{ErrorCode::Format, fields.failure()};
    BS_CHECK(checkConfig(config));
    return config;
}

std::string huggingFaceConfigText(const ModelConfig& config)
{
    const nlohmann::json json = {
        {"architectures", {"LlamaForCausalLM"}},
        {"model_type", "llama"},
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
    return json.dump(1);
}

} // namespace bs
