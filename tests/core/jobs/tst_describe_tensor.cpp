#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/jobs/describe_tensor.h"
#include "core/jobs/tensor_values.h"
#include "tests/support/got.h"
#include "tests/support/nested_model.h"
#include "tests/support/random_model.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

using namespace bs;
using bs::test::got;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
const std::string kProjection = "model.layers.1.mlp.up_proj";

ModelConfig smallConfig()
{
    ModelConfig config;
    config.architecture = "llama";
    config.layers = 2;
    config.width = 64;
    config.mlpWidth = 96;
    config.heads = 4;
    config.kvHeads = 2;
    config.headDim = 16;
    config.vocabulary = 150;
    config.contextLength = 128;
    config.tiedEmbeddings = true;
    return config;
}

/// A random model with a few odd values in its first norm, and a nested stack of another without.
struct World
{
    test::TempFolder folder;
    ModelSource dense;
    ModelSource stack;

    World()
    {
        const std::string odd = folder.file("odd");
        const std::string plain = folder.file("plain");
        std::filesystem::create_directory(odd);
        std::filesystem::create_directory(plain);
        test::writeRandomModel(odd, smallConfig(),
                               [](const std::string& name, std::vector<float>& values) {
                                   if (name != "model.norm.weight") return;
                                   values[3] = kNan;
                                   values[5] = std::numeric_limits<float>::infinity();
                                   values[7] = 0;
                                   values[9] = -77;
                               });
        test::writeRandomModel(plain, smallConfig());
        dense = got(openModel(odd));
        const std::string path = folder.file("small.bitstack");
        REQUIRE(test::writeNestedModel(path, got(openModel(plain)), {}));
        stack = got(openModel(path));
    }
};

World& world()
{
    static World all;
    return all;
}

void checkStatistics(const TensorStatistics& s, const std::vector<float>& values)
{
    std::uint64_t finite = 0;
    std::uint64_t zeros = 0;
    double min = INFINITY;
    double max = -INFINITY;
    double sum = 0;
    for (const float value : values)
        if (std::isfinite(value)) {
            ++finite;
            zeros += value == 0 ? 1 : 0;
            min = std::min<double>(min, value);
            max = std::max<double>(max, value);
            sum += value;
        }
    const double mean = sum / static_cast<double>(finite);
    double squares = 0;
    for (const float value : values)
        if (std::isfinite(value)) squares += (value - mean) * (value - mean);
    CHECK(s.count == finite);
    CHECK(s.zeros == zeros);
    CHECK(s.notFinite == values.size() - finite);
    CHECK(s.min == min);
    CHECK(s.max == max);
    CHECK(s.largest == std::max(-min, max));
    CHECK(s.mean == doctest::Approx(mean).epsilon(1e-9));
    CHECK(s.deviation ==
          doctest::Approx(std::sqrt(squares / static_cast<double>(finite))).epsilon(1e-9));
}

void checkHistogram(const TensorHistogram& h, const std::vector<float>& values)
{
    TensorHistogram want = h;
    want.below = want.above = 0;
    want.counts.fill(0);
    const double each = (h.upper - h.lower) / TensorHistogram::kBins;
    for (const float value : values) {
        if (!std::isfinite(value)) continue;
        if (value < h.lower) ++want.below;
        if (value > h.upper) ++want.above;
        for (std::size_t bin = 0; bin < TensorHistogram::kBins; ++bin) {
            const double from = h.lower + each * static_cast<double>(bin);
            const bool last = bin + 1 == TensorHistogram::kBins;
            if (value >= from && (last ? value <= h.upper : value < from + each)) {
                ++want.counts.at(bin);
                break;
            }
        }
    }
    CHECK(h.below == want.below);
    CHECK(h.above == want.above);
    std::uint64_t apart = 0; // a value on an edge may round to either side
    for (std::size_t bin = 0; bin < TensorHistogram::kBins; ++bin)
        apart += h.counts.at(bin) > want.counts.at(bin) ? h.counts.at(bin) - want.counts.at(bin)
                                                        : want.counts.at(bin) - h.counts.at(bin);
    CHECK(apart <= values.size() / 1000);
}

double norm(const std::vector<float>& values)
{
    double sum = 0;
    for (const float value : values)
        sum += static_cast<double>(value) * value;
    return std::sqrt(sum);
}

} // namespace

TEST_CASE("statistics and histogram of a dense tensor are those of a plain loop")
{
    for (const std::string name : {"model.embed_tokens.weight", "model.norm.weight"}) {
        const TensorReport report = got(describeTensor(world().dense, name, {}));
        const std::vector<float> values = got(readTensor(world().dense, name));
        checkStatistics(report.statistics, values);
        checkHistogram(report.histogram, values);
        CHECK(report.codes.empty());
        CHECK(report.residuals.empty());
        CHECK(report.tensor.name == name);
    }
    const TensorReport odd = got(describeTensor(world().dense, "model.norm.weight", {}));
    CHECK(odd.statistics.notFinite == 2);
    CHECK(odd.statistics.zeros >= 1);
    CHECK(odd.histogram.below == 1); // -77 is far outside
}

TEST_CASE("sums do not depend on how a tensor is cut, nor lose a small spread around a large mean")
{
    std::vector<float> values;
    for (int i = 0; i < 1000; ++i)
        values.push_back(1e6F + static_cast<float>(i % 7));
    ValueSums whole;
    whole.add(values);
    ValueSums pieces;
    for (std::size_t at = 0; at < values.size(); at += 40)
        pieces.add(std::span(values).subspan(at, 40));
    checkStatistics(whole.statistics(), values);
    checkStatistics(pieces.statistics(), values);
    CHECK(ValueSums().statistics().count == 0);
    ValueSums alike;
    alike.add(std::vector<float>(5, 2.0F));
    const TensorHistogram range = alike.histogramRange();
    CHECK(range.lower < 2);
    CHECK(range.upper > 2);
}

TEST_CASE("a stack's matrix is described as all its blocks decode")
{
    const Container& container = *world().stack.container;
    for (const std::string& matrix : {kProjection, std::string("model.embed_tokens")}) {
        const std::vector<float> all =
            got(test::decodedMatrix(container, matrix, largestPlan(container)));
        const TensorReport report = got(describeTensor(world().stack, matrix + ".weight", {}));
        checkStatistics(report.statistics, all);
        checkHistogram(report.histogram, all);
        REQUIRE(report.residuals.size() > 3);
        CHECK(report.tensor.blocks + 1 == report.residuals.size());
        for (const DepthResidual& residual : report.residuals) {
            Plan plan = largestPlan(container);
            std::uint64_t bytes = 0;
            for (std::size_t m = 0; m < plan.depth.size(); ++m) {
                if (slabOf(container.stack.matrices[m].name).matrix != matrix) continue;
                plan.depth[m] = std::min(plan.depth[m], residual.depth);
                for (std::uint32_t i = 0; i < plan.depth[m]; ++i)
                    bytes += container.stack.matrices[m].blockBytes[i];
            }
            std::vector<float> less = residual.depth == 0
                                          ? std::vector<float>(all.size())
                                          : got(test::decodedMatrix(container, matrix, plan));
            for (std::size_t i = 0; i < less.size(); ++i)
                less[i] -= all[i];
            CHECK(residual.error == doctest::Approx(norm(less) / norm(all)).epsilon(1e-6));
            CHECK(residual.bytes == bytes);
            CHECK(residual.bitsPerWeight == doctest::Approx(8.0 * static_cast<double>(bytes) /
                                                            static_cast<double>(all.size())));
        }
        CHECK(report.residuals.front().error == 1);
        CHECK(report.residuals.back().error == 0);
        CHECK(report.residuals.back().bytes == report.tensor.bytes);
        std::uint64_t coded = 0;
        for (const CodeCount& code : report.codes) {
            CHECK(code.bits.size() <= 4);
            coded += code.count;
        }
        CHECK(coded == all.size());
    }
}

TEST_CASE("the first sign of a code is that of the weight's largest part")
{
    const Container& container = *world().stack.container;
    const auto all = got(test::decodedMatrix(container, kProjection, largestPlan(container)));
    const TensorReport report = got(describeTensor(world().stack, kProjection + ".weight", {}));
    std::uint64_t minus = 0;
    for (const CodeCount& code : report.codes)
        if (code.bits[0] == '1') minus += code.count;
    std::uint64_t negative = 0;
    for (const float value : all)
        negative += value < 0 ? 1 : 0;
    // Not the same, as what follows may outweigh it, but near.
    const auto share = [&](std::uint64_t n) {
        return static_cast<double>(n) / static_cast<double>(all.size());
    };
    CHECK(share(minus) > 0.3);
    CHECK(share(minus) < 0.7);
    CHECK(std::abs(share(minus) - share(negative)) < 0.1);
}

TEST_CASE("a slab, a norm and what is not there")
{
    const TensorReport slab = got(describeTensor(world().stack, "model.embed_tokens#64", {}));
    CHECK(slab.tensor.name == "model.embed_tokens#64");
    CHECK(slab.statistics.count == 64 * 64);
    const TensorReport vector = got(describeTensor(world().stack, "model.norm.weight", {}));
    CHECK(vector.residuals.empty());
    CHECK(vector.statistics.count == 64);
    for (const ModelSource* source : {&world().stack, &world().dense}) {
        const auto missing = describeTensor(*source, "model.nothing", {});
        REQUIRE_FALSE(missing);
        CHECK(missing.error().code == ErrorCode::Usage);
        CHECK(missing.error().message.find("model.nothing") != std::string::npos);
    }
}

TEST_CASE("describing stops when it is asked to")
{
    std::stop_source stop;
    JobContext context{stop.get_token(), [&](const Progress&) { stop.request_stop(); }};
    const auto stopped = describeTensor(world().stack, "model.embed_tokens.weight", context);
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().code == ErrorCode::Canceled);
}

TEST_CASE("tensors are listed by layer, slabs put together")
{
    const std::vector<TensorEntry> list = listTensors(world().stack);
    CHECK(list.size() == listTensors(world().dense).size());
    const auto embedding = std::find_if(list.begin(), list.end(), [](const TensorEntry& entry) {
        return entry.name == "model.embed_tokens.weight";
    });
    REQUIRE(embedding != list.end());
    CHECK(embedding->shape == std::vector<std::uint64_t>{150, 64});
    CHECK(embedding->dtype == "nested");
    CHECK_FALSE(embedding->layer.has_value());
    CHECK(std::is_sorted(list.begin(), list.end(), [](const TensorEntry& a, const TensorEntry& b) {
        return a.layer < b.layer;
    }));
    CHECK(list.back().layer == 1);
    for (const TensorEntry& entry : listTensors(world().dense)) {
        CHECK(entry.blocks == 0);
        CHECK(entry.dtype == "F32");
    }
}

TEST_CASE("metadata of a folder and of a stack")
{
    const auto valueOf = [](const ModelSource& source, const std::string& key) {
        for (const auto& [name, value] : got(listMetadata(source)))
            if (name == key) return value;
        return std::string();
    };
    CHECK(valueOf(world().dense, "config.hidden_size") == "64");
    CHECK(valueOf(world().stack, "bitstack.codec") == "nested");
    CHECK(valueOf(world().stack, "config.vocab_size") == "150");
}
