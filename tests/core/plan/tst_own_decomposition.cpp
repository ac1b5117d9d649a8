// Our whole path (calibrate, fold, split with the truncated SVD) against the authors' checkpoints: the
// same perplexity at every level.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/codecs/bitstack/encoder.h"
#include "core/eval/perplexity.h"
#include "core/plan/fold.h"
#include "core/tensor/float16.h"
#include "tests/support/authors_checkpoint.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <cstring>

namespace {

using namespace bs;

template <class T>
PendingTensor inMemory(const std::string& name, DType dtype, std::vector<std::uint64_t> shape, const std::vector<T>& values)
{
    std::vector<std::byte> bytes(values.size() * sizeof(T));
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return {{name, dtype, std::move(shape), 0, 0}, [bytes]() -> Result<std::vector<std::byte>> { return bytes; }};
}

std::vector<std::uint16_t> halves(const std::vector<float>& values)
{
    std::vector<std::uint16_t> result;
    for (const float value : values)
        result.push_back(floatToHalf(value));
    return result;
}

/// All blocks of the model, from the authors' own calibration samples (8 of 64 tokens).
void writeOwn(const std::string& name, const std::string& output)
{
    const auto source = openModel(tests::referenceFolder(name) + "/original");
    REQUIRE(source);
    const auto ids = tests::integers(tests::readExpected(name), "calibration_ids");
    auto calibrator = Calibrator::create(source.value(), ids, 64);
    REQUIRE(calibrator);
    ContainerContent content;
    content.codec = "bitstack";
    content.configText = huggingFaceConfigText(source.value().config);
    for (const std::string whole : {"model.embed_tokens", "lm_head"}) {
        const auto& shape = source.value().tensors.at(whole + ".weight").desc.shape;
        content.matrices.push_back({whole, shape[0], shape[1], false, {}});
        const auto values = readTensor(source.value(), whole + ".weight");
        REQUIRE(values);
        content.blocks.push_back({PendingBlock{{inMemory(whole + ".weight", DType::F16, shape, halves(values.value()))}, 0}});
    }
    const auto finalNorm = readTensor(source.value(), "model.norm.weight");
    REQUIRE(finalNorm);
    content.tensors.push_back(inMemory("model.norm.weight", DType::F32, {finalNorm.value().size()}, finalNorm.value()));
    ThreadPool pool(2);
    for (std::uint32_t layer = 0; layer < source.value().config.layers; ++layer) {
        auto dense = readDenseLayer(source.value(), layer);
        REQUIRE(dense);
        const auto stats = calibrator.value().runLayer(dense.value(), pool, {});
        REQUIRE(stats);
        foldScales(dense.value(), source.value().config, stats.value(), GroupedOutput::Published);
        const std::string prefix = "model.layers." + std::to_string(layer) + ".";
        const LayerWeights& weights = dense.value().weights;
        content.tensors.push_back(inMemory(prefix + "input_layernorm.weight", DType::F32, {weights.inputNorm.size()}, weights.inputNorm));
        content.tensors.push_back(inMemory(prefix + "post_attention_layernorm.weight", DType::F32, {weights.postNorm.size()}, weights.postNorm));
        const auto names = linearNames(layer);
        for (std::size_t slot = 0; slot < kSlots; ++slot) {
            const Linear& linear = weights.linears[slot];
            const auto encoded = bitstack::encode(dense.value().values[slot], linear.rows, linear.cols,
                                                  {16, 8, bitstack::Svd::Truncated, 1}, {});
            REQUIRE(encoded);
            const StackMatrix matrix{names[slot], linear.rows, linear.cols, true, {}};
            auto& blocks = content.blocks.emplace_back();
            for (std::size_t i = 0; i < 8; ++i) {
                const bitstack::Block& block = encoded.value().blocks[i];
                const auto parts = blockPartNames("bitstack", matrix, i);
                blocks.push_back({{inMemory(parts[0], DType::U8, {linear.rows, linear.cols / 8}, block.sign),
                                   inMemory(parts[1], DType::F16, {linear.rows, 16}, block.u),
                                   inMemory(parts[2], DType::F16, {16, linear.cols}, block.vt)},
                                  0});
            }
            content.matrices.push_back(matrix);
        }
    }
    for (std::uint32_t level = 0; level < 8; ++level)
        for (std::uint32_t m = 0; m < content.matrices.size(); ++m)
            if (level < content.blocks[m].size())
                content.order.push_back({m, level});
    const auto written = writeContainer(output, std::move(content), true, {});
    REQUIRE_MESSAGE(written, (written ? "" : written.error().message));
}

std::vector<double> perplexities(const std::string& path, const std::vector<std::int32_t>& ids)
{
    auto source = openModel(path);
    REQUIRE(source);
    const auto shared = std::make_shared<const ModelSource>(std::move(source).value());
    const Plan plan = uniformPlan(shared->container->stack, 0);
    const auto engine = loadCpuEngine(shared, 2, &plan, {});
    REQUIRE(engine);
    PerplexityOptions options;
    options.context = 64;
    options.scored = Scored::All;
    std::vector<double> result;
    for (std::uint32_t level = 1; level <= 8; ++level) {
        REQUIRE(engine.value()->setPlan(uniformPlan(shared->container->stack, level), {}));
        const auto measured = measurePerplexity(*engine.value(), ids, options, {});
        REQUIRE(measured);
        CHECK(measured.value().tokensScored == ids.size() / 64 * 63);
        result.push_back(measured.value().perplexity);
    }
    return result;
}

} // namespace

TEST_CASE("our decomposition has the authors' perplexity within 1 % at every level")
{
    for (const std::string name : {"tiny-gqa", "tiny-mha"}) {
        const test::TempFolder folder;
        writeOwn(name, folder.file("own.bitstack"));
        REQUIRE(tests::writeAuthorsCheckpoint(tests::referenceFolder(name), folder.file("theirs.bitstack")));
        const auto ids = tests::integers(tests::readExpected(name), "validation_ids");
        const auto ours = perplexities(folder.file("own.bitstack"), ids);
        const auto theirs = perplexities(folder.file("theirs.bitstack"), ids);
        for (std::size_t level = 0; level < ours.size(); ++level) {
            CAPTURE(name);
            CAPTURE(level + 1);
            CHECK(ours[level] == doctest::Approx(theirs[level]).epsilon(0.01));
        }
    }
}
