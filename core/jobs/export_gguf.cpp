#include "core/formats/gguf_writer.h"
#include "core/jobs/export_layout.h"
#include "core/model/open.h"
#include "core/model/weights.h"
#include "core/tokenizer/spec_gguf.h"

#include <array>
#include <cstring>
#include <filesystem>

namespace bs {

namespace {

/// Mistral is of llama.cpp's architecture llama, whose rows of q and k are interleaved.
std::string ggufArchitecture(const ModelConfig& config)
{
    return config.architecture == "mistral" ? "llama" : config.architecture;
}

/// Tokens for every row of the embedding, each spelled once, which llama.cpp insists on. The order
/// of the keys is its converter's.
void addTokens(GgufHeader& header, GgufTokenizerFields& fields, std::uint32_t vocabulary)
{
    constexpr std::int32_t kUnused = 5;
    constexpr float kPadScore = -1000; // its converter's
    std::vector<std::int32_t> types(fields.tokenTypes.begin(), fields.tokenTypes.end());
    std::vector<float> scores(fields.scores.begin(), fields.scores.end());
    fields.tokens.resize(vocabulary);
    types.resize(vocabulary, kUnused);
    for (std::size_t id = 0; id < fields.tokens.size(); ++id)
        if (fields.tokens[id].empty()) fields.tokens[id] = "[PAD" + std::to_string(id) + "]";
    header.texts("tokenizer.ggml.tokens", fields.tokens);
    if (!scores.empty()) {
        scores.resize(vocabulary, kPadScore);
        header.numbers("tokenizer.ggml.scores", scores);
    }
    header.integers("tokenizer.ggml.token_type", types);
    if (scores.empty()) header.texts("tokenizer.ggml.merges", fields.merges);
}

Result<void> addTokenizer(GgufHeader& header, const ModelSource& model)
{
    if (!model.tokenizer) {
        header.text("tokenizer.ggml.model", "none");
        return {};
    }
    BS_TRY(GgufTokenizerFields fields, ggufTokenizerFields(*model.tokenizer));
    header.text("tokenizer.ggml.model", fields.model);
    header.text("tokenizer.ggml.pre", fields.pre);
    addTokens(header, fields, model.config.vocabulary);
    const auto id = [&](const char* key, std::int64_t value) {
        if (value >= 0) header.count(key, static_cast<std::uint32_t>(value));
    };
    id("tokenizer.ggml.bos_token_id", fields.bos);
    id("tokenizer.ggml.eos_token_id", fields.eos);
    id("tokenizer.ggml.unknown_token_id", fields.unknown);
    id("tokenizer.ggml.eot_token_id", fields.eot);
    header.flag("tokenizer.ggml.add_bos_token", fields.addBos.value_or(false));
    if (fields.addSpacePrefix) {
        header.flag("tokenizer.ggml.add_eos_token", false);
        header.flag("tokenizer.ggml.add_space_prefix", *fields.addSpacePrefix);
    }
    if (!fields.chatTemplate.empty()) header.text("tokenizer.chat_template", fields.chatTemplate);
    return {};
}

void addConfig(GgufHeader& header, const ExportSource& source)
{
    const ModelConfig& config = source.model->config;
    const std::string name = ggufArchitecture(config);
    const bool quantised = source.type == ExportType::Q8_0;
    header.text("general.architecture", name);
    header.text("general.type", "model");
    header.text("general.name", std::filesystem::path(source.model->path).stem().string());
    header.count("general.file_type", quantised ? 7 : 1); // mostly Q8_0, mostly F16
    if (quantised) header.count("general.quantization_version", 2);
    header.count(name + ".block_count", config.layers);
    header.count(name + ".context_length", config.contextLength);
    header.count(name + ".embedding_length", config.width);
    header.count(name + ".feed_forward_length", config.mlpWidth);
    header.count(name + ".attention.head_count", config.heads);
    header.count(name + ".attention.head_count_kv", config.kvHeads);
    header.count(name + ".attention.key_length", config.headDim);
    header.count(name + ".attention.value_length", config.headDim);
    header.number(name + ".attention.layer_norm_rms_epsilon", config.normEpsilon);
    header.number(name + ".rope.freq_base", config.ropeBase);
    header.count(name + ".rope.dimension_count", config.headDim);
    header.count(name + ".vocab_size", config.vocabulary);
    if (config.slidingWindow != 0)
        header.count(name + ".attention.sliding_window", config.slidingWindow);
    header.text("bitstack.manifest", source.manifest);
}

/// "model.layers.3.mlp.up_proj.weight" to "blk.3.ffn_up.weight"
std::string ggufName(const std::string& name)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kParts{{
        {"model.embed_tokens", "token_embd"},
        {"model.norm", "output_norm"},
        {"lm_head", "output"},
        {"input_layernorm", "attn_norm"},
        {"self_attn.q_proj", "attn_q"},
        {"self_attn.k_proj", "attn_k"},
        {"self_attn.v_proj", "attn_v"},
        {"self_attn.o_proj", "attn_output"},
        {"self_attn.q_norm", "attn_q_norm"},
        {"self_attn.k_norm", "attn_k_norm"},
        {"post_attention_layernorm", "ffn_norm"},
        {"mlp.gate_proj", "ffn_gate"},
        {"mlp.up_proj", "ffn_up"},
        {"mlp.down_proj", "ffn_down"},
    }};
    const std::string_view layers = "model.layers.";
    std::string block;
    std::string part = name;
    if (name.starts_with(layers)) {
        const std::size_t dot = name.find('.', layers.size());
        block = "blk." + name.substr(layers.size(), dot - layers.size()) + ".";
        part = name.substr(dot + 1);
    }
    const std::size_t kind = part.rfind('.'); // ".weight" or ".bias"
    for (const auto& [huggingFace, gguf] : kParts)
        if (part.substr(0, kind) == huggingFace)
            return block + std::string(gguf) + part.substr(kind);
    BS_ASSERT(false);
    return part;
}

/// What each frequency is divided by, of Llama 3's rope scaling.
PendingTensor ropeFactors(const ModelConfig& config)
{
    PendingTensor tensor;
    tensor.desc = {"rope_freqs.weight", DType::F32, {config.headDim / 2}, 0, 0};
    setBytes(tensor.desc);
    tensor.read = [config]() -> Result<std::vector<std::byte>> {
        std::vector<std::byte> bytes(config.headDim / 2 * sizeof(float));
        for (std::size_t i = 0; i < config.headDim / 2; ++i) {
            const float divisor = ropeDivisor(config, i);
            std::memcpy(bytes.data() + i * sizeof(float), &divisor, sizeof(float));
        }
        return bytes;
    };
    return tensor;
}

std::vector<PendingTensor> tensorsOf(const ExportSource& source)
{
    const ModelConfig& config = source.model->config;
    const bool permuted = ggufArchitecture(config) == "llama";
    std::vector<PendingTensor> tensors;
    const auto matrix = [&](const std::string& name, const std::vector<std::uint64_t>& shape) {
        // A row that is no whole number of blocks stays F16, as llama.cpp's own quantiser does it.
        const bool quantised =
            source.type == ExportType::Q8_0 && shape[1] % infoOf(DType::Q8_0).blockElements == 0;
        const bool heads = name.ends_with(".q_proj.weight") || name.ends_with(".k_proj.weight");
        tensors.push_back(exportedTensor(source, name, ggufName(name), shape,
                                         quantised ? DType::Q8_0 : DType::F16, permuted && heads));
    };
    if (config.rope.factor != 1.0F) tensors.push_back(ropeFactors(config));
    for (const ExpectedTensor& whole : expectedWhole(config))
        matrix(whole.name, whole.shape);
    for (const ExpectedTensor& norm : expectedNorms(config))
        tensors.push_back(
            exportedTensor(source, norm.name, ggufName(norm.name), norm.shape, DType::F32));
    for (const ExpectedTensor& linear : expectedLinears(config))
        matrix(linear.name + ".weight", linear.shape);
    return tensors;
}

} // namespace

Result<std::vector<ExportFile>> ggufFiles(const ExportSource& source)
{
    GgufHeader header;
    addConfig(header, source);
    BS_CHECK(addTokenizer(header, *source.model));
    ExportFile file;
    file.tensors = tensorsOf(source);
    file.start = header.bytes(descriptorsOf(file.tensors));
    file.alignment = GgufHeader::kAlignment;
    std::vector<ExportFile> files;
    files.push_back(std::move(file));
    return files;
}

} // namespace bs
