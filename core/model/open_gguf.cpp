#include "core/formats/gguf.h"
#include "core/model/open.h"
#include "core/tokenizer/spec_gguf.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace bs {

namespace {

/// GGUF's name of a tensor to Hugging Face's; empty if there is none.
std::string huggingFaceName(const std::string& name)
{
    if (name == "token_embd.weight")
        return "model.embed_tokens.weight";
    if (name == "output_norm.weight")
        return "model.norm.weight";
    if (name == "output.weight")
        return "lm_head.weight";
    if (name.rfind("blk.", 0) != 0)
        return {};
    const std::size_t dot = name.find('.', 4);
    if (dot == std::string::npos)
        return {};
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kParts{{
        {"attn_norm.weight", "input_layernorm.weight"},
        {"attn_q.weight", "self_attn.q_proj.weight"},
        {"attn_k.weight", "self_attn.k_proj.weight"},
        {"attn_v.weight", "self_attn.v_proj.weight"},
        {"attn_output.weight", "self_attn.o_proj.weight"},
        {"ffn_norm.weight", "post_attention_layernorm.weight"},
        {"ffn_gate.weight", "mlp.gate_proj.weight"},
        {"ffn_up.weight", "mlp.up_proj.weight"},
        {"ffn_down.weight", "mlp.down_proj.weight"},
        {"attn_q.bias", "self_attn.q_proj.bias"},
        {"attn_k.bias", "self_attn.k_proj.bias"},
        {"attn_v.bias", "self_attn.v_proj.bias"},
        {"attn_q_norm.weight", "self_attn.q_norm.weight"},
        {"attn_k_norm.weight", "self_attn.k_norm.weight"},
    }};
    const std::string part = name.substr(dot + 1);
    for (const auto& [gguf, huggingFace] : kParts)
        if (part == gguf)
            return "model.layers." + name.substr(4, dot - 4) + "." + std::string(huggingFace);
    return {};
}

/// Reads the architecture's keys, remembering the first one that is missing or absurd.
class KeyReader
{
public:
    explicit KeyReader(const GgufFile& gguf) : m_gguf(gguf) {}

    std::uint32_t count(const std::string& key, std::uint32_t otherwise = 0)
    {
        const auto value = m_gguf.integer(key);
        if (!value && otherwise != 0 && !m_gguf.metadata.contains(key))
            return otherwise;
        if (value && *value > 0 && *value <= (1U << 24))
            return static_cast<std::uint32_t>(*value);
        if (m_failure.empty())
            m_failure = "metadata key " + key + (value ? " is " + std::to_string(*value) +
                                                             ", a whole number from 1 to 16777216 is needed"
                                                       : " is missing or no whole number");
        return 1;
    }

    float positive(const std::string& key, double otherwise)
    {
        const double value = m_gguf.number(key).value_or(otherwise);
        if (value > 0 && value < 1e30)
            return static_cast<float>(value);
        if (m_failure.empty())
            m_failure = "metadata key " + key + " is " + std::to_string(value) + ", a positive number is needed";
        return static_cast<float>(otherwise);
    }

    const std::string& failure() const { return m_failure; }

private:
    const GgufFile& m_gguf;
    std::string m_failure;
};

Result<ModelConfig> configFromGguf(const GgufFile& gguf)
{
    const std::string architecture = gguf.text("general.architecture").value_or("");
    if (architecture != "llama" && architecture != "qwen2" && architecture != "qwen3")
        return Error{ErrorCode::Unsupported, "architecture '" + architecture.substr(0, 60) +
                                                 "' is not supported by this version; it runs 'llama', 'qwen2' and 'qwen3'"};
    if (gguf.integer(architecture + ".expert_count").value_or(0) > 0)
        return Error{ErrorCode::Unsupported, "architecture '" + architecture + "' with experts is not supported by this version"};
    const std::string scaling = gguf.text(architecture + ".rope.scaling.type").value_or("none");
    if (scaling != "none")
        return Error{ErrorCode::Unsupported, "rope scaling '" + scaling.substr(0, 60) + "' is not supported by this version"};
    KeyReader keys(gguf);
    ModelConfig config;
    config.architecture = architecture;
    config.layers = keys.count(architecture + ".block_count");
    config.width = keys.count(architecture + ".embedding_length");
    config.mlpWidth = keys.count(architecture + ".feed_forward_length");
    config.heads = keys.count(architecture + ".attention.head_count");
    config.kvHeads = keys.count(architecture + ".attention.head_count_kv", config.heads);
    config.headDim = keys.count(architecture + ".attention.key_length", std::max(1U, config.width / config.heads));
    config.contextLength = keys.count(architecture + ".context_length", 2048);
    config.ropeBase = keys.positive(architecture + ".rope.freq_base", 10000.0);
    config.normEpsilon = keys.positive(architecture + ".attention.layer_norm_rms_epsilon", 1e-5);
    config.qkvBias = architecture == "qwen2";
    config.headNorms = architecture == "qwen3";
    if (gguf.metadata.contains(architecture + ".attention.sliding_window"))
        config.slidingWindow = keys.count(architecture + ".attention.sliding_window");
    if (config.slidingWindow != 0 && architecture != "llama") // whose layers have it follows from no key
        return Error{ErrorCode::Unsupported, "a sliding window in architecture '" + architecture + "' is not supported by this version"};
    if (config.slidingWindow != 0)
        config.architecture = "mistral";
    const TensorDesc* embedding = gguf.find("token_embd.weight");
    if (embedding == nullptr || embedding->shape.size() != 2)
        return Error{ErrorCode::Format, "tensor token_embd.weight is missing or not a matrix"};
    config.vocabulary = static_cast<std::uint32_t>(std::min<std::uint64_t>(embedding->shape[0], UINT32_MAX));
    config.tiedEmbeddings = gguf.find("output.weight") == nullptr;
    if (!keys.failure().empty())
        return Error{ErrorCode::Format, keys.failure()};
    const std::uint64_t rotated = gguf.integer(architecture + ".rope.dimension_count").value_or(config.headDim);
    if (rotated != config.headDim)
        return Error{ErrorCode::Unsupported, "rope over " + std::to_string(rotated) + " of " +
                                                 std::to_string(config.headDim) + " dimensions is not supported by this version"};
    BS_CHECK(checkConfig(config));
    return config;
}

/// Llama 3's rope scaling, of which GGUF keeps only what each frequency is divided by: found again among the forms in use, low factor 1,
/// high factor 4, the original context a power of two.
Result<void> readRopeFactors(const GgufFile& gguf, ModelConfig& config)
{
    const TensorDesc* tensor = gguf.find("rope_freqs.weight");
    if (tensor == nullptr)
        return {};
    const std::size_t half = config.headDim / 2;
    if (tensor->dtype != DType::F32 || tensor->shape != std::vector<std::uint64_t>{half})
        return Error{ErrorCode::Shape, "tensor rope_freqs.weight has shape " + tensor->shapeText() + ", F32 [" +
                                           std::to_string(half) + "] is needed"};
    std::vector<float> factors(half);
    BS_CHECK(gguf.file->readAt(tensor->offset, std::as_writable_bytes(std::span(factors))));
    const float largest = *std::max_element(factors.begin(), factors.end());
    for (float context = 1; context <= 16777216.0F; context *= 2) {
        config.rope = {largest, 1.0F, 4.0F, context};
        bool same = true;
        for (std::size_t i = 0; i < half && same; ++i)
            same = std::abs(ropeDivisor(config, i) - factors[i]) <= 1e-4F * std::abs(factors[i]);
        if (same)
            return {};
    }
    return Error{ErrorCode::Unsupported, "tensor rope_freqs.weight (largest factor " + std::to_string(largest) +
                                             ") follows no llama3 rope scaling that this version knows"};
}

template <class T>
std::vector<T> listOf(const GgufFile& gguf, const std::string& key)
{
    const auto found = gguf.metadata.find(key);
    const auto* list = found == gguf.metadata.end() ? nullptr : std::get_if<std::vector<T>>(&found->second);
    return list == nullptr ? std::vector<T>() : *list;
}

Result<std::optional<TokenizerSpec>> tokenizerFromGguf(const GgufFile& gguf)
{
    const std::string prefix = "tokenizer.ggml.";
    if (!gguf.metadata.contains(prefix + "tokens"))
        return std::optional<TokenizerSpec>();
    auto id = [&](const char* key) { 
        const auto value = gguf.integer(prefix + key);
        return value ? static_cast<std::int64_t>(*value) : -1;
    };
    GgufTokenizerFields fields;
    fields.model = gguf.text(prefix + "model").value_or("");
    fields.pre = gguf.text(prefix + "pre").value_or("");
    fields.tokens = listOf<std::string>(gguf, prefix + "tokens");
    fields.tokenTypes = listOf<std::int64_t>(gguf, prefix + "token_type");
    fields.merges = listOf<std::string>(gguf, prefix + "merges");
    fields.bos = id("bos_token_id");
    fields.eos = id("eos_token_id");
    fields.eot = id("eot_token_id");
    fields.unknown = id("unknown_token_id");
    const auto addBos = gguf.metadata.find(prefix + "add_bos_token");
    fields.addBos = addBos != gguf.metadata.end() && std::get_if<bool>(&addBos->second) != nullptr &&
                    std::get<bool>(addBos->second);
    fields.chatTemplate = gguf.text("tokenizer.chat_template").value_or("");
    BS_TRY(TokenizerSpec spec, tokenizerSpecFromGguf(std::move(fields)));
    return std::optional(std::move(spec));
}

Result<ModelSource> fromGguf(const GgufFile& gguf, const std::string& path)
{
    ModelSource source;
    source.format = ModelFormat::Gguf;
    source.path = path;
    source.files = {gguf.file};
    source.bytes = gguf.file->size();
    BS_TRY(source.config, configFromGguf(gguf));
    BS_CHECK(readRopeFactors(gguf, source.config));
    BS_TRY(source.tokenizer, tokenizerFromGguf(gguf));
    const bool rowsArePermuted = gguf.text("general.architecture") == "llama"; // Qwen's are not
    for (const TensorDesc& desc : gguf.tensors) {
        if (desc.name == "rope_freqs.weight")
            continue; // readRopeFactors has seen it
        const std::string name = huggingFaceName(desc.name);
        if (name.empty())
            return Error{ErrorCode::Unsupported, "tensor " + desc.name + " belongs to no part of the " + source.config.architecture + " architecture "
                                                                         "that this version runs"};
        const bool permuted = rowsArePermuted && (name.ends_with(".q_proj.weight") || name.ends_with(".k_proj.weight"));
        source.tensors[name] = {desc, 0, permuted};
        source.parameters += desc.elements();
    }
    return source;
}

} // namespace

Result<ModelSource> openGguf(const std::string& path)
{
    BS_TRY(const GgufFile gguf, readGguf(path));
    auto opened = fromGguf(gguf, path);
    if (!opened)
        return std::move(opened).error().in(path);
    BS_CHECK(checkDenseTensors(opened.value()));
    return opened;
}

} // namespace bs
