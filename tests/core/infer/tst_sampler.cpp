#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/infer/generate.h"

#include <doctest/doctest.h>

#include <cmath>
#include <map>

namespace {

using namespace bs;

const std::vector<float> kLogits{1.0F, 3.0F, 2.0F, -1.0F, 0.0F};

SamplingOptions plain()
{
    SamplingOptions options;
    options.temperature = 1;
    options.topK = 0;
    options.topP = 1;
    options.minP = 0;
    return options;
}

std::map<std::int32_t, int> histogram(const SamplingOptions& options, int draws, std::span<const std::int32_t> seen = {})
{
    Sampler sampler(options);
    std::map<std::int32_t, int> counts;
    for (int i = 0; i < draws; ++i) {
        std::vector<float> logits = kLogits;
        ++counts[sampler.sample(logits, seen)];
    }
    return counts;
}

} // namespace

TEST_CASE("temperature 0 takes the most probable token")
{
    SamplingOptions options = plain();
    options.temperature = 0;
    CHECK(histogram(options, 3) == std::map<std::int32_t, int>{{1, 3}});
}

TEST_CASE("frequencies follow the softmax, with and without the sorted path")
{
    SamplingOptions sorted = plain();
    sorted.topK = 5;
    double total = 0;
    for (const float l : kLogits)
        total += std::exp(static_cast<double>(l));
    constexpr int kDraws = 20000;
    for (const SamplingOptions& options : {plain(), sorted})
        for (const auto& [id, count] : histogram(options, kDraws)) {
            const double p = std::exp(static_cast<double>(kLogits[static_cast<std::size_t>(id)])) / total;
            const double deviation = std::sqrt(p * (1 - p) * kDraws);
            CHECK(std::abs(count - p * kDraws) < 5 * deviation);
        }
}

TEST_CASE("cuts keep what they say")
{
    auto ids = [](const SamplingOptions& options) {
        std::vector<std::int32_t> kept;
        for (const auto& [id, count] : histogram(options, 4000))
            kept.push_back(id);
        return kept;
    };
    SamplingOptions options = plain();
    options.topK = 2;
    CHECK(ids(options) == std::vector<std::int32_t>{1, 2});
    options = plain();
    options.topP = 0.6F; // token 1 alone has 0.64
    CHECK(ids(options) == std::vector<std::int32_t>{1});
    options = plain();
    options.minP = 0.3F; // e^-1 = 0.37 stays, e^-2 = 0.14 goes
    CHECK(ids(options) == std::vector<std::int32_t>{1, 2});
}

TEST_CASE("the repetition penalty divides positive and multiplies negative logits, once for each token")
{
    SamplingOptions options = plain();
    options.temperature = 0;
    options.repeatPenalty = 2;
    const std::vector<std::int32_t> seen{1, 1, 1, 3};
    std::vector<float> logits = kLogits;
    Sampler sampler(options);
    CHECK(sampler.sample(logits, seen) == 2);
    CHECK(logits[1] == 1.5F);
    CHECK(logits[3] == -2.0F);
}

TEST_CASE("the same seed draws the same tokens")
{
    SamplingOptions options = plain();
    options.seed = 7;
    CHECK(histogram(options, 100) == histogram(options, 100));
}

TEST_CASE("options outside their range are refused by name, NaN too")
{
    auto refused = [](auto change, const char* name) {
        SamplingOptions options;
        change(options);
        const auto result = validate(options);
        REQUIRE(!result);
        CHECK(result.error().code == ErrorCode::Usage);
        CHECK(result.error().message.find(name) != std::string::npos);
    };
    refused([](SamplingOptions& o) { o.temperature = -1; }, "temperature");
    refused([](SamplingOptions& o) { o.temperature = std::nanf(""); }, "temperature");
    refused([](SamplingOptions& o) { o.topK = -1; }, "top-k");
    refused([](SamplingOptions& o) { o.topP = 0; }, "top-p");
    refused([](SamplingOptions& o) { o.minP = 1.5F; }, "min-p");
    refused([](SamplingOptions& o) { o.repeatPenalty = 0; }, "repeat-penalty");
}
