// Opening models of every format, and what is said about those that cannot be opened.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/formats/safetensors.h"
#include "core/model/open.h"
#include "core/model/weights.h"
#include "tests/support/gguf_builder.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <cstring>
#include <functional>

namespace {

using namespace bs;
using test::GgufBuilder;
using test::TempFolder;

const char* const kConfig = R"({"architectures":["LlamaForCausalLM"],"num_hidden_layers":1,"hidden_size":8,
    "intermediate_size":16,"num_attention_heads":2,"num_key_value_heads":1,"vocab_size":12})";

using Tensors = std::vector<TensorDesc>;

TensorDesc f32(const std::string& name, std::vector<std::uint64_t> shape)
{
    TensorDesc desc{name, DType::F32, std::move(shape), 0, 0};
    desc.bytes = desc.elements() * 4;
    return desc;
}

Tensors goodTensors()
{
    const ModelConfig config = parseHuggingFaceConfig(kConfig).value();
    Tensors tensors;
    for (const ExpectedTensor& e : expectedLinears(config))
        tensors.push_back(f32(e.name + ".weight", e.shape));
    for (const ExpectedTensor& e : expectedNorms(config))
        tensors.push_back(f32(e.name, e.shape));
    for (const ExpectedTensor& e : expectedWhole(config))
        tensors.push_back(f32(e.name, e.shape));
    return tensors;
}

/// A Hugging Face folder whose values count up from 0, tensor after tensor.
std::string writeFolder(const TempFolder& folder, const Tensors& tensors)
{
    std::string file = safetensorsHeader(tensors, {}, 64);
    float next = 0;
    for (const TensorDesc& desc : tensors)
        for (std::uint64_t i = 0; i < desc.elements(); ++i, ++next)
            file += GgufBuilder::raw(next);
    folder.write("model.safetensors", file);
    folder.write("config.json", kConfig);
    return folder.path();
}

void checkRefused(const Result<ModelSource>& result, ErrorCode code, const std::string& part)
{
    REQUIRE(!result);
    CAPTURE(result.error().message);
    CHECK(result.error().code == code);
    CHECK(result.error().message.find(part) != std::string::npos);
}

/// The same model as GGUF, q and k rows interleaved as llama.cpp stores them.
std::string writeGguf(const TempFolder& folder, const std::function<void(GgufBuilder&)>& change = {})
{
    auto u32 = [](std::uint32_t v) { return GgufBuilder::raw(v); };
    GgufBuilder gguf;
    gguf.entry("general.architecture", GgufBuilder::String, GgufBuilder::text("llama"))
        .entry("llama.block_count", GgufBuilder::U32, u32(1))
        .entry("llama.embedding_length", GgufBuilder::U32, u32(8))
        .entry("llama.feed_forward_length", GgufBuilder::U32, u32(16))
        .entry("llama.attention.head_count", GgufBuilder::U32, u32(2))
        .entry("llama.attention.head_count_kv", GgufBuilder::U32, u32(1));
    std::uint64_t offset = 0;
    auto add = [&](const std::string& name, std::vector<std::uint64_t> shape) {
        std::uint64_t bytes = 4;
        for (const std::uint64_t d : shape)
            bytes *= d;
        gguf.tensor(name, {shape.rbegin(), shape.rend()}, 0, offset);
        offset += (bytes + 31) / 32 * 32;
    };
    add("token_embd.weight", {12, 8});
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
    if (change)
        change(gguf);
    return folder.write("model.gguf", gguf.file(offset));
}

} // namespace

TEST_CASE("a Hugging Face folder")
{
    const TempFolder folder;
    const auto source = openModel(writeFolder(folder, goodTensors()));
    REQUIRE(source);
    CHECK(source.value().format == ModelFormat::HuggingFace);
    CHECK(source.value().parameters == 8 * 8 * 2 + 4 * 8 * 2 + 16 * 8 * 3 + 3 * 8 + 2 * 12 * 8);
    CHECK(!source.value().tokenizer);
    const auto q = readTensor(source.value(), "model.layers.0.self_attn.q_proj.weight");
    REQUIRE(q);
    CHECK(q.value()[9] == 9.0F);
}

TEST_CASE("tensors that are missing, misshapen, of a foreign type or from another architecture")
{
    auto open = [](const std::function<void(Tensors&)>& change) {
        const TempFolder folder;
        Tensors tensors = goodTensors();
        change(tensors);
        return openModel(writeFolder(folder, tensors));
    };
    checkRefused(open([](Tensors& t) { t.erase(t.begin()); }), ErrorCode::Format, "q_proj.weight is missing");
    checkRefused(open([](Tensors& t) { t[1] = f32(t[1].name, {5, 8}); }), ErrorCode::Shape, "[5, 8], the config asks for [4, 8]");
    checkRefused(open([](Tensors& t) { t[2].dtype = DType::I32; }), ErrorCode::Unsupported, "I32");
    checkRefused(open([](Tensors& t) { t.push_back(f32("model.layers.0.self_attn.q_proj.bias", {8})); }),
                 ErrorCode::Unsupported, "q_proj.bias");
}

TEST_CASE("folders and files that are no model")
{
    const TempFolder folder;
    checkRefused(openModel(folder.file("nothing")), ErrorCode::NotFound, "nothing");
    checkRefused(openModel(folder.path()), ErrorCode::Format, "without config.json");
    checkRefused(openModel(folder.write("empty", "")), ErrorCode::Format, "0 bytes");
    checkRefused(openModel(folder.write("text", "Dear reader, this is no model.")), ErrorCode::Format, "neither");
    folder.write("config.json", kConfig);
    checkRefused(openModel(folder.path()), ErrorCode::NotFound, "model.safetensors");
}

TEST_CASE("an index of shards may name plain files only")
{
    const TempFolder folder;
    folder.write("config.json", kConfig);
    folder.write("model.safetensors.index.json", R"({"weight_map":{"a":"../../secret"}})");
    checkRefused(openModel(folder.path()), ErrorCode::Format, "weight_map of a");
    folder.write("model.safetensors.index.json", R"({"weight_map":{}})");
    checkRefused(openModel(folder.path()), ErrorCode::Format, "weight_map");
}

TEST_CASE("a GGUF file, by its own names")
{
    const TempFolder folder;
    const auto source = openModel(writeGguf(folder));
    REQUIRE_MESSAGE(source, (source ? "" : source.error().message));
    CHECK(source.value().format == ModelFormat::Gguf);
    CHECK(source.value().config.tiedEmbeddings);
    CHECK(source.value().config.vocabulary == 12);
    CHECK(source.value().tensors.at("model.layers.0.self_attn.q_proj.weight").permutedHeads);
    CHECK(!source.value().tensors.at("model.layers.0.self_attn.v_proj.weight").permutedHeads);
}

TEST_CASE("GGUF files we cannot run are refused by name")
{
    const TempFolder folder;
    auto refused = [&](const std::function<void(GgufBuilder&)>& change, ErrorCode code, const char* part) {
        checkRefused(openModel(writeGguf(folder, change)), code, part);
    };
    refused([](GgufBuilder& g) { g.entry("llama.expert_count", GgufBuilder::U32, GgufBuilder::raw(8U)); },
            ErrorCode::Unsupported, "experts");
    refused([](GgufBuilder& g) { g.entry("llama.rope.scaling.type", GgufBuilder::String, GgufBuilder::text("yarn")); },
            ErrorCode::Unsupported, "yarn");
    refused([](GgufBuilder& g) { g.entry("llama.rope.dimension_count", GgufBuilder::U32, GgufBuilder::raw(2U)); },
            ErrorCode::Unsupported, "2 of 4 dimensions");
    refused([](GgufBuilder& g) { g.entry("llama.attention.layer_norm_rms_epsilon", GgufBuilder::F32, GgufBuilder::raw(-1.0F)); },
            ErrorCode::Format, "layer_norm_rms_epsilon");
    refused([](GgufBuilder& g) { g.tensor("blk.0.attn_q.bias", {8}, 0, 0); }, ErrorCode::Format, "attn_q.bias");
    const std::string other = "GGUF" + GgufBuilder::raw(3U) + GgufBuilder::raw<std::uint64_t>(0) + GgufBuilder::raw<std::uint64_t>(1) +
                              GgufBuilder::text("general.architecture") + GgufBuilder::raw<std::uint32_t>(GgufBuilder::String) +
                              GgufBuilder::text("mamba");
    checkRefused(openModel(folder.write("other.gguf", other)), ErrorCode::Unsupported, "mamba");
}

TEST_CASE("the heads' permutation is undone")
{
    // One head of 6 rows of 1 byte: stored a0 b0 a1 b1 a2 b2, wanted a0 a1 a2 b0 b1 b2; then another head.
    std::string rows = "aAbBcCdDeEfF";
    unpermuteHeads(reinterpret_cast<std::byte*>(rows.data()), 12, 1, 6);
    CHECK(rows == "abcABCdefDEF");
}

TEST_CASE("a dense model's size cannot be chosen; its weights are resident as stored")
{
    const TempFolder folder;
    auto source = openModel(writeFolder(folder, goodTensors()));
    REQUIRE(source);
    ThreadPool pool(1);
    auto weights = Weights::load(std::make_shared<const ModelSource>(std::move(source).value()), nullptr, pool, {});
    REQUIRE(weights);
    CHECK(weights.value()->weightBytes() >= weights.value()->source().parameters * 4);
    const auto refused = weights.value()->startPlan(Plan{});
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::Usage);
    const DenseView& k = weights.value()->layers()[0][Slot::K].matrix;
    float first = 0;
    std::memcpy(&first, k.data, 4);
    CHECK(first == 64.0F); // q has 64 values before it
}
