// The backward of a layer against finite differences of a plain f64 forward.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/infer/layer_backward.h"
#include "core/model/dense_layer.h"
#include "tests/support/double_model.h"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <map>
#include <random>

namespace {

using namespace bs;

/// f32 against f64: n = 48 products at most in a row, a handful of steps, values around 1.
constexpr double kTolerance = 2e-5;
constexpr double kStep = 1e-5;

ModelConfig tinyConfig(std::uint32_t heads, std::uint32_t kvHeads)
{
    ModelConfig config;
    config.layers = 1;
    config.width = 12;
    config.mlpWidth = 20;
    config.heads = heads;
    config.kvHeads = kvHeads;
    config.headDim = 6;
    config.ropeBase = 100.0F;
    return config;
}

std::vector<float> normal(std::mt19937_64& random, std::size_t count, float spread, float mean = 0)
{
    std::normal_distribution<float> distribution(mean, spread);
    std::vector<float> values(count);
    for (float& value : values)
        value = distribution(random);
    return values;
}

DenseLayer randomLayer(const ModelConfig& config, std::mt19937_64& random)
{
    const std::size_t w = config.width;
    const std::size_t m = config.mlpWidth;
    const std::size_t kv = config.kvWidth();
    const std::array<std::array<std::size_t, 2>, kSlots> shapes{
        {{config.qWidth(), w}, {kv, w}, {kv, w}, {w, config.qWidth()}, {m, w}, {m, w}, {w, m}}};
    DenseLayer layer;
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
        const auto [rows, cols] = shapes.at(slot);
        layer.values.at(slot) =
            normal(random, rows * cols, 1.0F / std::sqrt(static_cast<float>(cols)));
        layer.weights.linears.at(slot).rows = rows;
        layer.weights.linears.at(slot).cols = cols;
        layer.weights.linears.at(slot).matrix = {
            DType::F32, rows, cols,
            reinterpret_cast<const std::byte*>(layer.values.at(slot).data())};
    }
    layer.weights.inputNorm = normal(random, w, 0.3F, 1.0F);
    layer.weights.postNorm = normal(random, w, 0.3F, 1.0F);
    if (config.qkvBias) {
        layer.weights.qBias = normal(random, config.qWidth(), 0.5F);
        layer.weights.kBias = normal(random, kv, 0.5F);
        layer.weights.vBias = normal(random, kv, 0.5F);
    }
    if (config.headNorms) {
        layer.weights.qNorm = normal(random, config.headDim, 0.3F, 1.0F);
        layer.weights.kNorm = normal(random, config.headDim, 0.3F, 1.0F);
    }
    return layer;
}

struct Seen
{
    std::vector<float> x;
    std::vector<float> gradY;
};

class Recorder : public GradientTap
{
public:
    Result<void> linear(Slot slot, const float* x, std::size_t cols, const float* gradY,
                        std::size_t rows, std::size_t n) override
    {
        linears[slot] = {{x, x + n * cols}, {gradY, gradY + n * rows}};
        return {};
    }
    void norm(Norm which, const float* normalised, const float* gradY, std::size_t n,
              std::size_t width) override
    {
        norms[which] = {{normalised, normalised + n * width}, {gradY, gradY + n * width}};
    }

    std::map<Slot, Seen> linears;
    std::map<Norm, Seen> norms;
};

/// A layer, a batch of sequences, and the function whose gradient is looked at: f = sum of c *
/// output.
struct Case
{
    ModelConfig config;
    DenseLayer layer;
    std::vector<std::size_t> lengths;
    std::vector<float> hidden;
    std::vector<float> c;
    Recorder recorder;
    std::vector<float> gradient; ///< at the input

    Case(std::uint32_t heads, std::uint32_t kvHeads, std::vector<std::size_t> sequences,
         int threads, const std::function<void(ModelConfig&)>& change = {})
        : config(tinyConfig(heads, kvHeads))
        , lengths(std::move(sequences))
    {
        if (change) change(config);
        std::mt19937_64 random(heads * 10 + kvHeads);
        layer = randomLayer(config, random);
        hidden = normal(random, rows() * config.width, 1.0F);
        c = normal(random, rows() * config.width, 1.0F);
        gradient = c;
        ThreadPool pool(threads);
        Rope rope(config);
        rope.reserve(rows());
        BackwardScratch scratch;
        REQUIRE(layerBackward(config, layer.weights, rope, lengths, hidden.data(), gradient.data(),
                              scratch, pool, &recorder));
    }

    std::size_t rows() const
    {
        std::size_t sum = 0;
        for (const std::size_t length : lengths)
            sum += length;
        return sum;
    }

    /// f with value `index` of one sequence's input, or of a linear's output, `step` larger.
    double inputMoved(std::size_t index, double step) const
    {
        return value([&](std::vector<double>& x) { x[index] += step; }, {});
    }
    double outputMoved(Slot slot, std::size_t index, double step) const
    {
        std::size_t first = 0;
        const std::size_t width = layer.weights[slot].rows;
        return value({}, [&](Slot at, const std::vector<double>&, std::vector<double>& y) {
            if (at != slot) return;
            if (index >= first && index < first + y.size()) y[index - first] += step;
            first += y.size();
            if (first == rows() * width) first = 0;
        });
    }

    double value(const std::function<void(std::vector<double>&)>& change,
                 const test::DoubleProbe& probe) const
    {
        std::vector<double> all(hidden.begin(), hidden.end());
        if (change) change(all);
        double sum = 0;
        std::size_t first = 0;
        for (const std::size_t length : lengths) {
            const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
            std::vector<double> x(begin,
                                  begin + static_cast<std::ptrdiff_t>(length * config.width));
            test::doubleLayer(config, layer.weights, x, probe);
            for (std::size_t i = 0; i < x.size(); ++i)
                sum += x[i] * static_cast<double>(c[first + i]);
            first += length * config.width;
        }
        return sum;
    }
};

template <class Moved>
void checkGradient(const std::vector<float>& got, Moved moved)
{
    double largest = 0;
    for (const float value : got)
        largest = std::max(largest, std::abs(static_cast<double>(value)));
    REQUIRE(largest > 0);
    for (std::size_t i = 0; i < got.size(); ++i) {
        const double want = (moved(i, kStep) - moved(i, -kStep)) / (2 * kStep);
        REQUIRE(std::isfinite(got[i]));
        REQUIRE(std::abs(static_cast<double>(got[i]) - want) <=
                kTolerance * std::max(1.0, largest));
    }
}

void checkAllGradients(const Case& test)
{
    checkGradient(test.gradient,
                  [&](std::size_t i, double step) { return test.inputMoved(i, step); });
    REQUIRE(test.recorder.linears.size() == kSlots);
    for (const auto& [slot, seen] : test.recorder.linears) {
        CAPTURE(static_cast<int>(slot));
        REQUIRE(seen.gradY.size() == test.rows() * test.layer.weights[slot].rows);
        checkGradient(seen.gradY, [&, s = slot](std::size_t i, double step) {
            return test.outputMoved(s, i, step);
        });
    }
}

} // namespace

TEST_CASE("gradients at the input and at the output of every linear, with and without groups")
{
    for (const auto& [heads, kvHeads] : {std::pair{4U, 2U}, {3U, 1U}, {2U, 2U}}) {
        CAPTURE(heads);
        const Case test(heads, kvHeads, {7, 1, 5}, 2);
        checkAllGradients(test);
    }
}

TEST_CASE("gradients of what the families add: a window, biases, norms of heads, llama3 rope scaling")
{
    const std::map<std::string, std::function<void(ModelConfig&)>> families{
        {"mistral", [](ModelConfig& c) { c.slidingWindow = 3; }},
        {"qwen2", [](ModelConfig& c) { c.qkvBias = true; }},
        {"qwen3", [](ModelConfig& c) { c.headNorms = true; }},
        {"llama3", [](ModelConfig& c) { c.rope = {8, 1, 4, 16}; }},
    };
    for (const auto& [name, change] : families) {
        CAPTURE(name);
        const Case test(4, 2, {7, 1, 5}, 2, change);
        checkAllGradients(test);
        CHECK(test.gradient != Case(4, 2, {7, 1, 5}, 2).gradient);
    }
}

TEST_CASE("sequences longer than a block of queries")
{
    const Case test(4, 2, {150}, 1);
    for (std::size_t i = 0; i < test.gradient.size(); i += 37) {
        const double want = (test.inputMoved(i, kStep) - test.inputMoved(i, -kStep)) / (2 * kStep);
        REQUIRE(std::abs(static_cast<double>(test.gradient[i]) - want) <= 10 * kTolerance);
    }
}

TEST_CASE("what the tap sees gives the gradient of scales of output rows and of norm weights")
{
    Case test(4, 2, {6}, 1);
    for (const auto& [slot, seen] : test.recorder.linears) {
        const std::size_t rows = test.layer.weights[slot].rows;
        const auto y = test::doubleProduct(test.layer[slot], rows,
                                           std::vector<double>(seen.x.begin(), seen.x.end()));
        for (std::size_t i = 0; i < rows; ++i) {
            double got = 0;
            for (std::size_t t = 0; t < test.rows(); ++t)
                got += y[t * rows + i] * static_cast<double>(seen.gradY[t * rows + i]);
            auto scaled = [&, s = slot](double step) {
                return test.value({}, [&](Slot at, const std::vector<double>&, auto& out) {
                    for (std::size_t t = 0; at == s && t < test.rows(); ++t)
                        out[t * rows + i] *= 1 + step;
                });
            };
            const double want = (scaled(kStep) - scaled(-kStep)) / (2 * kStep);
            REQUIRE(std::abs(got - want) <= 1e-4);
        }
    }
    for (const Norm which : {Norm::Input, Norm::Post}) {
        auto& weight =
            which == Norm::Input ? test.layer.weights.inputNorm : test.layer.weights.postNorm;
        const Seen& seen = test.recorder.norms.at(which);
        for (std::size_t i = 0; i < weight.size(); ++i) {
            double got = 0;
            for (std::size_t at = i; at < seen.x.size(); at += weight.size())
                got += static_cast<double>(seen.x[at]) * static_cast<double>(seen.gradY[at]);
            const float step =
                0x1p-10F; // weights are f32; the error of the difference is its square
            const float old = weight[i];
            weight[i] = old + step;
            const double up = test.value({}, {});
            weight[i] = old - step;
            const double want = (up - test.value({}, {})) / (2 * static_cast<double>(step));
            weight[i] = old;
            REQUIRE(std::abs(got - want) <= 1e-3 * std::max(1.0, std::abs(want)));
        }
    }
}

TEST_CASE("results do not depend on the number of threads")
{
    const Case one(4, 2, {70, 3}, 1);
    const Case three(4, 2, {70, 3}, 3);
    CHECK(one.gradient == three.gradient);
}

TEST_CASE("the recomputed forward is the forward: what goes into the last linear agrees")
{
    const Case test(4, 2, {9}, 1);
    test.value({}, [&](Slot slot, const std::vector<double>& x, std::vector<double>&) {
        const Seen& seen = test.recorder.linears.at(slot);
        REQUIRE(seen.x.size() == x.size());
        for (std::size_t i = 0; i < x.size(); ++i)
            REQUIRE(std::abs(static_cast<double>(seen.x[i]) - x[i]) <= kTolerance);
    });
}
