#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/model/config.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include <cmath>

namespace {

using namespace bs;

nlohmann::json good()
{
    return {{"architectures", {"LlamaForCausalLM"}}, {"num_hidden_layers", 2},  {"hidden_size", 64},
            {"intermediate_size", 160},              {"num_attention_heads", 4}, {"num_key_value_heads", 2},
            {"vocab_size", 320},                     {"rms_norm_eps", 1e-6},    {"rope_theta", 500000.0}};
}

void checkRefused(const nlohmann::json& json, ErrorCode code, const std::string& part)
{
    const auto config = parseHuggingFaceConfig(json.dump());
    REQUIRE(!config);
    CAPTURE(config.error().message);
    CHECK(config.error().code == code);
    CHECK(config.error().message.find(part) != std::string::npos);
}

nlohmann::json with(const char* field, const nlohmann::json& value)
{
    nlohmann::json json = good();
    json[field] = value;
    return json;
}

} // namespace

TEST_CASE("a Llama config, with what may be left out")
{
    const auto config = parseHuggingFaceConfig(good().dump());
    REQUIRE(config);
    CHECK(config.value().headDim == 16);
    CHECK(config.value().kvWidth() == 32);
    CHECK(config.value().ropeBase == 500000.0F);
    CHECK(config.value().contextLength == 2048);
    CHECK(!config.value().tiedEmbeddings);
    CHECK(config.value().kvBytesPerToken() == 2 * 32 * 2 * 4);
    nlohmann::json noGroups = good();
    noGroups.erase("num_key_value_heads");
    CHECK(parseHuggingFaceConfig(noGroups.dump()).value().kvHeads == 4);
}

TEST_CASE("our config text is read back as it was")
{
    auto config = parseHuggingFaceConfig(with("tie_word_embeddings", true).dump()).value();
    config.normEpsilon = 1e-5F;
    const auto again = parseHuggingFaceConfig(huggingFaceConfigText(config));
    REQUIRE(again);
    CHECK(again.value().normEpsilon == config.normEpsilon);
    CHECK(again.value().tiedEmbeddings);
    CHECK(again.value().mlpWidth == 160);
}

TEST_CASE("what we cannot run is refused by name")
{
    checkRefused(with("architectures", {"MixtralForCausalLM"}), ErrorCode::Unsupported, "MixtralForCausalLM");
    checkRefused(with("rope_scaling", {{"rope_type", "yarn"}}), ErrorCode::Unsupported, "rope_scaling of type 'yarn'");
    checkRefused(with("attention_bias", true), ErrorCode::Unsupported, "bias");
    checkRefused(with("hidden_act", "gelu"), ErrorCode::Unsupported, "gelu");
}

TEST_CASE("numbers that cannot be are refused with the field and the figure")
{
    checkRefused(with("hidden_size", 0), ErrorCode::Format, "hidden_size is 0");
    checkRefused(with("hidden_size", -5), ErrorCode::Format, "hidden_size is -5");
    checkRefused(with("hidden_size", 1ULL << 40), ErrorCode::Format, "hidden_size");
    checkRefused(with("num_hidden_layers", "two"), ErrorCode::Format, "num_hidden_layers");
    checkRefused(with("num_hidden_layers", 100000), ErrorCode::Unsupported, "100000 layers");
    checkRefused(with("rms_norm_eps", -1), ErrorCode::Format, "rms_norm_eps");
    checkRefused(with("num_key_value_heads", 3), ErrorCode::Shape, "4 attention heads cannot share 3");
    checkRefused(with("head_dim", 15), ErrorCode::Shape, "15 wide");
    checkRefused(with("head_dim", 1 << 24), ErrorCode::Shape, "wider than any model");
    nlohmann::json missing = good();
    missing.erase("vocab_size");
    checkRefused(missing, ErrorCode::Format, "vocab_size is missing");
    checkRefused(nlohmann::json::array(), ErrorCode::Format, "not an object");
}
