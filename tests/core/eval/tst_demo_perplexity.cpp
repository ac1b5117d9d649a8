// The first window of WikiText-2 on the real model: two independent programs give 23.4709 (f32). All eight
// windows are measured by tests/bench, not here.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/eval/divergence.h"
#include "core/eval/windows.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <cmath>

namespace {

using namespace bs;

struct Demo
{
    std::unique_ptr<Engine> engine;
    std::vector<std::int32_t> ids;
};

Demo demo()
{
    auto source = openModel(BS_DEMO_MODEL);
    REQUIRE(source);
    const auto shared = std::make_shared<const ModelSource>(std::move(source).value());
    const auto tokenizer = Tokenizer::create(*shared->tokenizer);
    REQUIRE(tokenizer);
    const auto text = readTextFile(std::string(BS_REFERENCE_DIR) + "/data/wikitext2-test-a.txt");
    REQUIRE(text);
    auto engine = loadCpuEngine(shared, 0, nullptr, {});
    REQUIRE(engine);
    return {std::move(engine).value(), tokenizer.value()->encode(text.value(), false)};
}

} // namespace

TEST_CASE("perplexity of the first window")
{
    const Demo d = demo();
    PerplexityOptions options;
    options.chunks = 1;
    const auto result = measurePerplexity(*d.engine, d.ids, options, {});
    REQUIRE(result);
    CHECK(std::abs(result.value().perplexity - 23.4709) < 0.02);
    CHECK(result.value().tokensScored == 1023);
}

TEST_CASE("divergence from the top 4096 is within 1 % of the exact value")
{
    const Demo d = demo();
    const test::TempFolder folder;
    PerplexityOptions options;
    options.context = 256;
    options.chunks = 1;
    const auto reference = ReferenceDistributions::collect(*d.engine, d.ids, options, folder.file("ref.bin"), {});
    REQUIRE(reference);
    // The model that has seen 64 tokens less stands for a compressed one.
    const auto cache = d.engine->newCache(256);
    REQUIRE(cache);
    std::vector<float> other;
    REQUIRE(d.engine->forward(std::span(d.ids).subspan(64, 255 - 64), *cache.value(), 127, other, {}));
    const std::size_t vocabulary = d.engine->config().vocabulary;
    double exact = 0;
    double bound = 0;
    REQUIRE(forEachScored(
        *d.engine, d.ids, options,
        [&](std::size_t index, std::int32_t, std::span<const float> p) -> Result<void> {
            const std::span<const float> q = std::span(other).subspan(index * vocabulary, vocabulary);
            ReferenceDistributions::Position position;
            BS_CHECK(reference.value().read(index, position));
            bound += divergenceAt(position, q);
            const double sumP = logSumExp(p);
            const double sumQ = logSumExp(q);
            for (std::size_t i = 0; i < q.size(); ++i) {
                const double logP = static_cast<double>(p[i]) - sumP;
                exact += std::exp(logP) * (logP - (static_cast<double>(q[i]) - sumQ));
            }
            return {};
        },
        {}));
    CHECK(bound <= exact * (1 + 1e-6));
    CHECK(bound >= exact * 0.99);
}
