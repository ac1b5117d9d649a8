// Windows, scored positions, standard errors and divergences, on an engine whose logits are known.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/eval/divergence.h"
#include "core/eval/windows.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>

namespace {

using namespace bs;

class CountingCache : public KvCache
{
public:
    explicit CountingCache(std::size_t capacity) : m_capacity(capacity) {}
    std::size_t length() const override { return m_length; }
    std::size_t capacity() const override { return m_capacity; }
    std::uint64_t bytes() const override { return 0; }
    void truncate(std::size_t length) override { m_length = length; }
    std::size_t m_length = 0;

private:
    std::size_t m_capacity;
};

/// After token t the next one is t + 1 (of 8) with logit `sharpness`, all others have 0.
class CyclicEngine : public Engine
{
public:
    explicit CyclicEngine(float sharpness) : m_sharpness(sharpness)
    {
        m_config.vocabulary = 8;
        m_config.contextLength = 16;
    }
    const ModelConfig& config() const override { return m_config; }
    std::string deviceName() const override { return "cyclic"; }
    const Stack* stack() const override { return nullptr; }
    Result<void> startPlan(const Plan&) override { return {}; }
    Result<bool> continuePlan(double, const JobContext&) override { return true; }
    const Plan& plan() const override { return m_plan; }
    std::uint64_t weightBytes() const override { return 0; }
    Result<std::unique_ptr<KvCache>> newCache(std::size_t capacity) override
    {
        return std::unique_ptr<KvCache>(std::make_unique<CountingCache>(capacity));
    }
    Result<void> forwardInPieces(std::span<const std::int32_t> tokens, KvCache& cache, std::size_t wanted,
                                 const LogitsSink& sink, const JobContext&) override
    {
        CHECK(tokens.size() <= cache.capacity() - cache.length());
        windows.emplace_back(tokens.begin(), tokens.end());
        for (std::size_t i = 0; i < wanted; ++i) {
            std::vector<float> row(8, 0.0F);
            row[static_cast<std::size_t>((tokens[tokens.size() - wanted + i] + 1) % 8)] = m_sharpness;
            BS_CHECK(sink(i, 1, row));
        }
        return {};
    }
    Result<void> forwardBatch(std::span<const std::int32_t>, std::span<KvCache* const>, std::vector<float>&,
                              const JobContext&) override
    {
        return Error{ErrorCode::Internal, "not used here"};
    }
    std::vector<std::vector<std::int32_t>> windows;

private:
    ModelConfig m_config;
    Plan m_plan;
    float m_sharpness;
};

/// 0 1 2 .. 7 0 1 ..
std::vector<std::int32_t> cycle(std::size_t tokens)
{
    std::vector<std::int32_t> ids;
    for (std::size_t i = 0; i < tokens; ++i)
        ids.push_back(static_cast<std::int32_t>(i % 8));
    return ids;
}

PerplexityOptions options(std::size_t context, Scored scored)
{
    PerplexityOptions o;
    o.context = context;
    o.scored = scored;
    return o;
}

} // namespace

TEST_CASE("perplexity of known logits")
{
    CyclicEngine engine(2.0F);
    const auto result = measurePerplexity(engine, cycle(16), options(8, Scored::All), {});
    REQUIRE(result);
    const double p = std::exp(2.0) / (std::exp(2.0) + 7);
    CHECK(result.value().perplexity == doctest::Approx(1 / p).epsilon(1e-6));
    CHECK(result.value().error == doctest::Approx(0).epsilon(1e-6)); // every token is as likely as the others
    CHECK(result.value().tokensScored == 14);
}

TEST_CASE("the scored half is context/2+1 .. context-1, a partial window is dropped")
{
    CyclicEngine engine(1.0F);
    const auto half = measurePerplexity(engine, cycle(23), options(8, Scored::Half), {});
    REQUIRE(half);
    CHECK(half.value().tokensScored == 2 * 3);
    REQUIRE(engine.windows.size() == 2);
    CHECK(engine.windows[0] == std::vector<std::int32_t>{0, 1, 2, 3, 4, 5, 6}); // the last one is only predicted
}

TEST_CASE("a BOS replaces the first token of every window; chunks cuts the run short")
{
    CyclicEngine engine(1.0F);
    PerplexityOptions o = options(8, Scored::Half);
    o.bosToken = 5;
    o.chunks = 1;
    REQUIRE(measurePerplexity(engine, cycle(24), o, {}));
    REQUIRE(engine.windows.size() == 1);
    CHECK(engine.windows[0] == std::vector<std::int32_t>{5, 1, 2, 3, 4, 5, 6});
}

TEST_CASE("the standard error is that of the mean, carried through exp")
{
    NllSum sum;
    for (const double nll : {1.0, 3.0})
        sum.add(nll);
    CHECK(sum.result().perplexity == doctest::Approx(std::exp(2.0)));
    CHECK(sum.result().error == doctest::Approx(std::exp(2.0) * 1.0)); // variance 1, n - 1 = 1
}

TEST_CASE("windows that cannot be are refused with both numbers")
{
    CyclicEngine engine(1.0F);
    auto refused = [&](std::size_t tokens, std::size_t context, const char* part) {
        const auto result = measurePerplexity(engine, cycle(tokens), options(context, Scored::Half), {});
        REQUIRE(!result);
        CHECK(result.error().code == ErrorCode::Usage);
        CHECK(result.error().message.find(part) != std::string::npos);
    };
    refused(100, 3, "3 tokens is too short");
    refused(100, 17, "17 tokens is longer than the 16");
    refused(7, 8, "the text is 7 tokens long, one window needs 8");
}

TEST_CASE("divergence of known distributions, from the file it was kept in")
{
    const test::TempFolder folder;
    CyclicEngine sharp(2.0F);
    CyclicEngine flat(0.5F);
    const PerplexityOptions o = options(8, Scored::All);
    const auto reference = ReferenceDistributions::collect(sharp, cycle(16), o, folder.file("ref.bin"), {});
    REQUIRE(reference);
    CHECK(reference.value().positions() == 14);
    const auto same = measureDivergence(sharp, reference.value(), cycle(16), o, {});
    REQUIRE(same);
    CHECK(same.value().mean == doctest::Approx(0).epsilon(1e-6));
    CHECK(same.value().sameTop == 1.0);
    const auto other = measureDivergence(flat, reference.value(), cycle(16), o, {});
    REQUIRE(other);
    const double zp = std::exp(2.0) + 7;
    const double zq = std::exp(0.5) + 7;
    const double p = std::exp(2.0) / zp;
    const double kl = p * (1.5 - std::log(zp) + std::log(zq)) + (1 - p) * (std::log(zq) - std::log(zp));
    CHECK(other.value().mean == doctest::Approx(kl).epsilon(1e-5));
    CHECK(other.value().median == doctest::Approx(kl).epsilon(1e-5));
    CHECK(other.value().perplexity.perplexity == doctest::Approx(zq / std::exp(0.5)).epsilon(1e-5));
}

TEST_CASE("a reference of another run, cut or foreign is refused")
{
    const test::TempFolder folder;
    CyclicEngine engine(2.0F);
    const auto reference = ReferenceDistributions::collect(engine, cycle(16), options(8, Scored::All), folder.file("ref.bin"), {});
    REQUIRE(reference);
    const auto otherRun = measureDivergence(engine, reference.value(), cycle(16), options(8, Scored::Half), {});
    REQUIRE(!otherRun);
    CHECK(otherRun.error().message.find("14 positions, this run scores 6") != std::string::npos);
    const std::string bytes = folder.read("ref.bin");
    CHECK(!ReferenceDistributions::open(folder.write("cut.bin", bytes.substr(0, bytes.size() - 1))));
    CHECK(!ReferenceDistributions::open(folder.write("short.bin", "bsref001")));
    CHECK(!ReferenceDistributions::open(folder.write("foreign.bin", std::string(100, 'x'))));
}
