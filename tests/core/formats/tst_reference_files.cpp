#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/formats/safetensors.h"

#include <doctest/doctest.h>

using namespace bs;

namespace {

SafetensorsFile opened(const std::string& name)
{
    auto file = readSafetensors(std::string(BS_REFERENCE_DIR) + "/reference/" + name);
    if (!file)
        FAIL(file.error().message);
    return std::move(file).value();
}

} // namespace

TEST_CASE("the tiny models open, with the tensors their page lists")
{
    for (const std::string model : {"tiny-gqa", "tiny-mha"}) {
        CAPTURE(model);
        const SafetensorsFile original = opened(model + "/original/model.safetensors");
        CHECK(original.tensors.size() == 21); // 2 layers of 9, embedding, norm, head
        REQUIRE(original.find("model.embed_tokens.weight") != nullptr);
        CHECK(original.find("model.embed_tokens.weight")->shape == std::vector<std::uint64_t>{320, 64});
        CHECK(original.find("model.embed_tokens.weight")->dtype == DType::F16);
        CHECK(original.metadata.at("format") == "pt");

        const SafetensorsFile expected = opened(model + "/expected.safetensors");
        REQUIRE(expected.find("logits_by_level") != nullptr);
        CHECK(expected.find("logits_by_level")->shape == std::vector<std::uint64_t>{8, 16, 320});
        CHECK(expected.find("calibration_ids")->shape == std::vector<std::uint64_t>{8, 64});
    }
}

TEST_CASE("the authors' checkpoints open, every linear with its 8 blocks")
{
    for (const std::string model : {"tiny-gqa", "tiny-mha"}) {
        const SafetensorsFile file = opened(model + "/bitstack/model.safetensors");
        CHECK(file.tensors.size() == 343); // 14 linears of 8 x 3, 5 norms, embedding, head
        for (int block = 0; block < 8; ++block) {
            const std::string stem = "model.layers.1.mlp.down_proj.";
            const TensorDesc* sign = file.find(stem + "qweight_" + std::to_string(block));
            REQUIRE(sign != nullptr);
            CHECK(sign->bytes == 64 * 160 / 8);
            CHECK(file.find(stem + "u_" + std::to_string(block)) != nullptr);
            CHECK(file.find(stem + "vt_" + std::to_string(block)) != nullptr);
        }
    }
}
