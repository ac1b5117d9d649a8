#include "tests/core/hostile/hostile.h"

namespace bs::test {

namespace {

using Json = nlohmann::json;

HostileFile field(std::string lie, std::string part, const std::string& name, Json value,
                  ErrorCode code = ErrorCode::Format)
{
    return {std::move(lie),
            [=] { return smallFolder([&](Json& config) { config[name] = value; }); }, codeOf(code),
            std::move(part)};
}

HostileFile text(std::string lie, std::string part, std::function<std::string()> make,
                 ErrorCode code = ErrorCode::Format)
{
    return {std::move(lie),
            [make = std::move(make)] {
                Files files = smallFolder();
                files["config.json"] = make();
                return files;
            },
            codeOf(code), std::move(part)};
}

HostileFile gguf(std::string lie, std::string part, const std::string& key, std::uint32_t kind,
                 const std::string& value, ErrorCode code = ErrorCode::Format)
{
    return {
        std::move(lie),
        [=] {
            return Files{{"m.gguf", smallGguf([&](GgufBuilder& b) { b.entry(key, kind, value); })}};
        },
        codeOf(code),
        std::move(part),
        Reader::Model,
        "m.gguf"};
}

} // namespace

HostileFiles hostileConfigs()
{
    using B = GgufBuilder;
    const ErrorCode shape = ErrorCode::Shape;
    const ErrorCode unsupported = ErrorCode::Unsupported;
    return {
        text("no object", "config.json: is not an object", [] { return std::string("[1]"); }),
        text("cut", "config.json: is not JSON that can be used",
             [] { return std::string("{\"a\""); }),
        text("900 kB of brackets", "more than 64 deep", [] { return std::string(900'000, '['); }),
        text("2 MB of blanks", "config.json", [] { return std::string(2'000'000, ' '); }),
        text("1 MB of empty lists", "would take more than 33554432 bytes",
             [] { return "[" + repeated("[],", 349'000) + "0]"; }),
        text("a field twice", "the key 'hidden_size' occurs twice",
             [] { return std::string(R"({"hidden_size":8,"hidden_size":16})"); }),
        text("no UTF-8", "ill-formed UTF-8", [] { return std::string("{\"a\":\"\xFF\"}"); }),
        field("an architecture that is none", "architecture 'Nobody?ForCausalLM' is not supported",
              "architectures", Json::array({"Nobody\nForCausalLM"}), unsupported),
        field("layers missing", "field num_hidden_layers is missing", "num_hidden_layers", nullptr),
        field("negative layers", "field num_hidden_layers is -1", "num_hidden_layers", -1),
        field("2^63 layers", "field num_hidden_layers is 9223372036854775808", "num_hidden_layers",
              1ULL << 63),
        field("layers that are a text", "field num_hidden_layers is \"1\"", "num_hidden_layers",
              "1"),
        field("layers that are a long text", "field num_hidden_layers is", "num_hidden_layers",
              std::string(500'000, 'x')),
        field("a million layers", "1000000 layers; at most 4096 are supported", "num_hidden_layers",
              1'000'000, unsupported),
        field("half a layer", "field num_hidden_layers is 0.5", "num_hidden_layers", 0.5),
        field("no width", "field hidden_size is 0", "hidden_size", 0),
        field("heads that cannot be shared", "2 attention heads cannot share 3 key-value heads",
              "num_key_value_heads", 3, shape),
        field("an odd head", "a head is 5 wide", "head_dim", 5, shape),
        field("heads wider than any model", "2 heads of width 16777216", "head_dim", 1 << 24,
              shape),
        field("an epsilon of 0", "field rms_norm_eps is 0", "rms_norm_eps", 0),
        field("an epsilon beyond float", "field rms_norm_eps is 1e+300", "rms_norm_eps", 1e300),
        field("a vocabulary of 2^24", "model.embed_tokens.weight", "vocab_size", 1 << 24, shape),
        field("more layers than tensors", "model.layers.1.", "num_hidden_layers", 2),
        field("another width than the tensors'", "[16, 8]", "intermediate_size", 24, shape),
        field("tied where there is a head of another size", "tensor", "vocab_size", 13, shape),
        gguf("GGUF: no layers", "metadata key llama.context_length is 0", "llama.context_length",
             B::U32, B::raw<std::uint32_t>(0)),
        gguf("GGUF: a negative context", "llama.context_length is missing or no whole number",
             "llama.context_length", B::I32, B::raw<std::int32_t>(-5)),
        gguf("GGUF: a context of 2^63", "llama.context_length is 9223372036854775808",
             "llama.context_length", B::U64, B::raw<std::uint64_t>(1ULL << 63)),
        gguf("GGUF: heads wider than the tensors'", "[8, 8]", "llama.attention.key_length", B::U32,
             B::raw<std::uint32_t>(6), shape),
        gguf("GGUF: a base of nothing", "metadata key llama.rope.freq_base", "llama.rope.freq_base",
             B::F32, B::raw<float>(-1)),
        gguf("GGUF: experts", "with experts is not supported", "llama.expert_count", B::U32,
             B::raw<std::uint32_t>(8), unsupported),
    };
}

} // namespace bs::test
