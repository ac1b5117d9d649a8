// Matrices that are kept on a device, against plain loops.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "gpu/compress/compress_device.h"
#ifndef BS_ON_A_CARD
#include "gpu/emulation/device_memory.h"
#endif
#include "tests/core/linalg/random_values.h"
#include "tests/support/got.h"
#include "tests/support/loop_device.h"

#include <doctest/doctest.h>

#include <array>
#include <thread>

namespace {

using namespace bs;
using bs::test::check;
using bs::test::got;
using Floats = std::vector<float>;

/// Sums of up to a thousand products of normal numbers in f32: their roundings over the largest
/// sum.
constexpr double kTolerance = 1e-5;

/// The same matrix on the device and as plain loops.
struct Pair
{
    std::size_t rows, cols;
    Floats values;
    std::unique_ptr<CompressDevice> device = got(gpu::openCompressDevice(0));
    test::LoopDevice loops;
    std::unique_ptr<HeldMatrix> held, wanted;

    Pair(std::size_t matrixRows, std::size_t matrixCols)
        : rows(matrixRows)
        , cols(matrixCols)
        , values(randomValues(rows * cols, rows + cols))
        , held(got(device->hold(values.data(), rows, cols)))
        , wanted(got(loops.hold(values.data(), rows, cols)))
    {
    }

    void checkProducts(std::size_t n) const
    {
        CAPTURE(n);
        const Floats x = randomValues(n * cols, n);
        Floats y(n * rows), yWanted(n * rows);
        check(held->multiply(x.data(), n, y.data()));
        check(wanted->multiply(x.data(), n, yWanted.data()));
        CHECK(test::relativeDifference(y, yWanted) < kTolerance);
        for (const Into into : {Into::Replace, Into::Add}) {
            Floats back = randomValues(n * cols, 7);
            Floats backWanted = back;
            check(held->multiplyTransposed(y.data(), n, back.data(), into));
            check(wanted->multiplyTransposed(y.data(), n, backWanted.data(), into));
            CHECK(test::relativeDifference(back, backWanted) < kTolerance);
        }
    }
};

} // namespace

TEST_CASE("products of all shapes, more rows and fewer one after another")
{
    for (const auto& [rows, cols] : std::array<std::array<std::size_t, 2>, 7>{
             {{1, 1}, {1, 17}, {17, 1}, {31, 33}, {64, 128}, {130, 67}, {257, 300}}}) {
        CAPTURE(rows);
        const Pair pair(rows, cols);
        for (const std::size_t n : {1, 9, 3, 40, 2})
            pair.checkProducts(n);
        Floats read(rows * cols);
        check(pair.held->read(read.data()));
        CHECK(read == pair.values);
    }
}

TEST_CASE("sums of squares begin with nothing and grow from batch to batch")
{
    for (const std::size_t cols : {1, 7, 65, 200}) {
        CAPTURE(cols);
        const auto device = got(gpu::openCompressDevice(0));
        test::LoopDevice loops;
        const auto sums = got(device->hold(nullptr, cols, cols));
        const auto wanted = got(loops.hold(nullptr, cols, cols));
        Floats read(cols * cols, 1.0F);
        check(sums->read(read.data()));
        CHECK(read == Floats(cols * cols, 0.0F));
        for (const std::size_t n : {5, 1, 33, 16}) {
            Floats x = randomValues(n * cols, n + cols);
            check(wanted->addGram(x.data(), n));
            check(sums->addGram(x.data(), n));
            x.assign(x.size(), 1e9F); // x may go at once
        }
        Floats readWanted(cols * cols);
        check(wanted->read(readWanted.data()));
        check(sums->read(read.data()));
        CHECK(test::relativeDifference(read, readWanted) < kTolerance);
    }
}

TEST_CASE("different matrices are used at once")
{
    const Pair one(120, 80);
    const Pair two(90, 150);
    const auto run = [](const Pair& pair, Floats& y, bool& done) {
        const Floats x = randomValues(20 * pair.cols, 3);
        y.resize(20 * pair.rows);
        done = true;
        for (int i = 0; i < 20; ++i)
            done = done && static_cast<bool>(pair.held->multiply(x.data(), 20, y.data()));
    };
    std::array<Floats, 2> y;
    std::array<bool, 2> done{};
    std::thread other([&] { run(two, y[1], done[1]); });
    run(one, y[0], done[0]);
    other.join();
    CHECK((done[0] && done[1]));
    for (const std::size_t i : {0, 1}) {
        const Pair& pair = i == 0 ? one : two;
        const Floats x = randomValues(20 * pair.cols, 3);
        Floats wanted(20 * pair.rows);
        check(pair.wanted->multiply(x.data(), 20, wanted.data()));
        CHECK(test::relativeDifference(y[i], wanted) < kTolerance);
    }
}

TEST_CASE("there is no such card")
{
    const auto opened = gpu::openCompressDevice(99);
    REQUIRE(!opened);
    CHECK(opened.error().code == ErrorCode::Usage);
}

#ifndef BS_ON_A_CARD

TEST_CASE("a card that is full: what is held stays, and bytes wanted and free are named")
{
    constexpr std::size_t kSize = 64;
    const std::uint64_t before = gpu::emulation::usedDeviceMemory();
    {
        const Pair pair(kSize, kSize);
        CHECK(gpu::emulation::usedDeviceMemory() == before + kSize * kSize * sizeof(float));
        gpu::emulation::setDeviceMemory(gpu::emulation::usedDeviceMemory() + 3 * kSize * 4);
        const auto checkFull = [](const Error& error, std::uint64_t wanted) {
            CAPTURE(error.message);
            CHECK(error.code == ErrorCode::Memory);
            CHECK(error.message.find(std::to_string(wanted) + " bytes") != std::string::npos);
            CHECK(error.message.find("are free") != std::string::npos);
        };
        checkFull(pair.device->hold(pair.values.data(), kSize, kSize).error(), kSize * kSize * 4);
        const Floats x = randomValues(4 * kSize, 1);
        Floats y(4 * kSize);
        checkFull(pair.held->multiply(x.data(), 4, y.data()).error(), 4 * kSize * 4); // x
        checkFull(pair.held->multiply(x.data(), 2, y.data()).error(), 2 * kSize * 4); // y
        checkFull(pair.held->multiplyTransposed(x.data(), 4, y.data(), Into::Add).error(),
                  4 * kSize * 4);
        checkFull(pair.held->addGram(x.data(), 4).error(), 4 * kSize * 4);
        pair.checkProducts(1);
        gpu::emulation::setDeviceMemory(std::uint64_t{1} << 40);
        pair.checkProducts(4);
    }
    CHECK(gpu::emulation::usedDeviceMemory() == before);
}

#endif
