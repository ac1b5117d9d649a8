#include "tests/support/small_models.h"

#include "core/formats/safetensors.h"
#include "core/model/open.h"

#include <algorithm>

namespace bs::test {

namespace {

using Json = nlohmann::json;

Json smallConfig()
{
    return Json{{"architectures", {"LlamaForCausalLM"}},
                {"num_hidden_layers", 1},
                {"hidden_size", 8},
                {"intermediate_size", 16},
                {"num_attention_heads", 2},
                {"num_key_value_heads", 1},
                {"vocab_size", 12},
                {"max_position_embeddings", 64}};
}

TensorDesc tensorOf(const std::string& name, DType type, std::vector<std::uint64_t> shape)
{
    TensorDesc desc{name, type, std::move(shape), 0, 0};
    desc.bytes = desc.elements() * infoOf(type).blockBytes;
    return desc;
}

std::vector<TensorDesc> denseTensors()
{
    const ModelConfig config = parseHuggingFaceConfig(smallConfig().dump()).value();
    std::vector<TensorDesc> tensors;
    for (const ExpectedTensor& linear : expectedLinears(config))
        tensors.push_back(tensorOf(linear.name + ".weight", DType::F32, linear.shape));
    for (const ExpectedTensor& norm : expectedNorms(config))
        tensors.push_back(tensorOf(norm.name, DType::F32, norm.shape));
    for (const ExpectedTensor& whole : expectedWhole(config))
        tensors.push_back(tensorOf(whole.name, DType::F32, whole.shape));
    return tensors;
}

std::vector<TensorDesc> authorsTensors()
{
    const ModelConfig config = parseHuggingFaceConfig(smallConfig().dump()).value();
    std::vector<TensorDesc> tensors;
    for (const ExpectedTensor& linear : expectedLinears(config))
        for (const char* block : {"0", "1"}) {
            const std::uint64_t rows = linear.shape[0];
            const std::uint64_t cols = linear.shape[1];
            tensors.push_back(
                tensorOf(linear.name + ".qweight_" + block, DType::U8, {rows * cols / 8}));
            tensors.push_back(tensorOf(linear.name + ".u_" + block, DType::F16, {rows, 2}));
            tensors.push_back(tensorOf(linear.name + ".vt_" + block, DType::F16, {2, cols}));
        }
    for (const ExpectedTensor& norm : expectedNorms(config))
        tensors.push_back(tensorOf(norm.name, DType::F16, norm.shape));
    for (const ExpectedTensor& whole : expectedWhole(config))
        tensors.push_back(tensorOf(whole.name, DType::F16, whole.shape));
    return tensors;
}

std::string fileOf(const std::vector<TensorDesc>& tensors)
{
    std::uint64_t bytes = 0;
    for (const TensorDesc& tensor : tensors)
        bytes += tensor.bytes;
    return safetensorsHeader(tensors, {}, 64) + std::string(bytes, '\0');
}

/// The tensors dealt to so many files, with an index of them.
Files dealt(const std::vector<TensorDesc>& tensors, std::size_t shards,
            const std::function<void(Json&)>& change = {})
{
    if (shards == 1) return {{"model.safetensors", fileOf(tensors)}};
    Files files;
    Json map = Json::object();
    for (std::size_t shard = 0; shard < shards; ++shard) {
        const std::string name = "model-" + std::to_string(shard + 1) + ".safetensors";
        std::vector<TensorDesc> held;
        for (std::size_t i = shard; i < tensors.size(); i += shards) {
            held.push_back(tensors[i]);
            map[tensors[i].name] = name;
        }
        files[name] = fileOf(held);
    }
    Json index{{"metadata", {{"total_size", 1}}}, {"weight_map", map}};
    if (change) change(index);
    files["model.safetensors.index.json"] = index.dump();
    return files;
}

Json authorsSteps()
{
    const ModelConfig config = parseHuggingFaceConfig(smallConfig().dump()).value();
    Json steps = Json::array();
    Json layers = Json::object();
    const auto named = [](const std::string& name) {
        return "layer." + name.substr(std::string("model.layers.").size());
    };
    for (const ExpectedTensor& linear : expectedLinears(config))
        layers[named(linear.name)] = 1;
    steps.push_back(Json{{"memory", 1000}, {"layers", layers}});
    for (const ExpectedTensor& linear : expectedLinears(config)) {
        layers[named(linear.name)] = 2;
        steps.push_back(Json{{"memory", 1000 + 100 * steps.size()}, {"layers", layers}});
    }
    return steps;
}

Files authorsOf(const std::vector<TensorDesc>& tensors, const std::function<void(Json&)>& change,
                std::size_t shards)
{
    Files files = dealt(tensors, shards);
    files["config.json"] = smallConfig().dump();
    Json steps = authorsSteps();
    if (change) change(steps);
    files["compression_config.json"] = steps.dump();
    return files;
}

} // namespace

std::string safetensorsOf(const std::string& header, std::size_t dataBytes)
{
    return GgufBuilder::raw<std::uint64_t>(header.size()) + header + std::string(dataBytes, '\0');
}

Json smallTokenizer()
{
    Json vocabulary{{"ab", 8}, {"abc", 9}};
    for (int i = 0; i < 8; ++i)
        vocabulary[std::string(1, static_cast<char>('a' + i))] = i;
    const auto added = [](int id, const char* content) {
        return Json{{"id", id}, {"content", content}, {"special", true}};
    };
    return Json{{"version", "1.0"},
                {"added_tokens", {added(10, "<|im_start|>"), added(11, "<|im_end|>")}},
                {"normalizer", nullptr},
                {"pre_tokenizer",
                 {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", true}}},
                {"decoder", {{"type", "ByteLevel"}}},
                {"model", {{"type", "BPE"}, {"vocab", vocabulary}, {"merges", {"a b", "ab c"}}}}};
}

Files smallFolder(const std::function<void(Json&)>& change)
{
    Json config = smallConfig();
    if (change) change(config);
    return {{"config.json", config.dump()},
            {"model.safetensors", fileOf(denseTensors())},
            {"tokenizer.json", smallTokenizer().dump()},
            {"tokenizer_config.json", R"({"eos_token":"<|im_end|>"})"}};
}

Files smallShards(const std::function<void(Json&)>& change)
{
    Files files = smallFolder();
    files.erase("model.safetensors");
    files.merge(dealt(denseTensors(), 2, change));
    return files;
}

std::string smallGguf(const std::function<void(GgufBuilder&)>& change,
                      const std::function<void(Json&)>& vocabulary)
{
    using B = GgufBuilder;
    const auto u32 = [](std::uint32_t v) { return B::raw(v); };
    B gguf;
    gguf.entry("general.architecture", B::String, B::text("llama"))
        .entry("llama.block_count", B::U32, u32(1))
        .entry("llama.embedding_length", B::U32, u32(8))
        .entry("llama.feed_forward_length", B::U32, u32(16))
        .entry("llama.attention.head_count", B::U32, u32(2))
        .entry("llama.attention.head_count_kv", B::U32, u32(1));
    Json words{{"model", "gpt2"},
               {"tokens", {"a", "b", "c", "d", "e", "f", "g", "h", "ab", "abc", "<s>", "</s>"}},
               {"types", {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3}},
               {"merges", {"a b", "ab c"}},
               {"eos", 11},
               {"rows", 12}};
    if (vocabulary) vocabulary(words);
    const auto texts = [](const Json& list) {
        std::string bytes;
        for (const Json& text : list)
            bytes += B::text(text.get<std::string>());
        return bytes;
    };
    std::string types;
    for (const Json& type : words["types"])
        types += B::raw(type.get<std::int32_t>());
    const std::string prefix = "tokenizer.ggml.";
    gguf.entry(prefix + "model", B::String, B::text(words["model"].get<std::string>()))
        .entry(prefix + "tokens", B::String, words["tokens"].size(), texts(words["tokens"]))
        .entry(prefix + "token_type", B::I32, words["types"].size(), types)
        .entry(prefix + "merges", B::String, words["merges"].size(), texts(words["merges"]));
    if (!words["eos"].is_null())
        gguf.entry(prefix + "eos_token_id", B::U32, u32(words["eos"].get<std::uint32_t>()));
    std::uint64_t offset = 0;
    const auto add = [&](const std::string& name, std::vector<std::uint64_t> shape) {
        std::uint64_t bytes = 4;
        for (const std::uint64_t dimension : shape)
            bytes *= dimension;
        gguf.tensor(name, {shape.rbegin(), shape.rend()}, 0, offset);
        offset += (bytes + 31) / 32 * 32;
    };
    add("token_embd.weight", {words["rows"].get<std::uint64_t>(), 8});
    add("output_norm.weight", {8});
    add("blk.0.attn_norm.weight", {8});
    add("blk.0.ffn_norm.weight", {8});
    add("blk.0.attn_q.weight", {8, 8});
    add("blk.0.attn_k.weight", {4, 8});
    add("blk.0.attn_v.weight", {4, 8});
    add("blk.0.attn_output.weight", {8, 8});
    add("blk.0.ffn_gate.weight", {16, 8});
    add("blk.0.ffn_up.weight", {16, 8});
    add("blk.0.ffn_down.weight", {8, 16});
    if (change) change(gguf);
    return gguf.file(offset);
}

Files smallAuthors(const std::function<void(Json&)>& change, std::size_t shards)
{
    return authorsOf(authorsTensors(), change, shards);
}

Files smallAuthorsWith(const std::string& tensor, const std::string& dtype,
                       const std::vector<std::uint64_t>& shape)
{
    std::vector<TensorDesc> tensors = authorsTensors();
    const auto found = std::find_if(tensors.begin(), tensors.end(),
                                    [&](const TensorDesc& t) { return t.name == tensor; });
    if (found != tensors.end()) tensors.erase(found);
    for (const DType type : {DType::F32, DType::F16, DType::U8, DType::I8})
        if (infoOf(type).name == dtype) tensors.push_back(tensorOf(tensor, type, shape));
    return authorsOf(tensors, {}, 1);
}

} // namespace bs::test
