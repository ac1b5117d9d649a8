// Tiny random models of every family against transformers (tests/data/make_tiny_families.py).
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/infer/engine.h"
#include "core/jobs/compress.h"
#include "core/jobs/export.h"
#include "core/jobs/loaded_model.h"
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

constexpr double kClose = 2e-4;
const std::vector<std::string> kFamilies{"llama3", "mistral", "qwen2", "qwen3", "smollm2"};

template <class T>
T got(Result<T> result)
{
    REQUIRE_MESSAGE(result, (result ? "" : result.error().message));
    return std::move(result).value();
}

std::string folderOf(const std::string& family)
{
    return std::string(BS_TEST_DATA_DIR "/families/") + family;
}

struct Expected
{
    std::vector<std::int32_t> ids;
    std::vector<float> logits; ///< [ids, vocabulary]
};

Expected expectedOf(const std::string& family)
{
    const SafetensorsFile file = got(readSafetensors(folderOf(family) + ".expected.safetensors"));
    const TensorDesc& ids = *file.find("ids");
    const TensorDesc& logits = *file.find("logits");
    Expected expected{std::vector<std::int32_t>(ids.elements()), std::vector<float>(logits.elements())};
    REQUIRE(file.file->readAt(ids.offset, std::as_writable_bytes(std::span(expected.ids))));
    REQUIRE(file.file->readAt(logits.offset, std::as_writable_bytes(std::span(expected.logits))));
    return expected;
}

std::unique_ptr<Engine> engineOf(const std::string& model)
{
    return got(loadCpuEngine(got(openShared(model)), 2, nullptr, {}));
}

/// `atOnce` tokens a forward.
std::vector<float> logits(Engine& engine, const std::vector<std::int32_t>& ids, std::size_t atOnce)
{
    const auto cache = got(engine.newCache(ids.size()));
    std::vector<float> all;
    std::vector<float> some;
    for (std::size_t first = 0; first < ids.size(); first += atOnce) {
        const std::size_t count = std::min(atOnce, ids.size() - first);
        REQUIRE(engine.forward(std::span(ids).subspan(first, count), *cache, count, some, {}));
        all.insert(all.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(count * engine.config().vocabulary));
    }
    return all;
}

/// Over the first `count` values.
double furthest(const std::vector<float>& a, const std::vector<float>& b, std::size_t count)
{
    REQUIRE(a.size() == b.size());
    double most = 0;
    for (std::size_t i = 0; i < count; ++i) {
        REQUIRE(std::isfinite(a[i]));
        most = std::max(most, std::abs(static_cast<double>(a[i]) - b[i]));
    }
    return most;
}

} // namespace

TEST_CASE("logits from the Hugging Face folder are transformers', at once and token by token")
{
    for (const std::string& family : kFamilies) {
        CAPTURE(family);
        const Expected expected = expectedOf(family);
        const auto engine = engineOf(folderOf(family));
        for (const std::size_t atOnce : {expected.ids.size(), std::size_t{1}, std::size_t{7}}) {
            CAPTURE(atOnce);
            CHECK(furthest(logits(*engine, expected.ids, atOnce), expected.logits, expected.logits.size()) < kClose);
        }
    }
}

TEST_CASE("logits from the GGUF that llama.cpp's converter makes are the same")
{
    for (const std::string& family : kFamilies) {
        CAPTURE(family);
        const Expected expected = expectedOf(family);
        const auto engine = engineOf(folderOf(family) + ".gguf");
        // The converter leaves Mistral's window out, so that only what lies within it can be the same.
        const std::size_t window = family == "mistral" ? 8 : expected.ids.size();
        const std::size_t count = window * engine->config().vocabulary;
        const std::vector<float> ours = logits(*engine, expected.ids, expected.ids.size());
        CHECK(furthest(ours, expected.logits, count) < kClose);
    }
}

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
            const Expected expected = expectedOf(family);
            const auto engine = engineOf(request.output);
            CHECK(furthest(logits(*engine, expected.ids, expected.ids.size()), expected.logits, expected.logits.size()) < kClose);
        }
}

TEST_CASE("every family is compressed with both codecs, and more blocks bring it nearer to what it was")
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
        const Expected expected = expectedOf(family);
        const std::vector<float> dense = logits(*engineOf(model), expected.ids, expected.ids.size());
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
                const std::vector<float> ours = logits(*engine, expected.ids, expected.ids.size());
                double sum = 0;
                for (std::size_t i = 0; i < ours.size(); ++i)
                    sum += (ours[i] - dense[i]) * (ours[i] - dense[i]);
                REQUIRE(std::isfinite(sum));
                return sum;
            };
            CHECK(distance(largestPlan(*stack->container)) < 0.5 * distance(smallestPlan(*stack->container)));
        }
    }
}
