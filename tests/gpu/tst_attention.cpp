#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/thread_pool.h"
#include "core/infer/attention.h"
#include "core/tensor/float16.h"
#include "gpu/ops/attention.h"
#ifndef BS_ON_A_CARD
#include "gpu/emulation/block.h"
#endif
#include "tests/gpu/guarded_buffer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <random>

using namespace bs;
using namespace bs::gpu;
using bs::gpu::test::Guarded;
using bs::test::check;
using bs::test::got;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr std::uint16_t kNaNHalf = 0x7E00;
constexpr std::size_t kLayers = 2;
constexpr std::size_t kLayer = 1;

struct Case
{
    std::uint32_t heads, kvHeads, headDim;
    std::vector<std::uint32_t> positions; ///< of the sequences' first rows
    std::size_t each = 1;
    std::uint32_t window = 0;
    std::size_t multiprocessors = 1; ///< more of them: more parts
    std::size_t shift = 0;           ///< of q and out from an aligned place
};

/// A case's queries and caches. What rows do not see, behind the last row's position and before the
/// first one's window, is NaN, and so is the other layer.
struct Numbers
{
    Case of;
    ModelConfig config;
    std::size_t n;
    std::vector<float> q;
    std::vector<std::vector<Half>> caches;
    std::vector<std::uint32_t> capacities;

    using Number = std::function<float(std::size_t position, std::size_t i)>;

    Numbers(const Case& wanted, const Number& query, const Number& key, const Number& value)
        : of(wanted)
        , n(of.each * of.positions.size())
    {
        config.heads = of.heads;
        config.kvHeads = of.kvHeads;
        config.headDim = of.headDim;
        config.layers = kLayers;
        config.slidingWindow = of.window;
        // Queries times the scale are halves, so that rounding them changes nothing.
        const float scale = 1.0F / std::sqrt(static_cast<float>(of.headDim));
        for (std::size_t i = 0; i < n * config.qWidth(); ++i)
            q.push_back(halfToFloat(floatToHalf(query(0, i))) / scale);
        for (std::size_t s = 0; s < of.positions.size(); ++s) {
            const std::size_t length = of.positions[s] + of.each;
            capacities.push_back(static_cast<std::uint32_t>(length + 40 + s));
            caches.emplace_back(kLayers * 2 * capacities[s] * config.kvWidth(), Half{kNaNHalf});
            for (std::size_t h = 0; h < of.kvHeads; ++h)
                for (std::size_t p = firstSeen(of.positions[s]); p < length; ++p)
                    for (std::size_t i = 0; i < of.headDim; ++i) {
                        caches[s][place(s, 0, h, p) + i].bits = floatToHalf(key(p, i));
                        caches[s][place(s, 1, h, p) + i].bits = floatToHalf(value(p, i));
                    }
        }
    }

    std::size_t firstSeen(std::size_t position) const
    {
        return of.window != 0 && position + 1 > of.window ? position + 1 - of.window : 0;
    }
    /// Of keys (kind 0) or values (1).
    std::size_t place(std::size_t sequence, std::size_t kind, std::size_t head,
                      std::size_t position) const
    {
        const std::size_t heads = (2 * kLayer + kind) * of.kvHeads + head;
        return (heads * capacities[sequence] + position) * of.headDim;
    }
};

Numbers randomNumbers(const Case& of, float mostScore, unsigned seed = 1)
{
    auto random = std::make_shared<std::mt19937>(seed);
    const auto spread = [random](float most) {
        return [random, most](std::size_t, std::size_t) {
            return std::uniform_real_distribution<float>(-most, most)(*random);
        };
    };
    return Numbers(of, spread(mostScore), spread(1), spread(1));
}

struct Device
{
    Stream stream = got(Stream::create());
    std::vector<Guarded<Half>> caches;
    Guarded<DeviceSequence> sequences;
    AttentionScratch scratch;

    explicit Device(const Numbers& numbers)
        : sequences(numbers.of.positions.size())
        , scratch(got(AttentionScratch::create(numbers.config, numbers.n,
                                               numbers.of.multiprocessors, stream)))
    {
        std::vector<DeviceSequence> list;
        for (std::size_t s = 0; s < numbers.caches.size(); ++s) {
            caches.emplace_back(numbers.caches[s]);
            list.push_back({caches[s].at(), numbers.capacities[s], numbers.of.positions[s]});
        }
        sequences.set(list);
    }

    std::vector<float> attend(const Numbers& numbers, std::size_t mostLength)
    {
        const Guarded<float> q(numbers.q, numbers.of.shift);
        const Guarded<float> out(numbers.q.size(), numbers.of.shift);
        check(attention(numbers.config, kLayer, sequences.at(), numbers.of.positions.size(),
                        numbers.of.each, mostLength, q.at(), out.at(), scratch, stream));
        check(stream.wait());
        return out.get();
    }
};

std::size_t mostCapacity(const Numbers& numbers)
{
    return *std::max_element(numbers.capacities.begin(), numbers.capacities.end());
}

std::vector<float> attendOn(const Numbers& numbers)
{
    return Device(numbers).attend(numbers, mostCapacity(numbers));
}

/// The same by the CPU, over caches of the same numbers.
std::vector<float> attendOnCpu(const Numbers& numbers)
{
    std::vector<std::vector<float>> caches;
    std::vector<SequenceRows> rows;
    for (std::size_t s = 0; s < numbers.caches.size(); ++s) {
        std::vector<float>& cache = caches.emplace_back();
        for (const Half half : numbers.caches[s])
            cache.push_back(halfToFloat(half.bits));
        rows.push_back({{cache.data() + numbers.place(s, 0, 0, 0),
                         cache.data() + numbers.place(s, 1, 0, 0), numbers.capacities[s]},
                        numbers.of.positions[s],
                        numbers.of.each});
    }
    std::vector<float> out(numbers.q.size());
    ThreadPool pool(1);
    attention(numbers.config, rows, numbers.q.data(), out.data(), pool);
    return out;
}

/// Compares with the CPU; returns the largest error. Keys and values are within 1, q times the
/// scale within `mostScore`.
///
/// Exponentials are rounded to f16: each is off by 2^-11 of itself, or 2^-25 where it is below what
/// f16 has in full, and the largest of a row is 1, so a sum of them times values of at most 1, over
/// their sum, is off by twice that. Scores are sums of headDim products in f32 in two orders, and
/// sums over keys as many products more.
double checkCase(const Case& of, float mostScore)
{
    CAPTURE(of.heads);
    CAPTURE(of.kvHeads);
    CAPTURE(of.headDim);
    CAPTURE(of.each);
    CAPTURE(of.window);
    CAPTURE(of.multiprocessors);
    const Numbers numbers = randomNumbers(of, mostScore);
    const std::vector<float> got = attendOn(numbers);
    const std::vector<float> want = attendOnCpu(numbers);
    const double keys = static_cast<double>(mostCapacity(numbers));
    const double products = static_cast<double>(of.headDim);
    const double tolerance = 2 * 0x1p-11 + 2 * keys * 0x1p-25 +
                             2 * products * 0x1p-24 * products * static_cast<double>(mostScore) +
                             2 * keys * 0x1p-24;
    double largest = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
        REQUIRE(std::isfinite(want[i]));
        const double error = std::abs(static_cast<double>(got[i] - want[i]));
        CHECK(error <= tolerance);
        largest = std::max(largest, error);
    }
    return largest;
}

} // namespace

TEST_CASE("attention agrees with the CPU's: groups, sizes of heads, sequences, rows")
{
    double largest = 0;
    for (const std::size_t each : {1, 5, 33})
        for (const Case& of : std::vector<Case>{{2, 2, 64, {0, 50}, each},
                                                {3, 1, 6, {17}, each},
                                                {4, 1, 128, {130}, each},
                                                {8, 1, 80, {3}, each},
                                                {8, 2, 16, {0, 1, 90}, each},
                                                {1, 1, 2, {9}, each}})
            largest = std::max(largest, checkCase(of, of.headDim > 100 ? 1.0F : 2.0F));
    for (const std::uint32_t headDim : {100U, 192U, 250U, 256U})
        largest = std::max(largest, checkCase({2, 1, headDim, {40}, 2}, 0.5F));
    for (const std::uint32_t headDim : {30U, 64U}) // a place that is not aligned
        largest = std::max(largest, checkCase({2, 1, headDim, {40}, 2, 0, 1, 1}, 2.0F));
    MESSAGE("largest error: " << largest);
}

TEST_CASE("sliding windows, and long contexts in parts")
{
    double largest = 0;
    for (const std::uint32_t window : {1U, 7U, 40U, 200U})
        for (const std::size_t each : {1, 20})
            largest = std::max(largest, checkCase({3, 1, 16, {0, 230}, each, window, 3}, 2.0F));
    for (const std::size_t multiprocessors : {1, 2, 3, 40}) {
        largest = std::max(largest, checkCase({4, 1, 32, {1000}, 1, 0, multiprocessors}, 2.0F));
        largest = std::max(largest, checkCase({4, 2, 32, {0, 600}, 5, 0, multiprocessors}, 2.0F));
        largest = std::max(largest, checkCase({2, 1, 6, {700}, 2, 500, multiprocessors}, 2.0F));
    }
    MESSAGE("largest error: " << largest);
}

// With keys of 0 all exponentials are 1, and sums of whole values are exact: a key too many or too
// few, or one counted twice, shows as a value far off.
TEST_CASE("every key that a row sees counts once, and no other")
{
    const auto zero = [](std::size_t, std::size_t) { return 0.0F; };
    // different for each key, below 2048, so exact in f16; the sums of 1100 are below 2^24
    const auto valueAt = [](std::size_t position, std::size_t i) {
        return static_cast<float>((position * 37 + i * 11 + position * position % 101) % 2039);
    };
    for (const Case& of : std::vector<Case>{{4, 1, 8, {0}, 70},
                                            {3, 1, 6, {5, 0, 31}, 33},
                                            {4, 2, 16, {1055}, 1, 0, 7},
                                            {1, 1, 8, {1024}, 40, 0, 30},
                                            {8, 1, 8, {300, 7}, 20, 129, 9},
                                            {2, 2, 8, {640}, 3, 600, 40},
                                            {4, 1, 8, {64}, 70, 32}}) {
        CAPTURE(of.headDim);
        CAPTURE(of.each);
        CAPTURE(of.window);
        const Numbers numbers(
            of, [](std::size_t, std::size_t i) { return float(i % 3); }, zero, valueAt);
        const std::vector<float> got = attendOn(numbers);
        for (std::size_t at = 0; at < got.size(); ++at) {
            const std::size_t row = at / numbers.config.qWidth();
            const std::size_t position = of.positions[row / of.each] + row % of.each;
            double sum = 0;
            for (std::size_t p = numbers.firstSeen(position); p <= position; ++p)
                sum += static_cast<double>(valueAt(p, at % of.headDim));
            const double want =
                sum / static_cast<double>(position + 1 - numbers.firstSeen(position));
            // rounded once, and twice on cards that divide by a reciprocal
            CHECK(std::abs(static_cast<double>(got[at]) - want) <= 2 * 0x1p-24 * want);
        }
    }
}

TEST_CASE("one key far above all others takes all, wherever it lies")
{
    for (const std::size_t peak : {0, 31, 32, 127, 128, 300, 399}) {
        const Case of{2, 1, 16, {399}, 1, 0, 4};
        const Numbers numbers(
            of, [](std::size_t, std::size_t) { return 8.0F; },
            [&](std::size_t p, std::size_t) { return p == peak ? 2.0F : -2.0F; },
            [](std::size_t p, std::size_t i) { return static_cast<float>(p * 4 + i % 4); });
        const std::vector<float> got = attendOn(numbers); // scores of +-256: the others are e^-512
        for (std::size_t i = 0; i < got.size(); ++i)
            CHECK(got[i] == static_cast<float>(peak * 4 + i % 4));
    }
}

TEST_CASE("queries are rounded once, to f16, after the scale")
{
    // 1 + 2^-12 is 1 in f16: scores are those of 1
    const Case of{1, 1, 64, {2}, 1};
    const auto key = [](std::size_t p, std::size_t) { return static_cast<float>(p) / 8; };
    const auto value = [](std::size_t p, std::size_t) { return static_cast<float>(p); };
    Numbers numbers(
        of, [](std::size_t, std::size_t) { return 1.0F; }, key, value);
    const std::vector<float> right = attendOn(numbers);
    for (float& q : numbers.q)
        q *= 1 + 0x1p-12F;
    const std::vector<float> got = attendOn(numbers);
    CHECK(std::memcmp(got.data(), right.data(), got.size() * sizeof(float)) == 0);
    for (float& q : numbers.q)
        q *= 1 + 0x1p-9F;
    CHECK(attendOn(numbers)[0] > right[0]);
}

TEST_CASE("a NaN in a query makes its own head's row NaN and no other number")
{
    for (const Case& of : std::vector<Case>{
             {4, 2, 16, {40}, 9}, {4, 1, 16, {600}, 2, 0, 6}, {2, 1, 6, {9}, 20, 4}}) {
        Numbers numbers = randomNumbers(of, 2);
        const std::size_t bad = numbers.config.qWidth() + of.headDim; // row 1, head 1
        numbers.q[bad + 3] = kNaN;
        const std::vector<float> got = attendOn(numbers);
        for (std::size_t i = 0; i < got.size(); ++i)
            CHECK(std::isnan(got[i]) == (i >= bad && i < bad + of.headDim));
    }
}

TEST_CASE("the order of threads does not matter, and neither does what ran before")
{
    for (const Case& of : std::vector<Case>{
             {4, 2, 16, {40, 3}, 9}, {4, 1, 16, {600}, 2, 0, 6}, {2, 1, 6, {300}, 3, 200, 3}}) {
        const Numbers numbers = randomNumbers(of, 2);
        const std::vector<float> first = attendOn(numbers);
        const auto same = [&](const std::vector<float>& got) {
            return std::memcmp(got.data(), first.data(), got.size() * sizeof(float)) == 0;
        };
#ifndef BS_ON_A_CARD
        for (unsigned seed = 0; seed < 4; ++seed) {
            emulation::setOrder(seed == 0 ? emulation::Order::Reverse : emulation::Order::Shuffled,
                                seed);
            CHECK(same(attendOn(numbers)));
        }
        emulation::setOrder(emulation::Order::Forward);
#endif
        Device device(numbers);
        for (int i = 0; i < 3; ++i)
            CHECK(same(device.attend(numbers, mostCapacity(numbers))));
    }
}

TEST_CASE("a recorded graph goes on at other positions")
{
    const Case of{4, 2, 16, {700}, 1, 0, 8};
    const Numbers numbers = randomNumbers(of, 2);
    Device device(numbers);
    const Guarded<float> q(numbers.q);
    const Guarded<float> out(numbers.q.size());
    const auto attend = [&] {
        return attention(numbers.config, kLayer, device.sequences.at(), 1, 1, numbers.capacities[0],
                         q.at(), out.at(), device.scratch, device.stream);
    };
    const Graph graph = got(Graph::record(device.stream, attend));
    for (const std::uint32_t position : {0U, 3U, 127U, 128U, 700U}) {
        Numbers there = numbers;
        there.of.positions = {position};
        device.sequences.set({{device.caches[0].at(), numbers.capacities[0], position}});
        check(graph.launch(device.stream));
        check(device.stream.wait());
        const std::vector<float> got = out.get();
        const std::vector<float> want = attendOnCpu(there);
        for (std::size_t i = 0; i < got.size(); ++i) // as checkCase's, for 16 numbers and 741 keys
            CHECK(std::abs(got[i] - want[i]) <= 0x1p-10F + 741 * 0x1p-23F + 1024 * 0x1p-24F);
    }
}

TEST_CASE("parts: as many blocks as keep a card busy, none without a block of keys a warp")
{
    ModelConfig config;
    config.heads = 32;
    config.kvHeads = 8;
    config.headDim = 128;
    const Stream stream = got(Stream::create());
    const AttentionScratch scratch = got(AttentionScratch::create(config, 64, 132, stream));
    CHECK(scratch.parts(8, 8192) == 33);
    CHECK(scratch.parts(8, 1024) == 8);
    CHECK(scratch.parts(8, 128) == 1);
    CHECK(scratch.parts(8, 1) == 1);
    CHECK(scratch.parts(133, 100000) == 1);
    CHECK(scratch.parts(132, 100000) == 2);
    CHECK(scratch.parts(1, 1000000) == 128);
    CHECK(scratch.bytes() < 6U << 20);
}

TEST_CASE("heads of a size that cards do not take are refused by name")
{
    const Stream stream = got(Stream::create());
    ModelConfig config;
    config.heads = 1;
    config.kvHeads = 1;
    config.headDim = 258;
    const auto refused = AttentionScratch::create(config, 1, 1, stream);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::Unsupported);
    CHECK(refused.error().message.find("258") != std::string::npos);
}
