// Scales and folding against the authors' code on two tiny models.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/plan/fold.h"
#include "core/tensor/float16.h"
#include "tests/support/authors_checkpoint.h"

#include <doctest/doctest.h>

#include <cmath>

namespace {

using namespace bs;

ModelSource original(const std::string& name)
{
    auto source = openModel(tests::referenceFolder(name) + "/original");
    REQUIRE(source);
    return std::move(source).value();
}

/// One sample a row of 64, as the reference was made: the library's own samples are longer.
std::vector<LayerStats> calibrate(const ModelSource& source, const std::vector<std::int32_t>& ids, std::size_t length)
{
    ThreadPool pool(2);
    auto calibrator = Calibrator::create(source, ids, length);
    REQUIRE(calibrator);
    std::vector<LayerStats> stats;
    for (std::uint32_t layer = 0; layer < source.config.layers; ++layer) {
        auto dense = readDenseLayer(source, layer);
        REQUIRE(dense);
        auto result = calibrator.value().runLayer(dense.value(), pool, {});
        REQUIRE(result);
        stats.push_back(result.value());
    }
    return stats;
}

void checkRelative(const std::vector<float>& got, const std::vector<float>& want, float tolerance)
{
    REQUIRE(got.size() == want.size());
    for (std::size_t i = 0; i < got.size(); ++i)
        REQUIRE(std::abs(got[i] - want[i]) <= tolerance * std::abs(want[i]));
}

/// Distance in steps of fp16.
int halfSteps(float a, float b)
{
    auto ordered = [](std::uint16_t h) { return (h & 0x8000) != 0 ? 0x8000 - static_cast<int>(h) : static_cast<int>(h); };
    return std::abs(ordered(floatToHalf(a)) - ordered(floatToHalf(b)));
}

} // namespace

TEST_CASE("scales are the authors' within 1e-4")
{
    for (const std::string name : {"tiny-gqa", "tiny-mha"}) {
        CAPTURE(name);
        const ModelSource source = original(name);
        const auto expected = tests::readExpected(name);
        const auto stats = calibrate(source, tests::integers(expected, "calibration_ids"), 64);
        for (std::uint32_t layer = 0; layer < source.config.layers; ++layer) {
            const std::string prefix = "scale.model.layers." + std::to_string(layer) + ".";
            checkRelative(stats[layer].attention.scale, tests::floats(expected, prefix + "input_layernorm.q_proj+k_proj+v_proj"), 1e-4F);
            checkRelative(stats[layer].mlp.scale, tests::floats(expected, prefix + "post_attention_layernorm.gate_proj+up_proj"), 1e-4F);
            checkRelative(stats[layer].down.scale, tests::floats(expected, prefix + "mlp.up_proj.down_proj"), 1e-4F);
            if (name == "tiny-mha")
                checkRelative(stats[layer].output.scale, tests::floats(expected, prefix + "self_attn.v_proj.o_proj"), 1e-4F);
        }
    }
}

TEST_CASE("folded weights are the authors' to one step of fp16")
{
    for (const std::string name : {"tiny-gqa", "tiny-mha"}) {
        CAPTURE(name);
        const ModelSource source = original(name);
        const auto expected = tests::readExpected(name);
        const auto stats = calibrate(source, tests::integers(expected, "calibration_ids"), 64);
        for (std::uint32_t layer = 0; layer < source.config.layers; ++layer) {
            auto dense = readDenseLayer(source, layer);
            REQUIRE(dense);
            foldScales(dense.value(), source.config, stats[layer], GroupedOutput::Published);
            const auto names = linearNames(layer);
            for (std::size_t slot = 0; slot < kSlots; ++slot) {
                CAPTURE(names[slot]);
                const auto want = tests::floats(expected, "scaled." + names[slot] + ".weight");
                int worst = 0;
                for (std::size_t i = 0; i < want.size(); ++i)
                    worst = std::max(worst, halfSteps(dense.value().values[slot][i], want[i]));
                // Rows and columns of v and up are scaled one after the other, each rounded by the authors.
                const bool twice = names[slot].ends_with("up_proj") || (name == "tiny-mha" && names[slot].ends_with("v_proj"));
                CHECK(worst <= (twice ? 2 : 1));
            }
        }
    }
}

TEST_CASE("a folded layer computes what it computed before, with grouped queries too")
{
    for (const std::string name : {"tiny-gqa", "tiny-mha"}) {
        CAPTURE(name);
        const ModelSource source = original(name);
        const auto ids = tests::integers(tests::readExpected(name), "calibration_ids");
        const auto stats = calibrate(source, ids, 64);
        auto plain = readDenseLayer(source, 0);
        auto folded = readDenseLayer(source, 0);
        REQUIRE((plain && folded));
        const auto meanSquares = foldScales(folded.value(), source.config, stats[0], GroupedOutput::Shared);
        CHECK(meanSquares[static_cast<std::size_t>(Slot::O)].size() == source.config.qWidth());
        CHECK(folded.value()[Slot::O] != plain.value()[Slot::O]);
        ThreadPool pool(1);
        auto output = [&](const DenseLayer& layer) {
            auto first = Calibrator::create(source, std::span(ids).first(64), 64);
            REQUIRE(first);
            REQUIRE(first.value().runLayer(layer, pool, {}));
            return first.value().hidden();
        };
        const auto want = output(plain.value());
        const auto got = output(folded.value());
        float largest = 0;
        for (const float value : want)
            largest = std::max(largest, std::abs(value));
        for (std::size_t i = 0; i < want.size(); ++i)
            REQUIRE(std::abs(got[i] - want[i]) <= 1e-5F * largest);
    }
}

TEST_CASE("samples are cut to whole sequences, a short text is one")
{
    const std::vector<std::int32_t> tokens(1500, 1);
    CHECK(calibrationSamples(tokens, 512).size() == 2);
    CHECK(calibrationSamples(std::span(tokens).first(100), 512).size() == 1);
    CHECK(calibrationSamples(std::span(tokens).first(100), 512).front().size() == 100);
}

TEST_CASE("an empty text and a foreign token are refused")
{
    const ModelSource source = original("tiny-gqa");
    CHECK(!Calibrator::create(source, {}));
    const std::vector<std::int32_t> foreign{1, 320};
    const auto refused = Calibrator::create(source, foreign);
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::Usage);
    CHECK(refused.error().message.find("320") != std::string::npos);
}
