// The engine on the real model against transformers in f32: logits at every position, greedy tokens.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/json_guard.h"
#include "core/infer/generate.h"

#include <doctest/doctest.h>

#include <cmath>

namespace {

using namespace bs;

/// Agreed between two independent f32 programs; ours stays inside it with sums in another order.
constexpr double kTolerance = 2e-3;

nlohmann::json reference()
{
    const std::string path = std::string(BS_REFERENCE_DIR) + "/reference/smollm2_logits.json";
    const auto text = readTextFile(path);
    REQUIRE(text);
    auto json = parseJson(text.value(), path);
    REQUIRE(json);
    return json.value();
}

std::unique_ptr<Engine> demoEngine()
{
    auto source = openModel(BS_DEMO_MODEL);
    REQUIRE(source);
    auto engine = loadCpuEngine(std::make_shared<const ModelSource>(std::move(source).value()), 0, nullptr, {});
    REQUIRE(engine);
    return std::move(engine).value();
}

double logSumExp(std::span<const float> row)
{
    double sum = 0;
    for (const float value : row)
        sum += std::exp(static_cast<double>(value));
    return std::log(sum);
}

bool close(double got, double want)
{
    return std::abs(got - want) <= kTolerance; // false for NaN
}

} // namespace

TEST_CASE("logits and greedy tokens are those of transformers")
{
    const auto engine = demoEngine();
    const std::size_t vocabulary = engine->config().vocabulary;
    for (const nlohmann::json& prompt : reference()) {
        CAPTURE(prompt["prompt"].get<std::string>());
        const auto ids = prompt["ids"].get<std::vector<std::int32_t>>();
        auto cache = engine->newCache(ids.size() + 40);
        REQUIRE(cache);
        std::vector<float> logits;
        REQUIRE(engine->forward(ids, *cache.value(), ids.size(), logits, {}));
        REQUIRE(prompt["positions"].size() == ids.size());
        for (std::size_t position = 0; position < ids.size(); ++position) {
            const std::span row(logits.data() + position * vocabulary, vocabulary);
            const nlohmann::json& want = prompt["positions"][position];
            CHECK(close(logSumExp(row), want["logsumexp"].get<double>()));
            for (std::size_t i = 0; i < want["top_ids"].size(); ++i)
                CHECK(close(static_cast<double>(row[want["top_ids"][i].get<std::size_t>()]), want["top_logits"][i].get<double>()));
        }
        cache.value()->truncate(0);
        GenerateOptions options;
        options.sampling.temperature = 0;
        options.maxTokens = 32;
        options.stopTokens = {2};
        const auto generated = generate(*engine, *cache.value(), ids, options, [](std::int32_t) {}, {});
        REQUIRE(generated);
        CHECK(generated.value().ids == prompt["greedy_32"].get<std::vector<std::int32_t>>());
    }
}

TEST_CASE("a prompt in pieces, token by token or as one batch gives the same logits")
{
    const auto engine = demoEngine();
    const auto ids = reference()[1]["ids"].get<std::vector<std::int32_t>>();
    auto whole = engine->newCache(64);
    auto single = engine->newCache(64);
    REQUIRE((whole && single));
    std::vector<float> want;
    REQUIRE(engine->forward(ids, *whole.value(), 1, want, {}));
    std::vector<float> got;
    for (const std::int32_t id : ids)
        REQUIRE(engine->forward(std::span(&id, 1), *single.value(), 1, got, {}));
    for (std::size_t i = 0; i < want.size(); ++i)
        REQUIRE(close(static_cast<double>(got[i]), static_cast<double>(want[i])));

    // Two sequences decoded as one batch.
    std::array<KvCache*, 2> caches{whole.value().get(), single.value().get()};
    whole.value()->truncate(0);
    single.value()->truncate(0);
    for (const std::int32_t id : ids) {
        const std::array<std::int32_t, 2> tokens{id, id};
        REQUIRE(engine->forwardBatch(tokens, caches, got, {}));
    }
    REQUIRE(got.size() == 2 * want.size());
    for (std::size_t i = 0; i < got.size(); ++i)
        REQUIRE(close(static_cast<double>(got[i]), static_cast<double>(want[i % want.size()])));
}

TEST_CASE("what cannot run is refused with both numbers")
{
    const auto engine = demoEngine();
    auto cache = engine->newCache(4);
    REQUIRE(cache);
    std::vector<float> logits;
    const std::vector<std::int32_t> outside{1, 49152};
    const auto badToken = engine->forward(outside, *cache.value(), 1, logits, {});
    REQUIRE(!badToken);
    CHECK(badToken.error().code == ErrorCode::Usage);
    CHECK(badToken.error().message.find("49152") != std::string::npos);
    const std::vector<std::int32_t> tooLong(5, 1);
    const auto noRoom = engine->forward(tooLong, *cache.value(), 1, logits, {});
    REQUIRE(!noRoom);
    CHECK(noRoom.error().message.find("5 tokens do not fit the context: 0 of 4") != std::string::npos);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = engine->forward(std::span(tooLong).first(2), *cache.value(), 1, logits, {stop.get_token(), {}});
    REQUIRE(!stopped);
    CHECK(stopped.error().code == ErrorCode::Canceled);
    CHECK(cache.value()->length() == 0);
}
