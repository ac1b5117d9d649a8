#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/file.h"
#include "core/infer/engine.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>

// Tiny random models of all families that tests/data/make_tiny_families.py made with transformers,
// and their GGUF from llama.cpp's converter.

using namespace bs;
using nlohmann::json;

namespace {

const std::string kFolder = std::string(BS_TEST_DATA_DIR) + "/families/";

const json& expected()
{
    static const json read = [] {
        auto text = readTextFile(kFolder + "logits.json");
        REQUIRE(text);
        return json::parse(text.value());
    }();
    return read;
}

std::unique_ptr<Engine> engineOf(const std::string& path)
{
    auto source = openModel(path);
    REQUIRE_MESSAGE(source, (source ? std::string() : source.error().message));
    auto engine = loadCpuEngine(std::make_shared<const ModelSource>(std::move(source).value()), 2,
                                nullptr, {});
    REQUIRE_MESSAGE(engine, (engine ? std::string() : engine.error().message));
    return std::move(engine).value();
}

/// Logits of the last `wanted` tokens, run in pieces of `step` tokens.
std::vector<float> logitsOf(Engine& engine, const std::vector<std::int32_t>& tokens,
                            std::size_t step, std::size_t wanted)
{
    auto cache = engine.newCache(tokens.size());
    REQUIRE(cache);
    std::vector<float> all;
    for (std::size_t begin = 0; begin < tokens.size(); begin += step) {
        const std::size_t n = std::min(step, tokens.size() - begin);
        std::vector<float> logits;
        REQUIRE(engine.forward(std::span(tokens).subspan(begin, n), *cache.value(), n, logits, {}));
        all.insert(all.end(), logits.begin(), logits.end());
    }
    const std::size_t count = wanted * engine.config().vocabulary;
    return {all.end() - static_cast<std::ptrdiff_t>(count), all.end()};
}

double largestDifference(const std::vector<float>& a, const std::vector<float>& b)
{
    REQUIRE(a.size() == b.size());
    double most = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double difference = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
        most = difference <= most ? most : difference; // NaN stays
    }
    return most;
}

} // namespace

TEST_CASE("logits of every family, from the folder and from the GGUF, are those of transformers")
{
    CHECK(expected().size() == 6);
    for (const auto& [name, of] : expected().items()) {
        const auto tokens = of["tokens"].get<std::vector<std::int32_t>>();
        std::vector<float> wanted;
        for (const json& row : of["logits"])
            for (const json& value : row)
                wanted.push_back(value.get<float>());
        for (const std::string& path : {kFolder + name, kFolder + name + ".gguf"}) {
            if (path.ends_with("mistral.gguf")) continue; // the converter leaves the window out
            CAPTURE(path);
            const auto engine = engineOf(path);
            CHECK(largestDifference(logitsOf(*engine, tokens, tokens.size(), of["logits"].size()),
                                    wanted) < 2e-4);
        }
    }
}

TEST_CASE("Mistral's GGUF, whose window the converter leaves out, is the same as far as the window "
          "reaches")
{
    auto tokens = expected()["mistral"]["tokens"].get<std::vector<std::int32_t>>();
    tokens.resize(12);
    const auto folder = engineOf(kFolder + "mistral");
    const auto gguf = engineOf(kFolder + "mistral.gguf");
    CHECK(largestDifference(logitsOf(*folder, tokens, 12, 12), logitsOf(*gguf, tokens, 12, 12)) <
          1e-5);
}

TEST_CASE("token by token gives what a whole prompt gives, with a window and without")
{
    for (const auto& [name, of] : expected().items()) {
        CAPTURE(name);
        const auto tokens = of["tokens"].get<std::vector<std::int32_t>>();
        const auto engine = engineOf(kFolder + name);
        const std::vector<float> whole = logitsOf(*engine, tokens, tokens.size(), tokens.size());
        for (const std::size_t step : {1, 7})
            CHECK(largestDifference(logitsOf(*engine, tokens, step, tokens.size()), whole) < 1e-4);
    }
}

TEST_CASE("what a config says is what the families are")
{
    const auto config = [](const char* name) { return engineOf(kFolder + name)->config(); };
    CHECK(config("mistral").slidingWindow == 12);
    CHECK(config("llama3").rope.factor == 8.0F);
    CHECK(config("llama3").headDim == 16);
    CHECK(config("qwen2").qkvBias);
    CHECK(config("qwen3").headNorms);
    CHECK(config("qwen3").tiedEmbeddings);
    CHECK(config("smollm2").architecture == "llama");
}
