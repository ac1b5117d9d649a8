// Codec nested's search on the device beside the processor's: rings to the bit, matrices as good.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/codecs/nested/decoder.h"
#include "core/codecs/nested/encoder.h"
#include "core/codecs/nested/feedback.h"
#include "core/linalg/cpu/ring_search.h"
#include "gpu/compress/compress_device.h"
#include "gpu/compress/nested_feedback.h"
#include "gpu/ops/nested_visit.h"
#ifndef BS_ON_A_CARD
#include "gpu/emulation/block.h"
#include "gpu/emulation/device_memory.h"
#endif
#include "tests/gpu/guarded_buffer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>
#include <random>
#include <stop_token>
#include <tuple>

using namespace bs;
using namespace bs::gpu;
using bs::gpu::test::Guarded;
using bs::test::check;
using bs::test::got;

namespace {

using Floats = std::vector<float>;

#ifdef BS_ON_A_CARD
constexpr double kAlike = 0.1; ///< products are rounded elsewhere: a sign may fall otherwise
#else
constexpr double kAlike = 0.02;
#endif

Floats normals(std::size_t count, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> spread;
    Floats values(count);
    for (float& value : values)
        value = spread(random);
    return values;
}

/// Neighbouring inputs go together, some are much stronger.
Floats momentsOf(std::size_t n)
{
    Floats moments(n * n);
    const auto strength = [](std::size_t j) { return std::exp2(static_cast<float>(j % 5) - 2); };
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j)
            moments[i * n + j] = strength(i) * strength(j) *
                                 std::pow(0.9F, static_cast<float>(i > j ? i - j : j - i));
    return moments;
}

Floats diagonalOf(const Floats& A, std::size_t n)
{
    Floats diagonal;
    for (std::size_t i = 0; i < n; ++i)
        diagonal.push_back(A[i * n + i]);
    return diagonal;
}

Floats rowWeights(std::size_t rows)
{
    Floats weights;
    for (std::size_t i = 0; i < rows; ++i)
        weights.push_back(std::exp2(static_cast<float>(i % 4) - 1));
    return weights;
}

struct Matrix
{
    std::size_t rows, cols;
    Floats W = normals(rows * cols, 3);
};

nested::Encoded encoded(const Matrix& m, nested::EncodeOptions options, nested::PassDevice* device)
{
    options.device = device;
    ThreadPool pool(1);
    const Floats weights = rowWeights(m.rows);
    return got(nested::encode(m.W, m.rows, m.cols, {momentsOf(m.cols), weights}, options, pool, {}));
}

nested::EncodeOptions falling(double first, int count)
{
    nested::EncodeOptions options;
    for (int i = 0; i < count; ++i)
        options.prices.push_back(first * std::pow(0.2, i));
    return options;
}

/// Loss of W minus what the first `count` blocks decode to.
double lossAfter(const Matrix& m, const nested::Encoded& coded, std::size_t count)
{
    std::vector<std::byte> bytes;
    for (std::size_t b = 0; b < count; ++b)
        bytes.insert(bytes.end(), coded.blocks[b].bytes.begin(), coded.blocks[b].bytes.end());
    std::vector<std::span<const std::byte>> blocks;
    std::size_t at = 0;
    for (std::size_t b = 0; b < count; at += coded.blocks[b++].bytes.size())
        blocks.emplace_back(bytes.data() + at, coded.blocks[b].bytes.size());
    const nested::Matrix read = got(nested::readBlocks({m.rows, m.cols}, blocks, bytes.data()));
    Floats E(m.rows * m.cols);
    nested::decode(read, E.data());
    for (std::size_t i = 0; i < E.size(); ++i)
        E[i] = m.W[i] - E[i];
    const Floats H = momentsOf(m.cols);
    const Floats weights = rowWeights(m.rows);
    double loss = 0;
    for (std::size_t r = 0; r < m.rows; ++r)
        for (std::size_t j = 0; j < m.cols; ++j) {
            double sum = 0;
            for (std::size_t k = 0; k < m.cols; ++k)
                sum += static_cast<double>(H[j * m.cols + k]) *
                       static_cast<double>(E[r * m.cols + k]);
            loss += 0.5 * static_cast<double>(weights[r]) * sum *
                    static_cast<double>(E[r * m.cols + j]);
        }
    return loss;
}

} // namespace

TEST_CASE("rings are searched as on the processor, to the bit")
{
    constexpr std::size_t kCount = 40;
    Floats rest = normals(kCount * kRingSteps, 1);
    Floats weight = normals(kCount * kRingSteps, 2);
    std::vector<RingLevels> levels;
    for (std::size_t r = 0; r < kCount; ++r)
        levels.push_back({0.5F, r % 7 == 0 ? 1e-20F : 0.8F, r % 2 == 0 ? 0.0F : 1.0F});
    for (std::size_t i = 0; i < weight.size(); ++i) {
        weight[i] = i % 9 == 0 || i / kRingSteps == 3 ? 0.0F : std::abs(weight[i]);
        if (i / kRingSteps == 5) rest[i] = 0; // ties
        if (i % 13 == 0) rest[i] *= 100;
    }
    std::vector<std::uint8_t> expected(kCount * kRingSteps);
    std::vector<RingSearch> rings;
    for (std::size_t r = 0; r < kCount; ++r)
        rings.push_back({&rest[r * kRingSteps], &weight[r * kRingSteps], levels[r].minor,
                         levels[r].major, levels[r].plain});
    scalarSearchRings(rings.data(), kCount, expected.data());

    const Stream stream = got(Stream::create());
    const Guarded<RingLevels> deviceLevels(levels);
    const Guarded<float> deviceRest(rest);
    const Guarded<float> deviceWeight(weight);
    const auto search = [&] {
        const Guarded<std::uint8_t> signs(kCount * kRingSteps);
        check(searchRings(deviceLevels.at(), deviceRest.at(), deviceWeight.at(), kCount, signs.at(),
                          stream));
        check(stream.wait());
        return signs.get();
    };
    const auto compare = [&] {
        const std::vector<std::uint8_t> signs = search();
        for (std::size_t r = 0; r < kCount; ++r)
            for (std::size_t i = 0; i < kRingSteps; ++i) {
                CAPTURE(r);
                CAPTURE(i);
                const auto sign = [&](std::size_t row) {
                    return (expected[r * kRingSteps + row % kRingSteps] & 1U) != 0;
                };
                const unsigned found = signs[r * kRingSteps + i];
                CHECK(((found & 1U) != 0) == sign(i));
                CHECK(((found & 2U) != 0) ==
                      ((sign(i + kRingSteps - 1) != sign(i)) != (sign(i + 2) != sign(i + 3))));
                if (levels[r].plain != 0)
                    CHECK((found >> 2) == static_cast<unsigned>(expected[r * kRingSteps + i] >> 1));
            }
    };
    compare();
#ifndef BS_ON_A_CARD
    emulation::setOrder(emulation::Order::Reverse);
    compare();
    emulation::setOrder(emulation::Order::Shuffled, 4);
    compare();
    emulation::setOrder(emulation::Order::Forward);
#endif
}

TEST_CASE("feedback is the processor's, at sizes beside whole blocks")
{
    for (const std::size_t n : {1, 2, 63, 64, 65, 130, 200}) {
        CAPTURE(n);
        const Floats moments = momentsOf(n);
        const nested::Feedback expected = got(nested::makeFeedback(moments, n, 0.5F, 0.5F));
        const Stream stream = got(Stream::create());
        const Gemm gemm = got(Gemm::create(stream));
        const Buffer onDevice = got(Buffer::create(moments.size() * sizeof(float), stream));
        check(copyToDevice(onDevice.as<void>(), moments.data(), onDevice.bytes(), stream));
        const DeviceFeedback found = got(
            makeDeviceFeedback(onDevice, diagonalOf(moments, n), 0.5F, 0.5F, gemm, stream, {}));
        Floats factor(n * n);
        check(copyToHost(factor.data(), found.factor.as<void>(), onDevice.bytes(), stream));
        check(stream.wait());
        for (std::size_t i = 0; i < factor.size(); ++i)
            CHECK(factor[i] == doctest::Approx(expected.factor[i]).epsilon(1e-4).scale(0.1));
        for (std::size_t j = 0; j < n; ++j)
            CHECK(found.own[j] == doctest::Approx(expected.own[j]).epsilon(1e-4));
    }
}

TEST_CASE("moments that are not positive definite are refused")
{
    constexpr std::size_t n = 70;
    Floats moments = momentsOf(n);
    moments[5 * n + 6] = moments[6 * n + 5] = 1000;
    const Stream stream = got(Stream::create());
    const Gemm gemm = got(Gemm::create(stream));
    const Buffer onDevice = got(Buffer::create(moments.size() * sizeof(float), stream));
    check(copyToDevice(onDevice.as<void>(), moments.data(), onDevice.bytes(), stream));
    const auto found =
        makeDeviceFeedback(onDevice, diagonalOf(moments, n), 0.5F, 0.5F, gemm, stream, {});
    REQUIRE(!found);
    CHECK(found.error().code == ErrorCode::Numeric);
    CHECK(found.error().message.find("70 x 70 is not positive definite (row 5)") !=
          std::string::npos);
}

TEST_CASE("a matrix is coded as well as on the processor")
{
    const auto device = got(openCompressDevice(0));
    // Behind the first 128 columns products go further than to the end of a span.
    for (const auto& [rows, cols, prices] : {std::tuple<std::size_t, std::size_t, int>{65, 33, 6},
                                             {3, 5, 8}, {66, 140, 2}}) {
        CAPTURE(rows);
        CAPTURE(cols);
        const Matrix m{rows, cols};
        const nested::EncodeOptions options = falling(1e-1, prices);
        const nested::Encoded there = encoded(m, options, device.get());
        const nested::Encoded here = encoded(m, options, nullptr);
        REQUIRE(there.blocks.size() == here.blocks.size());
        CHECK(there.loss == doctest::Approx(here.loss).epsilon(1e-6));
        for (std::size_t b = 0; b < here.blocks.size(); ++b) {
            CAPTURE(b);
            CHECK(there.blocks[b].price == here.blocks[b].price);
            CHECK(there.blocks[b].loss == doctest::Approx(here.blocks[b].loss).epsilon(kAlike));
            CHECK(static_cast<double>(there.blocks[b].bytes.size()) ==
                  doctest::Approx(static_cast<double>(here.blocks[b].bytes.size())).epsilon(kAlike));
            CHECK(lossAfter(m, there, b + 1) ==
                  doctest::Approx(lossAfter(m, here, b + 1)).epsilon(kAlike));
        }
    }
}

TEST_CASE("several matrices at once, in the order of their memory")
{
    const auto device = got(openCompressDevice(0));
    const nested::EncodeOptions options = falling(1e-1, 2);
    const Matrix m{70, 40};
    const nested::Encoded alone = encoded(m, options, device.get());
    std::vector<nested::Encoded> together(3);
    ThreadPool pool(3);
    pool.parallelFor(together.size(),
                     [&](std::size_t i) { together[i] = encoded(m, options, device.get()); });
    for (const nested::Encoded& one : together) {
        REQUIRE(one.blocks.size() == alone.blocks.size());
        for (std::size_t b = 0; b < one.blocks.size(); ++b)
            CHECK(one.blocks[b].bytes == alone.blocks[b].bytes);
    }
}

TEST_CASE("stopping ends it")
{
    const auto device = got(openCompressDevice(0));
    nested::EncodeOptions options = falling(1e-1, 2);
    options.device = device.get();
    const Matrix m{70, 40};
    const Floats weights = rowWeights(m.rows);
    std::stop_source stop;
    stop.request_stop();
    ThreadPool pool(1);
    const auto stopped = nested::encode(m.W, m.rows, m.cols, {momentsOf(m.cols), weights}, options,
                                        pool, {stop.get_token(), {}});
    REQUIRE(!stopped);
    CHECK(stopped.error().code == ErrorCode::Canceled);
}

#ifndef BS_ON_A_CARD
TEST_CASE("what a full card has no room for is the processor's, and what was taken comes back")
{
    const auto device = got(openCompressDevice(0));
    nested::EncodeOptions options = falling(1e-1, 2);
    options.device = device.get();
    const Matrix m{130, 70};
    const Floats weights = rowWeights(m.rows);
    const std::uint64_t before = emulation::usedDeviceMemory();
    ThreadPool pool(1);
    options.device = nullptr;
    const nested::Encoded here = encoded(m, options, nullptr);
    options.device = device.get();
    for (const std::uint64_t room : {1000, 30000, 60000, 100000}) {
        CAPTURE(room);
        emulation::setDeviceMemory(before + room);
        nested::Standard standard = nested::standardise(
            m.W, m.rows, m.cols, {momentsOf(m.cols), weights}, options);
        const auto full = device->startPasses(standard, options, {});
        REQUIRE(!full);
        CHECK(full.error().code == ErrorCode::Memory);
        CHECK(emulation::usedDeviceMemory() == before);
        const nested::Encoded there = encoded(m, options, device.get());
        REQUIRE(there.blocks.size() == here.blocks.size());
        for (std::size_t b = 0; b < here.blocks.size(); ++b)
            CHECK(there.blocks[b].bytes == here.blocks[b].bytes);
    }
    emulation::setDeviceMemory(std::uint64_t{1} << 40);
}

TEST_CASE("the order of threads changes nothing")
{
    const auto device = got(openCompressDevice(0));
    const nested::EncodeOptions options = falling(1e-1, 2);
    const Matrix m{70, 40};
    const nested::Encoded forward = encoded(m, options, device.get());
    for (const auto order : {emulation::Order::Reverse, emulation::Order::Shuffled}) {
        emulation::setOrder(order, 7);
        const nested::Encoded other = encoded(m, options, device.get());
        for (std::size_t b = 0; b < forward.blocks.size(); ++b)
            CHECK(other.blocks[b].bytes == forward.blocks[b].bytes);
    }
    emulation::setOrder(emulation::Order::Forward);
}
#endif
