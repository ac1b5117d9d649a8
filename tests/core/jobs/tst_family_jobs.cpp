// What becomes of the tiny random models of every family (tests/data/make_tiny_families.py) that is
// exported or compressed.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/formats/gguf.h"
#include "core/infer/engine.h"
#include "core/jobs/compress.h"
#include "core/jobs/export.h"
#include "core/jobs/loaded_model.h"
#include "tests/support/got.h"
#include "tests/support/random_model.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_model.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

using namespace bs;
using namespace bs::test;

namespace {

constexpr double kClose = 2e-4; // the folders hold F16, which goes along unchanged
const std::vector<std::string> kFamilies{"llama", "llama3", "mistral", "qwen2", "qwen3", "smollm2"};

std::string folderOf(const std::string& family)
{
    return std::string(BS_TEST_DATA_DIR "/families/") + family;
}

std::unique_ptr<Engine> engineOf(const std::string& model)
{
    return got(loadCpuEngine(got(openShared(model)), 2, nullptr, {}));
}

/// Of 40 tokens, more than a window holds.
std::vector<float> logits(Engine& engine)
{
    std::vector<std::int32_t> ids(40);
    for (std::size_t i = 0; i < ids.size(); ++i)
        ids[i] = static_cast<std::int32_t>(7 * i % 45 + 3);
    const auto cache = got(engine.newCache(ids.size()));
    std::vector<float> all;
    REQUIRE(engine.forward(ids, *cache, ids.size(), all, {}));
    return all;
}

double furthest(const std::vector<float>& a, const std::vector<float>& b)
{
    REQUIRE(a.size() == b.size());
    double most = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        REQUIRE(std::isfinite(a[i]));
        most = std::max(most, std::abs(static_cast<double>(a[i]) - b[i]));
    }
    return most;
}

} // namespace

TEST_CASE("what we export as GGUF and as a folder gives the same, a window included")
{
    for (const std::string& family : kFamilies)
        for (const ExportForm form : {ExportForm::Gguf, ExportForm::Safetensors}) {
            CAPTURE(family);
            CAPTURE(nameOf(form));
            const TempFolder folder;
            ExportRequest request;
            request.model = folderOf(family);
            request.form = form;
            request.output = folder.file("out");
            got(exportModel(request, {}));
            CHECK(furthest(logits(*engineOf(request.output)), logits(*engineOf(folderOf(family)))) <
                  kClose);
        }
}

TEST_CASE("a GGUF file of ours holds the tensors that llama.cpp's converter writes, to the byte")
{
    for (const std::string& family : kFamilies) {
        CAPTURE(family);
        const TempFolder folder;
        ExportRequest request;
        request.model = folderOf(family);
        request.form = ExportForm::Gguf;
        request.output = folder.file("out.gguf");
        got(exportModel(request, {}));
        const GgufFile ours = got(readGguf(request.output));
        const GgufFile theirs = got(readGguf(folderOf(family) + ".gguf"));
        CHECK(ours.text("general.architecture") == theirs.text("general.architecture"));
        REQUIRE(ours.tensors.size() == theirs.tensors.size());
        for (const TensorDesc& want : theirs.tensors) {
            CAPTURE(want.name);
            const TensorDesc* have = ours.find(want.name);
            REQUIRE(have != nullptr);
            CHECK(have->dtype == want.dtype);
            CHECK(have->shape == want.shape);
            std::vector<std::byte> a(have->bytes);
            std::vector<std::byte> b(want.bytes);
            REQUIRE(ours.file->readAt(have->offset, a));
            REQUIRE(theirs.file->readAt(want.offset, b));
            CHECK(a == b);
        }
    }
}

TEST_CASE(
    "every family is compressed with both codecs, and more blocks bring it nearer to what it was")
{
    const TempFolder folder;
    const std::string tokenizer = makeTinyModel(folder.path()) + "/tokenizer.json";
    for (const std::string& family : kFamilies) {
        const std::string model = folder.file(family);
        std::filesystem::create_directory(model);
        ModelConfig config = got(openShared(folderOf(family)))->config;
        config.vocabulary = 320; // what the tokenizer of the tests knows
        writeRandomModel(model, config);
        std::filesystem::copy_file(tokenizer, model + "/tokenizer.json");
        const std::vector<float> dense = logits(*engineOf(model));
        for (const std::string codec : {"nested", "bitstack"}) {
            CAPTURE(family);
            CAPTURE(codec);
            CompressRequest request;
            request.model = model;
            request.output = model + "-" + codec + ".bitstack";
            request.codec = codec;
            request.rank = 8;
            request.blocks = 6;
            request.calibration = folder.write("text.txt", tinyText(1500));
            request.calibrationTokens = 512;
            got(compress(request, {}));
            const auto stack = got(openShared(request.output));
            const auto distance = [&](const Plan& plan) {
                const auto engine = got(loadCpuEngine(stack, 2, &plan, {}));
                const std::vector<float> ours = logits(*engine);
                double sum = 0;
                for (std::size_t i = 0; i < ours.size(); ++i)
                    sum += (ours[i] - dense[i]) * (ours[i] - dense[i]);
                REQUIRE(std::isfinite(sum));
                return sum;
            };
            CHECK(distance(largestPlan(*stack->container)) <
                  0.5 * distance(smallestPlan(*stack->container)));
        }
    }
}
