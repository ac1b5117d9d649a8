// Moments of the loss's gradient on a tiny model against plain loops over finite differences in
// f64.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/plan/fisher.h"
#include "tests/support/double_model.h"
#include "tests/support/loop_device.h"
#include "tests/support/random_model.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

namespace {

using namespace bs;
using Doubles = std::vector<double>;

constexpr double kStep = 1e-5;
/// The inputs of the layers are kept with 2^-11 each; moments are squares of what follows from
/// them.
constexpr double kTolerance = 4e-3;

ModelConfig tinyConfig(bool tied)
{
    ModelConfig config;
    config.architecture = "llama";
    config.layers = 2;
    config.width = 12;
    config.mlpWidth = 20;
    config.heads = 4;
    config.kvHeads = 2;
    config.headDim = 6;
    config.vocabulary = 17;
    config.contextLength = 64;
    config.ropeBase = 100.0F;
    config.tiedEmbeddings = tied;
    return config;
}

ModelSource randomSource(const test::TempFolder& folder, bool tied,
                         const test::TensorChange& change = {})
{
    test::writeRandomModel(folder.path(), tinyConfig(tied), change);
    auto source = openModel(folder.path());
    REQUIRE(source);
    return std::move(source).value();
}

FisherOptions samplesOf(std::size_t length)
{
    FisherOptions options;
    options.scratchFolder = std::filesystem::temp_directory_path().string();
    options.sampleLength = length;
    return options;
}

/// Two samples of 6 tokens, one token that is dropped.
const std::vector<std::int32_t> kTokens{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 16, 0, 7};
constexpr std::size_t kLength = 6;
constexpr std::size_t kUsed = 12;

/// What went into a linear and the gradient at what came out, token after token.
struct Flow
{
    std::size_t rows = 0;
    Doubles x;
    Doubles g;
};

/// The whole model in f64.
struct Oracle
{
    const ModelSource& source;
    std::vector<DenseLayer> layers;
    std::vector<float> embedding, head, norm;

    explicit Oracle(const ModelSource& model)
        : source(model)
    {
        for (std::uint32_t layer = 0; layer < model.config.layers; ++layer)
            layers.push_back(std::move(readDenseLayer(model, layer)).value());
        embedding = readTensor(model, "model.embed_tokens.weight").value();
        head =
            model.config.tiedEmbeddings ? embedding : readTensor(model, "lm_head.weight").value();
        norm = readTensor(model, "model.norm.weight").value();
    }

    Doubles embed(std::size_t sample) const
    {
        Doubles hidden;
        for (std::size_t t = 0; t < kLength; ++t)
            for (std::size_t i = 0; i < source.config.width; ++i)
                hidden.push_back(static_cast<double>(
                    embedding[static_cast<std::size_t>(kTokens[sample * kLength + t]) *
                                  source.config.width +
                              i]));
        return hidden;
    }

    using Probe = std::function<void(std::size_t layer, Slot, const Doubles& x, Doubles& y)>;

    /// Normed hidden states behind the last layer.
    Doubles final(Doubles hidden, const Probe& probe) const
    {
        for (std::size_t layer = 0; layer < layers.size(); ++layer)
            test::doubleLayer(source.config, layers[layer].weights, hidden,
                              [&](Slot slot, const Doubles& x, Doubles& y) {
                                  if (probe) probe(layer, slot, x, y);
                              });
        return test::doubleNorm(hidden, norm, source.config.normEpsilon);
    }

    /// Probabilities of all tokens at all positions of a sample.
    Doubles probabilities(const Doubles& normed) const
    {
        Doubles p = test::doubleProduct(head, source.config.vocabulary, normed);
        for (auto row = p.begin(); row != p.end(); row += source.config.vocabulary) {
            double sum = 0;
            for (auto value = row; value != row + source.config.vocabulary; ++value)
                sum += * value = std::exp(*value);
            for (auto value = row; value != row + source.config.vocabulary; ++value)
                *value /= sum;
        }
        return p;
    }

    /// The label of a position of all samples, or -1.
    static std::int32_t label(std::size_t t) { return t + 1 < kUsed ? kTokens[t + 1] : -1; }

    double loss(std::size_t sample, const Doubles& hidden, const Probe& probe) const
    {
        const Doubles p = probabilities(final(hidden, probe));
        double sum = 0;
        for (std::size_t t = 0; t < kLength; ++t)
            if (const std::int32_t next = label(sample * kLength + t); next >= 0)
                sum -= std::log(p[t * source.config.vocabulary + static_cast<std::size_t>(next)]);
        return sum;
    }

    Flow linear(std::size_t layer, Slot slot) const
    {
        Flow flow;
        flow.rows = layers[layer].weights[slot].rows;
        for (std::size_t sample = 0; sample < 2; ++sample) {
            const Doubles hidden = embed(sample);
            loss(sample, hidden, [&](std::size_t l, Slot s, const Doubles& x, Doubles&) {
                if (l == layer && s == slot) flow.x.insert(flow.x.end(), x.begin(), x.end());
            });
            for (std::size_t i = 0; i < kLength * flow.rows; ++i) {
                auto moved = [&](double step) {
                    return loss(sample, hidden,
                                [&](std::size_t l, Slot s, const Doubles&, Doubles& y) {
                                    if (l == layer && s == slot) y[i] += step;
                                });
                };
                flow.g.push_back((moved(kStep) - moved(-kStep)) / (2 * kStep));
            }
        }
        return flow;
    }

    Flow headFlow() const
    {
        Flow flow;
        flow.rows = source.config.vocabulary;
        for (std::size_t sample = 0; sample < 2; ++sample) {
            const Doubles normed = final(embed(sample), {});
            Doubles g = probabilities(normed);
            for (std::size_t t = 0; t < kLength; ++t) {
                const std::int32_t next = label(sample * kLength + t);
                for (std::size_t i = 0; next < 0 && i < flow.rows; ++i)
                    g[t * flow.rows + i] = 0;
                if (next >= 0) g[t * flow.rows + static_cast<std::size_t>(next)] -= 1;
            }
            flow.x.insert(flow.x.end(), normed.begin(), normed.end());
            flow.g.insert(flow.g.end(), g.begin(), g.end());
        }
        return flow;
    }
};

/// mean over tokens of x x^T * power of the token
Doubles gram(const Doubles& x, const Doubles& power)
{
    const std::size_t cols = x.size() / power.size();
    Doubles sums(cols * cols);
    for (std::size_t t = 0; t < power.size(); ++t)
        for (std::size_t i = 0; i < cols; ++i)
            for (std::size_t j = 0; j < cols; ++j)
                sums[i * cols + j] += x[t * cols + i] * x[t * cols + j] * power[t] /
                                      static_cast<double>(power.size());
    return sums;
}

Doubles meanSquares(const Doubles& values, std::size_t tokens)
{
    const std::size_t width = values.size() / tokens;
    Doubles means(tokens);
    for (std::size_t i = 0; i < values.size(); ++i)
        means[i / width] += values[i] * values[i] / static_cast<double>(width);
    return means;
}

void checkClose(const std::vector<float>& got, const Doubles& want)
{
    REQUIRE(got.size() == want.size());
    double largest = 0;
    for (const double value : want)
        largest = std::max(largest, std::abs(value));
    REQUIRE(largest > 0);
    for (std::size_t i = 0; i < got.size(); ++i) {
        REQUIRE(std::isfinite(got[i]));
        REQUIRE(std::abs(static_cast<double>(got[i]) - want[i]) <= kTolerance * largest);
    }
}

void checkMoments(const LinearMoments& got, const Flow& flow)
{
    const Doubles gradPower = meanSquares(flow.g, kUsed);
    const Doubles inputPower = meanSquares(flow.x, kUsed);
    checkClose(got.weighted, gram(flow.x, gradPower));
    REQUIRE(got.plain);
    checkClose(*got.plain, gram(flow.x, Doubles(kUsed, 1.0)));
    Doubles outputPower(flow.rows);
    for (std::size_t i = 0; i < flow.g.size(); ++i)
        outputPower[i % flow.rows] += flow.g[i] * flow.g[i] * inputPower[i / flow.rows] / kUsed;
    checkClose(got.outputPower, outputPower);
}

void checkError(const Error& error, ErrorCode code, const std::string& part)
{
    CAPTURE(error.message);
    CHECK(error.code == code);
    CHECK(error.message.find(part) != std::string::npos);
}

} // namespace

TEST_CASE("moments are those of plain loops, with a tied head and with its own")
{
    for (const bool tied : {false, true}) {
        CAPTURE(tied);
        const test::TempFolder folder;
        const ModelSource source = randomSource(folder, tied);
        const Oracle oracle(source);
        ThreadPool pool(2);
        auto pass = FisherPass::create(source, kTokens, samplesOf(kLength), pool, {});
        REQUIRE(pass);
        CHECK(pass.value().tokens() == kUsed);
        const double loss =
            (oracle.loss(0, oracle.embed(0), {}) + oracle.loss(1, oracle.embed(1), {})) /
            (kUsed - 1);
        CHECK(std::abs(pass.value().meanLoss() - loss) < 1e-5);
        checkMoments(pass.value().head(), oracle.headFlow());
        for (std::uint32_t layer = source.config.layers; layer-- > 0;) {
            const auto moments = pass.value().layer(layer, oracle.layers[layer], {});
            REQUIRE(moments);
            for (std::size_t slot = 0; slot < kSlots; ++slot) {
                CAPTURE(slot);
                checkMoments(moments.value().at(slot),
                             oracle.linear(layer, static_cast<Slot>(slot)));
            }
            CHECK(moments.value()[0].plain == moments.value()[2].plain); // q and v
            CHECK(moments.value()[4].plain == moments.value()[5].plain); // gate and up
        }
        const auto embedding = pass.value().embedding();
        REQUIRE(embedding);
        Doubles g;
        for (std::size_t sample = 0; sample < 2; ++sample)
            for (std::size_t i = 0; i < kLength * source.config.width; ++i) {
                Doubles up = oracle.embed(sample);
                Doubles down = up;
                up[i] += kStep;
                down[i] -= kStep;
                g.push_back((oracle.loss(sample, up, {}) - oracle.loss(sample, down, {})) /
                            (2 * kStep));
            }
        checkClose(embedding.value().gradient, gram(g, Doubles(kUsed, 1.0)));
        CHECK(embedding.value().counts[5] == 2);
        CHECK(embedding.value().counts[7] == 0); // of the part that was dropped
        CHECK(embedding.value().counts[16] == 1);
    }
}

TEST_CASE("labels drawn from the model: the same for a seed, and every position has one")
{
    const test::TempFolder folder;
    const ModelSource source = randomSource(folder, false);
    ThreadPool pool(2);
    FisherOptions options = samplesOf(kLength);
    options.labels = Labels::Sampled;
    auto run = [&](std::uint64_t seed, std::span<const std::int32_t> tokens) {
        options.seed = seed;
        auto pass = FisherPass::create(source, tokens, options, pool, {});
        REQUIRE(pass);
        return std::move(pass).value();
    };
    CHECK(run(1, kTokens).head().weighted == run(1, kTokens).head().weighted);
    CHECK(run(1, kTokens).head().weighted != run(2, kTokens).head().weighted);
    // The mean loss of drawn labels is the entropy, which is at most log 17.
    double mean = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed)
        mean += run(seed, kTokens).meanLoss() / 40;
    CHECK(mean > 0.5);
    CHECK(mean < std::log(17.0) + 0.1);
    CHECK(run(1, std::span(kTokens).first(1)).tokens() == 1);
}

TEST_CASE("the number of threads changes nothing")
{
    const test::TempFolder folder;
    const ModelSource source = randomSource(folder, true);
    auto weighted = [&](int threads) {
        ThreadPool pool(threads);
        auto pass = FisherPass::create(source, kTokens, samplesOf(kLength), pool, {});
        REQUIRE(pass);
        const auto dense = readDenseLayer(source, 1);
        REQUIRE(dense);
        auto moments = pass.value().layer(1, dense.value(), {});
        REQUIRE(moments);
        return moments.value()[0].weighted;
    };
    CHECK(weighted(1) == weighted(3));
}

TEST_CASE("plain moments can be left out, the others stay")
{
    const test::TempFolder folder;
    const ModelSource source = randomSource(folder, true);
    ThreadPool pool(2);
    auto moments = [&](bool plain) {
        FisherOptions options = samplesOf(kLength);
        options.plain = plain;
        auto pass = FisherPass::create(source, kTokens, options, pool, {});
        REQUIRE(pass);
        const auto dense = readDenseLayer(source, 1);
        REQUIRE(dense);
        auto result = pass.value().layer(1, dense.value(), {});
        REQUIRE(result);
        return std::move(result).value();
    };
    const auto with = moments(true);
    const auto without = moments(false);
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
        CHECK(with.at(slot).plain != nullptr);
        CHECK(without.at(slot).plain == nullptr);
        CHECK(with.at(slot).weighted == without.at(slot).weighted);
    }
}

TEST_CASE("texts that have no loss are refused")
{
    const test::TempFolder folder;
    const ModelSource source = randomSource(folder, false);
    ThreadPool pool(1);
    auto error = [&](const std::vector<std::int32_t>& tokens, std::size_t length = kLength) {
        const auto pass = FisherPass::create(source, tokens, samplesOf(length), pool, {});
        REQUIRE(!pass);
        return pass.error();
    };
    checkError(error({}), ErrorCode::Usage, "the calibration text is empty");
    checkError(error({3}), ErrorCode::Usage, "has 1 token");
    checkError(error({3, 17}), ErrorCode::Usage, "token 17 is outside the vocabulary of 17");
    checkError(error({-1, 3}), ErrorCode::Usage, "token -1 is outside the vocabulary of 17");
    checkError(error({3, 4}, 0), ErrorCode::Usage, "samples of 0 tokens");
}

TEST_CASE("layers come from the last to the first, whole, and the embedding after them")
{
    const test::TempFolder folder;
    const ModelSource source = randomSource(folder, false);
    const Oracle oracle(source);
    ThreadPool pool(1);
    auto created = FisherPass::create(source, kTokens, samplesOf(kLength), pool, {});
    REQUIRE(created);
    FisherPass& pass = created.value();
    const auto early = pass.layer(0, oracle.layers[0], {});
    REQUIRE(!early);
    checkError(early.error(), ErrorCode::Usage, "layer 0 is asked for, but it is layer 1's turn");
    DenseLayer foreign = std::move(readDenseLayer(source, 1)).value();
    foreign[Slot::Down].pop_back();
    foreign.weights[Slot::Down].rows = 11;
    const auto misshapen = pass.layer(1, foreign, {});
    REQUIRE(!misshapen);
    checkError(misshapen.error(), ErrorCode::Shape, "layers.1.mlp.down_proj is 11 x 20");
    const auto unfinished = pass.embedding();
    REQUIRE(!unfinished);
    checkError(unfinished.error(), ErrorCode::Usage, "layers 0 to 1");
    REQUIRE(pass.layer(1, oracle.layers[1], {}));
    REQUIRE(pass.layer(0, oracle.layers[0], {}));
    CHECK(pass.layersLeft() == 0);
    const auto late = pass.layer(0, oracle.layers[0], {});
    REQUIRE(!late);
    checkError(late.error(), ErrorCode::Usage, "behind layer 0 already");
}

TEST_CASE("values that are not finite are named")
{
    const float nan = std::numeric_limits<float>::quiet_NaN();
    ThreadPool pool(1);
    auto refused = [&](const std::string& tensor, float value) {
        const test::TempFolder folder;
        const ModelSource source =
            randomSource(folder, false, [&](const std::string& name, std::vector<float>& values) {
                if (name == tensor) std::fill(values.begin() + 3, values.end(), value);
            });
        const auto pass = FisherPass::create(source, kTokens, samplesOf(kLength), pool, {});
        REQUIRE(!pass);
        return pass.error();
    };
    for (const std::string tensor :
         {"model.layers.1.mlp.up_proj.weight", "model.layers.0.input_layernorm.weight",
          "model.embed_tokens.weight", "model.norm.weight", "lm_head.weight"}) {
        CAPTURE(tensor);
        checkError(refused(tensor, nan), ErrorCode::Numeric, tensor);
    }
    checkError(refused("model.layers.1.mlp.down_proj.weight", 3e38F), ErrorCode::Numeric,
               "hidden states behind layer 1");
    checkError(refused("lm_head.weight", 3e38F), ErrorCode::Numeric,
               "the loss at calibration token");

    const test::TempFolder folder;
    const ModelSource source = randomSource(folder, false);
    auto pass = FisherPass::create(source, kTokens, samplesOf(kLength), pool, {});
    REQUIRE(pass);
    DenseLayer spoiled = std::move(readDenseLayer(source, 1)).value();
    spoiled[Slot::Gate][7] = nan;
    const auto moments = pass.value().layer(1, spoiled, {});
    REQUIRE(!moments);
    checkError(moments.error(), ErrorCode::Numeric, "gradients at the input of layer 1");
}

TEST_CASE("stopping is heard before the first layer and between layers")
{
    const test::TempFolder folder;
    const ModelSource source = randomSource(folder, false);
    ThreadPool pool(1);
    std::stop_source stop;
    auto pass =
        FisherPass::create(source, kTokens, samplesOf(kLength), pool, {stop.get_token(), {}});
    REQUIRE(pass);
    stop.request_stop();
    const JobContext stopped{stop.get_token(), {}};
    const auto dense = readDenseLayer(source, 1);
    REQUIRE(dense);
    const auto layer = pass.value().layer(1, dense.value(), stopped);
    REQUIRE(!layer);
    CHECK(layer.error().code == ErrorCode::Canceled);
    const auto again = FisherPass::create(source, kTokens, samplesOf(kLength), pool, stopped);
    REQUIRE(!again);
    CHECK(again.error().code == ErrorCode::Canceled);
}

TEST_CASE("rows kept in half the memory come back within a step of f16, small and large ones")
{
    ThreadPool pool(2);
    const std::vector<float> values{1e6F, -3.14159F, 0.001F, 2e-9F, 1e-9F, -1.7e-9F,
                                    0,    0,         0,      3e38F, 1e30F, 1};
    const test::TempFolder folder;
    auto file = ScratchFile::create(folder.path());
    REQUIRE(file);
    const auto other = HalfRows::keep(values.data(), 2, 6, file.value(), pool);
    REQUIRE(other);
    const auto rows = HalfRows::keep(values.data(), 4, 3, file.value(), pool);
    REQUIRE(rows);
    std::vector<float> back(values.size());
    REQUIRE(rows.value().read(file.value(), 0, 2, back.data(), pool));
    REQUIRE(rows.value().read(file.value(), 2, 2, back.data() + 6, pool));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const float largest =
            std::max({std::abs(values[i / 3 * 3]), std::abs(values[i / 3 * 3 + 1]),
                      std::abs(values[i / 3 * 3 + 2])});
        CHECK(std::abs(back[i] - values[i]) <=
              std::max(std::abs(values[i]) * 0x1p-11F, largest * 0x1p-38F));
    }
}

namespace {

/// All that a pass gives, in one row: moments by layer from the last, head, embedding.
Result<std::vector<std::vector<float>>> wholePass(const ModelSource& source,
                                                  const FisherOptions& options)
{
    ThreadPool pool(1);
    std::vector<std::vector<float>> all;
    const auto take = [&](const LinearMoments& moments) {
        all.insert(all.end(), {moments.weighted, *moments.plain, moments.outputPower});
    };
    BS_TRY(FisherPass pass, FisherPass::create(source, kTokens, options, pool, {}));
    for (std::uint32_t layer = source.config.layers; layer-- > 0;) {
        BS_TRY(const DenseLayer dense, readDenseLayer(source, layer));
        BS_TRY(const auto moments, pass.layer(layer, dense, {}));
        for (const LinearMoments& linear : moments)
            take(linear);
    }
    take(pass.head());
    BS_TRY(const EmbeddingMoments embedding, pass.embedding());
    all.push_back(embedding.gradient);
    return all;
}

} // namespace

TEST_CASE("moments with a device are those without")
{
    for (const bool tied : {true, false}) {
        const test::TempFolder folder;
        const ModelSource source = randomSource(folder, tied);
        FisherOptions options = samplesOf(kLength);
        const auto here = wholePass(source, options);
        test::LoopDevice device;
        options.device = &device;
        const auto there = wholePass(source, options);
        REQUIRE(here);
        REQUIRE(there);
        CHECK(device.held() == 0);
        REQUIRE(here.value().size() == there.value().size());
        for (std::size_t i = 0; i < here.value().size(); ++i)
            CHECK(test::relativeDifference(there.value()[i], here.value()[i]) < 1e-4);
    }
}

TEST_CASE("a device that is lost is an error of the pass, whatever it was doing")
{
    const test::TempFolder folder;
    const ModelSource source = randomSource(folder, true);
    FisherOptions options = samplesOf(kLength);
    test::LoopDevice whole;
    options.device = &whole;
    REQUIRE(wholePass(source, options));
    REQUIRE(whole.operations() > 100);
    for (int lostAt = 0; lostAt < whole.operations(); ++lostAt) {
        CAPTURE(lostAt);
        test::LoopDevice device(lostAt);
        options.device = &device;
        const auto failed = wholePass(source, options);
        REQUIRE(!failed);
        CHECK(failed.error().code == ErrorCode::Io);
        CHECK(failed.error().message.find("the card is lost") != std::string::npos);
        CHECK(device.operations() == lostAt + 1); // nothing more was asked of it
        CHECK(device.held() == 0);
    }
}
