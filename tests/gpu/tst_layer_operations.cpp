#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/infer/layer.h"
#include "core/tensor/float16.h"
#include "gpu/ops/dense_product.h"
#include "gpu/ops/elementwise.h"
#include "gpu/ops/norm.h"
#include "gpu/ops/rotary.h"
#ifndef BS_ON_A_CARD
#include "gpu/emulation/block.h"
#endif
#include "tests/gpu/guarded_buffer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

using namespace bs;
using namespace bs::gpu;
using bs::gpu::test::Guarded;
using bs::test::check;
using bs::test::got;

namespace {

constexpr double kUnit = 0x1p-24; ///< relative error of one rounding to f32
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<float> randomFloats(std::size_t count, unsigned seed, float most = 1)
{
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> spread(-most, most);
    std::vector<float> values(count);
    for (float& value : values)
        value = spread(random);
    return values;
}

std::vector<Half> halvesOf(const std::vector<float>& values)
{
    std::vector<Half> halves;
    for (const float value : values)
        halves.push_back(Half{floatToHalf(value)});
    return halves;
}

template <class T>
bool sameBits(const std::vector<T>& a, const std::vector<T>& b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

/// Whether `work`, which returns numbers, gives the same bits whatever the order of threads is.
template <class Work>
void checkOrders(const Work& work)
{
#ifdef BS_ON_A_CARD
    CHECK(sameBits(work(), work()));
#else
    emulation::setOrder(emulation::Order::Forward);
    const auto forward = work();
    for (unsigned seed = 0; seed < 4; ++seed) {
        emulation::setOrder(seed == 0 ? emulation::Order::Reverse : emulation::Order::Shuffled,
                            seed);
        CHECK(sameBits(work(), forward));
    }
    emulation::setOrder(emulation::Order::Forward);
#endif
}

struct Normed
{
    std::vector<float> hidden, normed;
};

Normed addAndNormOn(const std::vector<float>& hidden, const std::vector<float>& delta,
                    const std::vector<float>& weight, std::size_t n, std::size_t shift = 0)
{
    const Stream stream = got(Stream::create());
    const Guarded<float> h(hidden, shift);
    const Guarded<float> d(delta, shift);
    const Guarded<float> w(weight, shift);
    const Guarded<float> out(hidden.size(), shift);
    check(addAndNorm(h.at(), delta.empty() ? nullptr : d.at(), w.at(), 1e-5F, n, weight.size(),
                     out.at(), stream));
    check(stream.wait());
    return {h.get(), out.get()};
}

} // namespace

TEST_CASE("hidden and its norm agree with the CPU's, for all kinds of widths and places")
{
    double largest = 0;
    for (const std::size_t width : {1, 3, 4, 6, 127, 128, 130, 1000, 4096, 4098, 16384, 20000}) {
        for (const std::size_t n : {1, 3})
            for (const bool adds : {false, true})
                for (const std::size_t shift : {0, 1}) {
                    CAPTURE(width);
                    CAPTURE(adds);
                    CAPTURE(shift);
                    std::vector<float> hidden = randomFloats(n * width, 1, 3);
                    const std::vector<float> delta =
                        adds ? randomFloats(n * width, 2, 2) : std::vector<float>();
                    const std::vector<float> weight = randomFloats(width, 3);
                    const Normed got = addAndNormOn(hidden, delta, weight, n, shift);
                    for (std::size_t i = 0; i < delta.size(); ++i)
                        hidden[i] += delta[i];
                    CHECK(sameBits(got.hidden, hidden));

                    std::vector<float> core(n * width);
                    rmsNorm(hidden.data(), weight.data(), n, width, 1e-5F, core.data());
                    // A thread adds up at most 20 squares, then 5 and 32 sums; half of that is the
                    // root's, and the rest is six roundings. The CPU's order is its own.
                    for (std::size_t row = 0; row < n; ++row) {
                        double sum = 0;
                        for (std::size_t i = 0; i < width; ++i)
                            sum += std::pow(static_cast<double>(hidden[row * width + i]), 2);
                        const double scale =
                            1 / std::sqrt(sum / static_cast<double>(width) + double{1e-5F});
                        for (std::size_t i = 0; i < width; ++i) {
                            const std::size_t at = row * width + i;
                            const double want = static_cast<double>(hidden[at]) * scale *
                                                static_cast<double>(weight[i]);
                            const double error =
                                std::abs(static_cast<double>(got.normed[at]) - want);
                            largest = std::max(largest, error / std::abs(want));
                            CHECK(error <= 36 * kUnit * std::abs(want));
                            CHECK(std::abs(static_cast<double>(core[at] - got.normed[at])) <=
                                  (36 + static_cast<double>(width)) * kUnit * std::abs(want));
                        }
                    }
                }
    }
    MESSAGE("largest relative error: " << largest);
}

TEST_CASE("a NaN makes its own row's norm NaN")
{
    std::vector<float> hidden = randomFloats(2 * 200, 1);
    hidden[77] = kNaN;
    const Normed got = addAndNormOn(hidden, {}, randomFloats(200, 3), 2);
    for (std::size_t i = 0; i < 200; ++i) {
        CHECK(std::isnan(got.normed[i]));
        CHECK(std::isfinite(got.normed[200 + i]));
    }
}

TEST_CASE("norms do not depend on the order of threads")
{
    const std::vector<float> hidden = randomFloats(2 * 1030, 1);
    const std::vector<float> weight = randomFloats(1030, 2);
    checkOrders([&] { return addAndNormOn(hidden, hidden, weight, 2).normed; });
}

TEST_CASE("what is done number by number, of any count, at any place")
{
    const Stream stream = got(Stream::create());
    for (const std::size_t count : {1, 2, 3, 4, 5, 7, 1023, 1024, 1025, 3001})
        for (const std::size_t shift : {0, 1, 2}) {
            CAPTURE(count);
            CAPTURE(shift);
            std::vector<float> a = randomFloats(count, 1, 20);
            const std::vector<float> b = randomFloats(count, 2, 5);

            const Guarded<float> hidden(a, shift);
            const Guarded<float> delta(b, shift);
            check(addTo(hidden.at(), delta.at(), count, stream));
            const Guarded<float> gate(a, shift);
            check(swiglu(gate.at(), delta.at(), count, stream));
            const Guarded<Half> halves(count, shift);
            check(toHalves(delta.at(), halves.at(), count, stream));
            check(stream.wait());

            const std::vector<float> sums = hidden.get();
            const std::vector<float> gated = gate.get();
            CHECK(sameBits(halves.get(), halvesOf(b)));
            CHECK(sameBits(delta.get(), b));
            for (std::size_t i = 0; i < count; ++i) {
                CHECK(sums[i] == a[i] + b[i]);
                const auto g = static_cast<double>(a[i]);
                const double want = g / (1 + std::exp(-g)) * static_cast<double>(b[i]);
                // exp is good to two units on cards, and three more roundings follow
                CHECK(std::abs(static_cast<double>(gated[i]) - want) <= 8 * kUnit * std::abs(want));
            }
        }
}

TEST_CASE("swiglu far from zero: what exp cannot hold gives 0, NaN stays NaN")
{
    const Stream stream = got(Stream::create());
    const Guarded<float> gate(std::vector<float>{-88, -100, -1e30F, 100, 1e30F, kNaN, 0});
    const Guarded<float> up(std::vector<float>(7, 1.0F));
    check(swiglu(gate.at(), up.at(), 7, stream));
    check(stream.wait());
    const std::vector<float> got = gate.get();
    CHECK(std::abs(got[0] + 88 * std::exp(-88.0F)) <= 1e-42F);
    CHECK(got[1] == 0);
    CHECK(got[2] == 0);
    CHECK(got[3] == 100);
    CHECK(got[4] == 1e30F);
    CHECK(std::isnan(got[5]));
    CHECK(got[6] == 0);
}

TEST_CASE("halves: nothing is cut off, NaN stays NaN")
{
    const std::vector<float> values = {65504, 65519, 65520, -70000, kInfinity, -kInfinity,
                                       1e-8F, 3e-8F, 6e-8F, -1e-6F, 6.1e-5F,   0};
    const Stream stream = got(Stream::create());
    std::vector<float> withNaN = values;
    withNaN.push_back(kNaN);
    const Guarded<float> from(withNaN);
    const Guarded<Half> to(withNaN.size());
    check(toHalves(from.at(), to.at(), withNaN.size(), stream));
    check(stream.wait());
    std::vector<Half> got = to.get();
    CHECK(std::isnan(halfToFloat(got.back().bits)));
    got.pop_back();
    CHECK(sameBits(got, halvesOf(values)));
}

TEST_CASE("rows of a matrix in the order of tokens")
{
    const Stream stream = got(Stream::create());
    for (const std::size_t width : {1, 7, 64, 300}) {
        const std::vector<Half> matrix = halvesOf(randomFloats(11 * width, 4));
        const std::vector<std::int32_t> tokens = {10, 0, 3, 3, 7};
        const Guarded<Half> from(matrix);
        const Guarded<std::int32_t> at(tokens);
        const Guarded<float> out(tokens.size() * width);
        check(gatherRows(from.at(), at.at(), tokens.size(), width, out.at(), stream));
        check(stream.wait());
        const std::vector<float> got = out.get();
        for (std::size_t i = 0; i < got.size(); ++i) {
            const auto token = static_cast<std::size_t>(tokens[i / width]);
            CHECK(got[i] == halfToFloat(matrix[token * width + i % width].bits));
        }
    }
}

namespace {

struct DenseCase
{
    std::size_t rows, cols, n;
    std::size_t shift = 0; ///< of W from an aligned place, in halves
    std::size_t extra = 3; ///< columns of y that are not the matrix's
};

std::vector<float> denseOn(const DenseCase& of, const std::vector<Half>& W,
                           const std::vector<float>& x)
{
    const Stream stream = got(Stream::create());
    const Guarded<Half> w(W, of.shift);
    const Guarded<float> in(x);
    const std::size_t yStride = of.rows + of.extra;
    const Guarded<float> out(of.n * yStride);
    check(denseProduct(w.at(), of.rows, of.cols, in.at(), of.n, out.at(), yStride, stream));
    check(stream.wait());
    return out.get();
}

/// The largest error in units of the sum of magnitudes.
double checkDense(const DenseCase& of)
{
    CAPTURE(of.rows);
    CAPTURE(of.cols);
    CAPTURE(of.n);
    CAPTURE(of.shift);
    const std::vector<Half> W = halvesOf(randomFloats(of.rows * of.cols, 5));
    const std::vector<float> x = randomFloats(of.n * of.cols, 6);
    const std::vector<float> y = denseOn(of, W, x);
    double largest = 0;
    for (std::size_t token = 0; token < of.n; ++token) {
        const float* const ofToken = y.data() + token * (of.rows + of.extra);
        for (std::size_t row = 0; row < of.rows; ++row) {
            double sum = 0;
            double magnitudes = 0;
            for (std::size_t c = 0; c < of.cols; ++c) {
                const double product = static_cast<double>(halfToFloat(W[row * of.cols + c].bits)) *
                                       static_cast<double>(x[token * of.cols + c]);
                sum += product;
                magnitudes += std::abs(product);
            }
            // a lane adds up every 32nd product, and 5 sums are added to that
            const double tolerance =
                (static_cast<double>(of.cols / 32 + 8) + 5) * kUnit * magnitudes;
            const double error = std::abs(static_cast<double>(ofToken[row]) - sum);
            CHECK(error <= tolerance);
            largest = std::max(largest, error / magnitudes);
        }
        for (std::size_t row = of.rows; row < of.rows + of.extra; ++row)
            CHECK(std::isnan(ofToken[row])); // as it was
    }
    return largest;
}

} // namespace

TEST_CASE("dense products of every number of tokens, and shapes that fill nothing")
{
    double largest = 0;
    for (std::size_t n = 1; n <= kDenseTokens; ++n)
        for (const std::size_t cols : {8, 256, 264, 520, 7, 250, 300})
            for (const std::size_t rows : {1, 8, 21})
                largest = std::max(largest, checkDense({rows, cols, n}));
    for (const std::size_t n : {1, 3})
        largest = std::max(largest, checkDense({9, 256, n, 1})); // W at an odd place
    largest = std::max(largest, checkDense({3, 1, 2}));
    MESSAGE("largest error over the sum of magnitudes: " << largest);
}

TEST_CASE("dense products of many rows, four to a warp")
{
    for (const std::size_t n : {1, 2, 4, 7})
        checkDense({8192 + 5 * n, 8, n});
    checkDense({8194, 264, 1});
}

TEST_CASE("dense products: a NaN stays in its token, and the order of threads does not matter")
{
    const std::vector<Half> W = halvesOf(randomFloats(40 * 264, 5));
    std::vector<float> x = randomFloats(3 * 264, 6);
    checkOrders([&] { return denseOn({40, 264, 3}, W, x); });
    x[264 + 100] = kNaN;
    const std::vector<float> y = denseOn({40, 264, 3, 0, 0}, W, x);
    for (std::size_t i = 0; i < y.size(); ++i)
        CHECK(std::isnan(y[i]) == (i / 40 == 1));
}

namespace {

struct RotaryCase
{
    std::uint32_t heads, kvHeads, headDim;
    bool biases = false;
    bool norms = false;
    std::size_t each = 1;
    std::vector<std::uint32_t> positions = {0, 77, 5};
};

constexpr std::uint32_t kCapacity = 120;
constexpr std::size_t kLayers = 3;

/// What is on the device and what comes of it.
struct Rotated
{
    std::vector<float> q;
    std::vector<std::vector<Half>> caches;
};

/// A case's numbers: made once, for the device and for the CPU.
struct RotaryNumbers
{
    ModelConfig config;
    std::size_t n = 0;
    std::vector<float> q, k, v, qBias, kBias, vBias, qNorm, kNorm, frequencies;

    explicit RotaryNumbers(const RotaryCase& of)
        : n(of.each * of.positions.size())
    {
        config.heads = of.heads;
        config.kvHeads = of.kvHeads;
        config.headDim = of.headDim;
        config.layers = kLayers;
        q = randomFloats(n * config.qWidth(), 1);
        k = randomFloats(n * config.kvWidth(), 2, 4);
        v = randomFloats(n * config.kvWidth(), 3);
        if (of.biases) {
            qBias = randomFloats(config.qWidth(), 4);
            kBias = randomFloats(config.kvWidth(), 5, 3);
            vBias = randomFloats(config.kvWidth(), 6);
        }
        if (of.norms) {
            qNorm = randomFloats(config.headDim, 7, 2);
            kNorm = randomFloats(config.headDim, 8, 2);
        }
        for (std::size_t i = 0; i < config.headDim / 2; ++i) // as Rope's
            frequencies.push_back(
                1.0F / std::pow(config.ropeBase,
                                static_cast<float>(2 * i) / static_cast<float>(config.headDim)));
    }
    std::size_t cacheNumbers() const { return kLayers * 2 * kCapacity * config.kvWidth(); }
};

Rotated rotateOn(const RotaryCase& of, const RotaryNumbers& numbers, std::size_t layer)
{
    const Stream stream = got(Stream::create());
    std::vector<Guarded<Half>> caches;
    std::vector<DeviceSequence> sequences;
    for (const std::uint32_t position : of.positions) {
        caches.emplace_back(numbers.cacheNumbers());
        sequences.push_back({caches.back().at(), kCapacity, position});
    }
    const Guarded<DeviceSequence> onDevice(sequences);
    const Guarded<float> q(numbers.q);
    const Guarded<float> k(numbers.k);
    const Guarded<float> v(numbers.v);
    const Guarded<float> qBias(numbers.qBias);
    const Guarded<float> kBias(numbers.kBias);
    const Guarded<float> vBias(numbers.vBias);
    const Guarded<float> qNorm(numbers.qNorm);
    const Guarded<float> kNorm(numbers.kNorm);
    const Guarded<float> frequencies(numbers.frequencies);
    HeadVectors vectors;
    if (of.biases) {
        vectors.qBias = qBias.at();
        vectors.kBias = kBias.at();
        vectors.vBias = vBias.at();
    }
    if (of.norms) {
        vectors.qNorm = qNorm.at();
        vectors.kNorm = kNorm.at();
    }
    check(rotateAndKeep(numbers.config, vectors, frequencies.at(), layer, onDevice.at(),
                        sequences.size(), of.each, q.at(), k.at(), v.at(), stream));
    check(stream.wait());
    CHECK(sameBits(k.get(), numbers.k));
    CHECK(sameBits(v.get(), numbers.v));
    Rotated rotated{q.get(), {}};
    for (const Guarded<Half>& cache : caches)
        rotated.caches.push_back(cache.get());
    return rotated;
}

/// A head as the CPU's parts make it, and how large its numbers are before they are turned: what
/// the error is in proportion to.
struct CpuHead
{
    std::vector<float> turned;
    std::vector<double> sizes; ///< [headDim]
};

CpuHead cpuHead(const RotaryNumbers& numbers, const Rope& rope, const float* head,
                const float* bias, const std::vector<float>& norm, std::size_t position)
{
    const std::size_t d = numbers.config.headDim;
    CpuHead cpu;
    cpu.turned.assign(head, head + d);
    for (std::size_t i = 0; bias != nullptr && i < d; ++i)
        cpu.turned[i] += bias[i];
    if (!norm.empty())
        rmsNorm(cpu.turned.data(), norm.data(), 1, d, numbers.config.normEpsilon,
                cpu.turned.data());
    for (std::size_t i = 0; i < d; ++i)
        cpu.sizes.push_back(std::abs(static_cast<double>(cpu.turned[i % (d / 2)])) +
                            std::abs(static_cast<double>(cpu.turned[i % (d / 2) + d / 2])));
    rope.rotate(cpu.turned.data(), position);
    return cpu;
}

void checkRotated(const RotaryCase& of)
{
    CAPTURE(of.headDim);
    CAPTURE(of.heads);
    CAPTURE(of.each);
    const RotaryNumbers numbers(of);
    const ModelConfig& config = numbers.config;
    const std::size_t d = of.headDim;
    constexpr std::size_t kLayer = 1;
    const Rotated got = rotateOn(of, numbers, kLayer);
    Rope rope(config);
    rope.reserve(kCapacity);
    // Norms add up headDim squares in two orders; sine and cosine are good to two units on cards,
    // and four more roundings follow.
    const double relative = (of.norms ? static_cast<double>(d) + 8 : 0) * kUnit + 8 * kUnit;

    std::vector<std::vector<Half>> untouched = got.caches;
    for (std::size_t row = 0; row < numbers.n; ++row) {
        const std::size_t sequence = row / of.each;
        const std::size_t position = of.positions[sequence] + row % of.each;
        for (std::size_t h = 0; h < of.heads; ++h) {
            const std::size_t at = row * config.qWidth() + h * d;
            const CpuHead cpu = cpuHead(numbers, rope, numbers.q.data() + at,
                                        of.biases ? numbers.qBias.data() + h * d : nullptr,
                                        numbers.qNorm, position);
            for (std::size_t i = 0; i < d; ++i)
                CHECK(std::abs(static_cast<double>(got.q[at + i] - cpu.turned[i])) <=
                      relative * cpu.sizes[i]);
        }
        for (std::size_t h = 0; h < of.kvHeads; ++h) {
            const std::size_t at = row * config.kvWidth() + h * d;
            const CpuHead cpu = cpuHead(numbers, rope, numbers.k.data() + at,
                                        of.biases ? numbers.kBias.data() + h * d : nullptr,
                                        numbers.kNorm, position);
            const std::size_t keys =
                2 * kLayer * kCapacity * config.kvWidth() + (h * kCapacity + position) * d;
            const std::size_t values = keys + kCapacity * config.kvWidth();
            for (std::size_t i = 0; i < d; ++i) {
                const auto key =
                    static_cast<double>(halfToFloat(got.caches[sequence][keys + i].bits));
                const auto want = static_cast<double>(cpu.turned[i]);
                CHECK(std::abs(key - want) <=
                      relative * cpu.sizes[i] + 0x1p-11 * std::abs(want) + 0x1p-25);
                const float value = numbers.v[at + i] + (of.biases ? numbers.vBias[h * d + i] : 0);
                CHECK(got.caches[sequence][values + i].bits == floatToHalf(value));
                untouched[sequence][keys + i].bits = 0xFFFF;
                untouched[sequence][values + i].bits = 0xFFFF;
            }
        }
    }
    for (const std::vector<Half>& cache : untouched)
        CHECK(std::all_of(cache.begin(), cache.end(), [](Half h) { return h.bits == 0xFFFF; }));
}

} // namespace

TEST_CASE("heads are turned to their positions, keys and values kept, all as on the CPU")
{
    checkRotated({4, 2, 6});
    checkRotated({3, 1, 64});
    checkRotated({6, 2, 80});
    checkRotated({8, 1, 128, false, false, 5});
    checkRotated({2, 2, 256});
    checkRotated({2, 1, 2, false, false, 33});
}

TEST_CASE("with biases and norms of heads")
{
    checkRotated({4, 2, 64, true, false, 5});
    checkRotated({4, 4, 128, false, true});
    checkRotated({3, 1, 6, true, true, 33});
    checkRotated({2, 1, 200, true, true});
}

TEST_CASE("far positions have the angles that the CPU has")
{
    // 8 roundings of numbers of at most 2: the angle itself is the same to the bit
    RotaryCase of{1, 1, 64};
    of.positions = {0};
    RotaryNumbers numbers(of);
    const Stream stream = got(Stream::create());
    constexpr std::uint32_t kFar = 131071;
    const Guarded<Half> cache(kLayers * 2 * std::size_t{kFar + 1} * 64);
    const Guarded<DeviceSequence> sequence(
        std::vector<DeviceSequence>{{cache.at(), kFar + 1, kFar}});
    const Guarded<float> q(numbers.q);
    const Guarded<float> k(numbers.k);
    const Guarded<float> v(numbers.v);
    const Guarded<float> frequencies(numbers.frequencies);
    check(rotateAndKeep(numbers.config, {}, frequencies.at(), 2, sequence.at(), 1, 1, q.at(),
                        k.at(), v.at(), stream));
    check(stream.wait());
    const std::vector<float> got = q.get();
    for (std::size_t i = 0; i < 32; ++i) {
        const double angle = static_cast<double>(static_cast<float>(kFar) * numbers.frequencies[i]);
        const auto a = static_cast<double>(numbers.q[i]);
        const auto b = static_cast<double>(numbers.q[i + 32]);
        const double tolerance = 8 * kUnit * (std::abs(a) + std::abs(b));
        CHECK(std::abs(static_cast<double>(got[i]) - (a * std::cos(angle) - b * std::sin(angle))) <=
              tolerance);
        CHECK(std::abs(static_cast<double>(got[i + 32]) -
                       (b * std::cos(angle) + a * std::sin(angle))) <= tolerance);
    }
}

TEST_CASE("turning does not depend on the order of threads")
{
    const RotaryCase of{4, 2, 80, true, true, 5};
    const RotaryNumbers numbers(of);
    checkOrders([&] { return rotateOn(of, numbers, 0).q; });
    checkOrders([&] { return rotateOn(of, numbers, 0).caches[1]; });
}

TEST_CASE("heads of a size that cards do not take are refused by name")
{
    const Stream stream = got(Stream::create());
    for (const std::uint32_t headDim : {0U, 7U, 258U}) {
        ModelConfig config;
        config.heads = 1;
        config.kvHeads = 1;
        config.headDim = headDim;
        const Result<void> refused =
            rotateAndKeep(config, {}, nullptr, 0, nullptr, 1, 1, nullptr, nullptr, nullptr, stream);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::Unsupported);
        CHECK(refused.error().message.find(std::to_string(headDim)) != std::string::npos);
    }
}
