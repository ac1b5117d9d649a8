// A nested stack against the dense model of its decoded weights, at every plan.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/infer/engine.h"
#include "tests/support/nested_model.h"
#include "tests/support/random_model.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <numeric>

namespace {

using namespace bs;
using test::TempFolder;

/// Sides that are no multiples of a tile; the last slab of the vocabulary has 22 rows.
ModelConfig smallConfig(bool tied)
{
    ModelConfig config;
    config.architecture = "llama";
    config.layers = 2;
    config.width = 72;
    config.mlpWidth = 100;
    config.heads = 6;
    config.kvHeads = 2;
    config.headDim = 12;
    config.vocabulary = 150;
    config.contextLength = 128;
    config.tiedEmbeddings = tied;
    return config;
}

template <class T>
T got(Result<T> result)
{
    REQUIRE_MESSAGE(result, (result ? "" : result.error().message));
    return std::move(result).value();
}

std::shared_ptr<const ModelSource> opened(const std::string& path)
{
    return std::make_shared<const ModelSource>(got(openModel(path)));
}

struct NestedFiles
{
    TempFolder folder;
    std::shared_ptr<const ModelSource> source;

    explicit NestedFiles(bool tied)
    {
        std::filesystem::create_directory(folder.file("dense"));
        test::writeRandomModel(folder.file("dense"), smallConfig(tied));
        const auto written = test::writeNestedModel(folder.file("m.bitstack"), *opened(folder.file("dense")));
        REQUIRE_MESSAGE(written, (written ? "" : written.error().message));
        source = opened(folder.file("m.bitstack"));
    }

    const Container& container() const { return *source->container; }
    std::unique_ptr<Engine> engine(const Plan& plan, int threads = 2) const
    {
        return got(loadCpuEngine(source, threads, &plan, {}));
    }

    /// A dense model whose matrices are what the plan's blocks decode to.
    std::unique_ptr<Engine> denseEngine(const Plan& plan)
    {
        const std::string at = folder.file("decoded");
        std::filesystem::create_directory(at);
        test::writeRandomModel(at, source->config, [&](const std::string& name, std::vector<float>& values) {
            if (name.find("norm") == std::string::npos)
                values = got(test::decodedMatrix(container(), name.substr(0, name.size() - 7), plan));
        });
        return got(loadCpuEngine(opened(at), 2, nullptr, {}));
    }
};

std::vector<std::int32_t> someTokens(std::size_t count)
{
    std::vector<std::int32_t> tokens(count);
    for (std::size_t i = 0; i < count; ++i)
        tokens[i] = static_cast<std::int32_t>((i * 37 + 11) % 150);
    return tokens;
}

/// Logits of all tokens, run in pieces of `piece`.
std::vector<float> logitsOf(Engine& engine, std::size_t piece = 1000)
{
    const auto tokens = someTokens(40);
    const auto cache = got(engine.newCache(64));
    std::vector<float> all;
    for (std::size_t begin = 0; begin < tokens.size(); begin += piece) {
        const std::size_t n = std::min(piece, tokens.size() - begin);
        std::vector<float> logits;
        REQUIRE(engine.forward(std::span(tokens).subspan(begin, n), *cache, n, logits, {}));
        all.insert(all.end(), logits.begin(), logits.end());
    }
    return all;
}

/// Largest difference, relative to the largest value.
double distance(const std::vector<float>& a, const std::vector<float>& b)
{
    REQUIRE(a.size() == b.size());
    double largest = 1e-30;
    double apart = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        REQUIRE(std::isfinite(a[i]));
        largest = std::max(largest, std::abs(static_cast<double>(b[i])));
        apart = std::max(apart, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    }
    return apart / largest;
}

/// From no block to all: prefixes, and one that is no prefix.
std::vector<Plan> somePlans(const Stack& stack)
{
    std::vector<Plan> plans;
    for (const std::size_t part : {0, 3, 5, 8, 12})
        plans.push_back(prefixPlan(stack, stack.order.size() * part / 12));
    Plan mixed = plans.back();
    for (std::size_t m = 0; m < mixed.depth.size(); ++m)
        mixed.depth[m] = static_cast<std::uint32_t>(m * 7 % (mixed.depth[m] + 1));
    plans.push_back(mixed);
    return plans;
}

} // namespace

TEST_CASE("A nested stack computes what the dense model of its decoded weights does")
{
    for (const bool tied : {true, false}) {
        CAPTURE(tied);
        NestedFiles stack(tied);
        for (const Plan& plan : somePlans(stack.container().stack)) {
            const auto engine = stack.engine(plan);
            const auto dense = stack.denseEngine(plan);
            CHECK(distance(logitsOf(*engine), logitsOf(*dense)) < 1e-4);
        }
    }
}

TEST_CASE("Sliding up and down gives what loading afresh gives")
{
    const NestedFiles stack(true);
    const std::vector<Plan> plans = somePlans(stack.container().stack);
    const auto sliding = stack.engine(plans.front());
    const std::uint64_t first = sliding->weightBytes();
    for (const std::size_t i : {4, 1, 3, 5, 2, 0, 4, 0}) {
        REQUIRE(sliding->setPlan(plans[i], {}));
        const auto fresh = stack.engine(plans[i]);
        CHECK(logitsOf(*sliding) == logitsOf(*fresh));
        CHECK(sliding->weightBytes() == fresh->weightBytes());
    }
    CHECK(sliding->weightBytes() == first);
}
