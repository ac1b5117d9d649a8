#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/codecs/nested/decoder.h"
#include "core/codecs/nested/tables.h"
#include "gpu/codecs/nested_matrix.h"
#ifndef BS_ON_A_CARD
#include "gpu/emulation/block.h"
#endif
#include "tests/support/got.h"
#include "tests/support/random_nested.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>

using namespace bs;
using namespace bs::gpu;
using bs::test::check;
using bs::test::got;
using test::RandomNested;

namespace {

/// A matrix with its planes on the device.
struct OnDevice
{
    Stream stream = got(Stream::create());
    Buffer planes;
    NestedMatrix matrix;
    NestedScratch scratch;

    OnDevice(const RandomNested& random, std::size_t parts)
        : scratch(got(
              NestedScratch::create(random.matrix.shape.rows, random.matrix.shape.cols, 0, stream)))
    {
        const std::size_t bytes = random.memory.size() * sizeof(std::uint64_t);
        if (bytes > 0) {
            planes = got(Buffer::create(bytes, stream));
            check(copyToDevice(planes.as<void>(), random.memory.data(), bytes, stream));
            check(placePlanes(planes.as<void>(), bytes / nested::kPlaneBytes, stream));
        }
        matrix = got(NestedMatrix::create(random.matrix, planes.as<void>(), parts, stream));
    }

    std::vector<float> multiply(const std::vector<float>& x, std::size_t tokens,
                                std::size_t yStride)
    {
        const Buffer in = got(Buffer::create(x.size() * sizeof(float), stream));
        check(copyToDevice(in.as<void>(), x.data(), x.size() * sizeof(float), stream));
        std::vector<float> y(tokens * yStride);
        const Buffer out = got(Buffer::create(y.size() * sizeof(float), stream));
        check(fillBytes(out.as<void>(), 0xFF, out.bytes(),
                        stream)); // NaN: everything must be written
        check(matrix.multiply(in.as<float>(), tokens, out.as<float>(), yStride, scratch, stream));
        check(copyToHost(y.data(), out.as<void>(), out.bytes(), stream));
        check(stream.wait());
        return y;
    }
};

/// What y of a row may be off by: x times gains has steps of a 65532nd of the largest of them in
/// the row of tiles, levels on the host are whole numbers of 2048ths of the first plane's, and sums
/// are in f32.
double toleranceOf(const RandomNested& random, const float* x, std::size_t row)
{
    const nested::Matrix& m = random.matrix;
    const std::size_t tileRow = row / nested::kTileRows;
    double mostX = 0;
    double mostGain = 0;
    double planes = 0;
    double off = 0;
    for (std::size_t c = 0; c < m.shape.tileCols(); ++c) {
        double all = 0;
        for (std::size_t j = c * nested::kTileCols;
             j < std::min(m.shape.cols, (c + 1) * nested::kTileCols); ++j) {
            const double value = std::abs(static_cast<double>(x[m.colOrder[j]]) * m.colScale[j]);
            all += value;
            mostX = std::max(mostX, value);
        }
        const nested::Tile& tile = random.tile(tileRow, c);
        for (unsigned p = 0; p < tile.planes; ++p) {
            const double gain = static_cast<double>(nested::gainOf(tile.gains[p]));
            mostGain = std::max(mostGain, gain);
            planes += 1;
            off += 1.6 * gain * all * 1e-6;
            off += 2 * 0.5 / 2048 * static_cast<double>(nested::gainOf(tile.gains[0])) *
                   all; // own and product: half a unit each
        }
    }
    return off + planes * 1.6 * nested::kTileCols * mostX * mostGain / 65532 + 1e-5;
}

void checkProduct(const RandomNested& random, const std::vector<float>& x, std::size_t tokens,
                  const std::vector<float>& y, std::size_t yStride)
{
    const nested::Matrix& m = random.matrix;
    for (std::size_t token = 0; token < tokens; ++token) {
        const float* of = x.data() + token * m.shape.cols;
        std::vector<float> right(m.shape.rows);
        nested::multiplyReference(m, of, right.data());
        for (std::size_t i = 0; i < m.shape.rows; ++i) {
            const double tolerance =
                m.empty() ? 0 : toleranceOf(random, of, m.rowPlace[i]) * m.rowScale[i];
            const double error = std::abs(static_cast<double>(right[i]) - y[token * yStride + i]);
            INFO("token " << token << ", row " << i << ": " << y[token * yStride + i] << " for "
                          << right[i]);
            CHECK(error <= tolerance);
        }
        for (std::size_t i = m.shape.rows; i < yStride; ++i) // what is not a row's stays as it was
            CHECK(std::isnan(y[token * yStride + i]));
    }
}

} // namespace

TEST_CASE("products of planes of every kind agree with the plain decoder, for all numbers of "
          "tokens and parts")
{
    RandomNested random({130, 200}, 1);
    random.mixTiles();
    random.addOutliers(200);
    for (const std::size_t parts : {1, 2, 3}) {
        OnDevice device(random, parts);
        for (const std::size_t tokens : {1, 2, 3, 4, 7}) {
            CAPTURE(parts);
            CAPTURE(tokens);
            const std::vector<float> x = random.randomX(tokens);
            checkProduct(random, x, tokens, device.multiply(x, tokens, 130), 130);
        }
    }
}

TEST_CASE("every depth, shapes that fill no tile, and a y that is wider than the matrix")
{
    for (const nested::Shape shape :
         {nested::Shape{1, 1}, nested::Shape{63, 31}, nested::Shape{64, 32}, nested::Shape{65, 33},
          nested::Shape{70, 600}})
        for (unsigned planes = 0; planes <= nested::kMostPlanes; planes += planes < 4 ? 1 : 5) {
            CAPTURE(shape.rows);
            CAPTURE(planes);
            RandomNested random(shape, planes);
            random.setAll(planes, planes % 2);
            OnDevice device(random, nestedParts(shape, 2));
            const std::vector<float> x = random.randomX(1);
            checkProduct(random, x, 1, device.multiply(x, 1, shape.rows + 5), shape.rows + 5);
        }
}

TEST_CASE("matrices so wide that x does not fit a block's shared memory are cut, or take one token "
          "a time")
{
    CHECK(nestedParts({64 * 900, 32 * 500}, 132) == 1);
    CHECK(nestedParts({64 * 900, 32 * 700}, 132) == 2);
    RandomNested random({64, 32 * 500}, 4); // one token fits, two do not
    random.setAll(1, 0);
    OnDevice device(random, 1);
    const std::vector<float> x = random.randomX(2);
    checkProduct(random, x, 2, device.multiply(x, 2, 64), 64);
}

TEST_CASE("a matrix without blocks gives zeros")
{
    RandomNested random({10, 40}, 3);
    nested::Matrix empty;
    empty.shape = random.matrix.shape;
    random.matrix = empty;
    OnDevice device(random, 1);
    for (const float value : device.multiply(random.randomX(2), 2, 10))
        CHECK(value == 0.0F);
}

TEST_CASE("one column far above the others, very small numbers and zeros")
{
    RandomNested random({64, 96}, 5);
    random.setAll(3, 1);
    OnDevice device(random, 1);
    std::vector<float> x = random.randomX(3);
    x[40] = 3e4F;
    for (std::size_t j = 0; j < 96; ++j) {
        x[96 + j] *= 1e-30F;
        x[192 + j] = 0;
    }
    checkProduct(random, x, 3, device.multiply(x, 3, 64), 64);
}

TEST_CASE("an x that is not finite gives nothing finite, and leaves other tokens alone")
{
    RandomNested random({64, 96}, 6);
    random.setAll(2, 1);
    OnDevice device(random, 2);
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        std::vector<float> x = random.randomX(2);
        x[17] = bad;
        const std::vector<float> y = device.multiply(x, 2, 64);
        for (std::size_t i = 0; i < 64; ++i) {
            CHECK_FALSE(std::isfinite(y[i]));
            CHECK(std::isfinite(y[64 + i]));
        }
    }
}

#ifndef BS_ON_A_CARD
TEST_CASE("the order of threads does not matter")
{
    RandomNested random({100, 160}, 9);
    random.mixTiles();
    random.addOutliers(50);
    const std::vector<float> x = random.randomX(3);
    emulation::setOrder(emulation::Order::Forward);
    const std::vector<float> forward = OnDevice(random, 2).multiply(x, 3, 100);
    for (unsigned seed = 0; seed < 9; ++seed) {
        emulation::setOrder(seed == 0 ? emulation::Order::Reverse : emulation::Order::Shuffled,
                            seed);
        const std::vector<float> y = OnDevice(random, 2).multiply(x, 3, 100);
        CHECK(std::memcmp(y.data(), forward.data(), y.size() * sizeof(float)) == 0);
    }
    emulation::setOrder(emulation::Order::Forward);
}
#endif

TEST_CASE("two products in a row do not disturb each other, and give the same to the bit")
{
    RandomNested random({200, 300}, 8);
    random.setAll(3, 1);
    random.addOutliers(100);
    OnDevice device(random, 2);
    const std::vector<float> x = random.randomX(1);
    const std::vector<float> first = device.multiply(x, 1, 200);
    const std::vector<float> again = device.multiply(x, 1, 200);
    CHECK(std::memcmp(first.data(), again.data(), first.size() * sizeof(float)) == 0);
}
