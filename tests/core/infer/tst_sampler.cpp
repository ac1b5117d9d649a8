#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/infer/generate.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>

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

namespace {

/// Logits of a vocabulary of 200, of so few different values that many are equal.
std::vector<float> someLogits(unsigned seed, unsigned values)
{
    std::mt19937 random(seed);
    std::vector<float> logits(200);
    for (float& logit : logits)
        logit = static_cast<float>(random() % values) * (12.0F / static_cast<float>(values)) - 6;
    return logits;
}

/// Whether a shortlist gives the tokens that all logits give, drawn again and again.
void checkShortlist(const SamplingOptions& options)
{
    CAPTURE(options.temperature);
    CAPTURE(options.topK);
    CAPTURE(options.topP);
    CAPTURE(options.minP);
    Sampler all(options);
    Sampler some(options);
    const std::size_t needed = some.candidatesNeeded();
    REQUIRE(needed > 0);
    REQUIRE(needed <= kMostCandidates);
    for (unsigned draw = 0; draw < 20; ++draw) {
        std::vector<float> logits = someLogits(draw, draw % 2 == 0 ? 7 : 100000);
        std::vector<Candidate> best = bestCandidates(logits, needed);
        REQUIRE(best.size() == std::min(needed, logits.size()));
        CHECK(some.sampleFrom(best) == all.sample(logits, {}));
    }
}

} // namespace

TEST_CASE("a shortlist gives the tokens that all logits give")
{
    for (std::uint64_t seed = 0; seed < 10; ++seed)
        for (const float temperature : {0.0F, 0.3F, 0.8F, 1.0F, 2.5F, 100.0F})
            for (const std::int32_t topK : {1, 2, 40, 64})
                for (const float topP : {1.0F, 0.95F, 0.4F})
                    for (const float minP : {0.0F, 0.05F, 0.5F})
                        checkShortlist({temperature, topK, topP, minP, 1.0F, seed});
}

TEST_CASE("a shortlist does where top-k is one, and nothing changes what it is taken from")
{
    const auto needed = [](float temperature, std::int32_t topK, float penalty) {
        SamplingOptions options;
        options.temperature = temperature;
        options.topK = topK;
        options.repeatPenalty = penalty;
        return Sampler(options).candidatesNeeded();
    };
    CHECK(Sampler({}).candidatesNeeded() == 40);
    CHECK(needed(0, 40, 1) == 1);
    CHECK(needed(0, 0, 1) == 1);
    CHECK(needed(1, 64, 1) == 64);
    CHECK(needed(1, 65, 1) == 0);
    CHECK(needed(1, 0, 1) == 0);
    CHECK(needed(1, 40, 1.1F) == 0);
    CHECK(needed(0, 40, 0.9F) == 0);
}

TEST_CASE("candidates: by falling logit, then rising id, and what is not a number last")
{
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinity = std::numeric_limits<float>::infinity();
    const std::vector<float> logits{nan, 0.0F, -infinity, 2.0F, -0.0F, infinity, nan, 2.0F};
    const std::vector<std::int32_t> order{5, 3, 7, 1, 4, 2, 0, 6};
    for (std::size_t count = 0; count <= 10; ++count) {
        std::vector<std::int32_t> ids;
        for (const Candidate& c : bestCandidates(logits, count))
            ids.push_back(c.id);
        CHECK(std::equal(ids.begin(), ids.end(), order.begin(), order.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(count, 8))));
    }
    CHECK(bestCandidates({}, 5).empty());
    // Beside sorting everything.
    for (unsigned seed = 0; seed < 20; ++seed) {
        const std::vector<float> some = someLogits(seed, seed % 2 == 0 ? 7 : 100000);
        std::vector<Candidate> all;
        for (std::size_t i = 0; i < some.size(); ++i)
            all.push_back({some[i], static_cast<std::int32_t>(i)});
        std::stable_sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) { return a.logit > b.logit; });
        const std::vector<Candidate> best = bestCandidates(some, 50);
        for (std::size_t i = 0; i < best.size(); ++i)
            CHECK(best[i].id == all[i].id);
    }
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
