// What prompts take: x as f16 of one scale, matrices decoded to f16, rows of embeddings.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/codecs/nested/decoder.h"
#include "core/codecs/nested/tables.h"
#include "core/tensor/float16.h"
#include "gpu/codecs/nested_matrix.h"
#include "gpu/device/gemm.h"
#include "gpu/ops/scaled_halves.h"
#ifndef BS_ON_A_CARD
#include "gpu/emulation/block.h"
#endif
#include "tests/support/got.h"
#include "tests/support/random_nested.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

using namespace bs;
using namespace bs::gpu;
using bs::test::got;
using test::RandomNested;

namespace {

template <class T>
Buffer onDevice(const std::vector<T>& values, const Stream& stream)
{
    Buffer buffer = got(Buffer::create(values.size() * sizeof(T), stream));
    REQUIRE(copyToDevice(buffer.as<void>(), values.data(), buffer.bytes(), stream));
    REQUIRE(stream.wait()); // other streams may use it
    return buffer;
}

template <class T>
std::vector<T> onHost(const void* from, std::size_t count, const Stream& stream)
{
    std::vector<T> values(count);
    REQUIRE(copyToHost(values.data(), from, count * sizeof(T), stream));
    REQUIRE(stream.wait());
    return values;
}

struct Halved
{
    std::vector<float> values; ///< times the scale
    float largest = 0;         ///< of the halves
};

Halved halved(const HalvesColumns& columns, const std::vector<float>& x, std::size_t n, float extra)
{
    const Stream stream = got(Stream::create());
    const Buffer from = onDevice(x, stream);
    const HalvesRoom room = got(HalvesRoom::create(n * columns.paddedCols, stream));
    REQUIRE(scaledHalves(columns, from.as<float>(), n, extra, room, stream));
    const auto scale = onHost<float>(room.scale(), 2, stream);
    CHECK(scale[1] == 0.0F);
    Halved result;
    for (const std::uint16_t half :
         onHost<std::uint16_t>(room.halves(), n * columns.paddedCols, stream)) {
        const float value = halfToFloat(half);
        if (std::isfinite(value)) result.largest = std::max(result.largest, std::abs(value));
        result.values.push_back(value * scale[0]);
    }
    return result;
}

/// A nested matrix on the device, and its planes.
struct OnDevice
{
    Stream stream = got(Stream::create());
    Buffer planes;
    NestedMatrix matrix;

    OnDevice(const RandomNested& random, std::size_t parts)
    {
        planes = onDevice(random.memory, stream);
        REQUIRE(placePlanes(planes.as<void>(), planes.bytes() / nested::kPlaneBytes, stream));
        matrix = got(NestedMatrix::create(random.matrix, planes.as<void>(), parts, stream));
    }
};

std::vector<float> decodedOnHost(const RandomNested& random)
{
    std::vector<float> W(random.matrix.shape.rows * random.matrix.shape.cols);
    nested::decodeReference(random.matrix, W.data());
    return W;
}

/// What a weight may be off by: the processor's levels are whole numbers of 2048ths of the first
/// plane's; f16 keeps 11 bits of the weight, and of what each plane or single weight is added to.
float toleranceOf(const RandomNested& random, std::size_t row, std::size_t col, float value)
{
    const nested::Matrix& m = random.matrix;
    const std::size_t place = static_cast<std::size_t>(
        std::find(m.colOrder.begin(), m.colOrder.end(), col) - m.colOrder.begin());
    const nested::Tile& tile =
        random.tile(m.rowPlace[row] / nested::kTileRows, place / nested::kTileCols);
    float gains = 0; // with 1.6 of each a sum can be as large
    for (unsigned p = 0; p < tile.planes; ++p)
        gains += nested::gainOf(tile.gains[p]);
    const float units = static_cast<float>(tile.planes) * 0x1p-11F *
                        ((tile.planes > 0 ? nested::gainOf(tile.gains[0]) : 0.0F) + 1.6F * gains);
    float singles = 0;
    for (const nested::Outlier& outlier : m.outliers)
        if (outlier.row == m.rowPlace[row] && outlier.col == place)
            singles += 0x1p-11F * std::abs(outlier.value);
    return (units + singles) * m.rowScale[row] * m.colScale[place] + std::abs(value) * 0x1p-10F +
           1e-7F;
}

} // namespace

TEST_CASE("x of any size keeps eleven bits, in the order and times the factors that are asked for")
{
    const Stream stream = got(Stream::create());
    const std::vector<std::uint32_t> order{3, 0, 4, 1, 2};
    const std::vector<float> factors{1, 2, 0.5F, -1, 3};
    const Buffer orderOnDevice = onDevice(order, stream);
    const Buffer factorsOnDevice = onDevice(factors, stream);
    const HalvesColumns columns{5, 8, orderOnDevice.as<std::uint32_t>(),
                                factorsOnDevice.as<float>()};
    for (const float size : {1.0F, 1e-30F, 1e30F, 7e4F, 1e-33F}) {
        CAPTURE(size);
        std::vector<float> x{0.1F, -1.0F, 0.37F, 0.0F, 0.9F, 0.11F, 0.2F, -0.3F, 0.7F, 0.001F};
        for (float& value : x)
            value *= size;
        const Halved result = halved(columns, x, 2, 0.25F);
        CHECK(result.largest >= 0x1p13F);
        CHECK(result.largest < 0x1p16F);
        for (std::size_t t = 0; t < 2; ++t)
            for (std::size_t i = 0; i < 8; ++i) {
                const float right = i < 5 ? x[t * 5 + order[i]] * factors[i] * 0.25F : 0.0F;
                // what is a billionth of the largest may be lost
                CHECK(std::abs(result.values[t * 8 + i] - right) <=
                      std::abs(right) * 0x1p-11F + size * 1e-9F);
            }
    }
    CHECK(halved({3, 3, nullptr, nullptr}, {0, 0, 0}, 1, 1).values == std::vector<float>{0, 0, 0});
}

TEST_CASE("a row that is not finite does not spoil the others")
{
    constexpr float kInf = std::numeric_limits<float>::infinity();
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const Halved result = halved({3, 3, nullptr, nullptr}, {1, kInf, 2, 3, 4, 5, nan, 1, 1}, 3, 1);
    CHECK(std::isinf(result.values[1]));
    CHECK(std::isnan(result.values[6]));
    CHECK(result.values[3] == 3);
    CHECK(result.values[5] == 5);
    CHECK(result.values[8] == 1);
}

TEST_CASE("decoded matrices are those of the processor, of all kinds of planes, shapes and parts")
{
    for (const nested::Shape shape : {nested::Shape{64, 32}, nested::Shape{1, 1},
                                      nested::Shape{130, 200}, nested::Shape{65, 33}})
        for (const std::size_t parts : {1, 3}) {
            if (parts > shape.tileCols()) continue;
            CAPTURE(shape.rows);
            CAPTURE(parts);
            RandomNested random(shape, 11 + static_cast<unsigned>(parts));
            random.mixTiles();
            random.addOutliers(shape.rows * shape.cols / 50);
            const OnDevice device(random, parts);
            const HalvesColumns columns = device.matrix.inputColumns();
            const Buffer room =
                got(Buffer::create(shape.rows * columns.paddedCols * sizeof(Half), device.stream));
            REQUIRE(device.matrix.decode(room.as<Half>(), device.stream));
            const auto W = onHost<std::uint16_t>(room.as<void>(), shape.rows * columns.paddedCols,
                                                 device.stream);
            const std::vector<float> right = decodedOnHost(random);
            for (std::size_t row = 0; row < shape.rows; ++row)
                for (std::size_t place = 0; place < shape.cols; ++place) {
                    const std::size_t col = random.matrix.colOrder[place];
                    const float value = halfToFloat(W[row * columns.paddedCols + place]) *
                                        device.matrix.decodedScale() *
                                        random.matrix.colScale[place];
                    const float wanted = right[row * shape.cols + col];
                    CHECK(std::abs(value - wanted) <= toleranceOf(random, row, col, wanted));
                }
        }
}

/// y [tokens, rows + 3] of x on the device: with the decoded matrix, or with tiles decoded on the
/// way.
std::vector<float> promptProduct(const RandomNested& random, const OnDevice& device,
                                 const std::vector<float>& x, std::size_t tokens, bool batch)
{
    const std::size_t rows = random.matrix.shape.rows;
    const std::size_t cols = random.matrix.shape.cols;
    const std::size_t stride = rows + 3;
    const HalvesColumns columns = device.matrix.inputColumns();
    const Buffer from = onDevice(x, device.stream);
    const HalvesRoom halves = got(HalvesRoom::create(tokens * columns.paddedCols, device.stream));
    const Buffer y = got(Buffer::create(tokens * stride * sizeof(float), device.stream));
    REQUIRE(fillBytes(y.as<void>(), 0xFF, y.bytes(), device.stream));
    REQUIRE(scaledHalves(columns, from.as<float>(), tokens, device.matrix.decodedScale(), halves,
                         device.stream));
    if (batch) {
        const NestedScratch scratch =
            got(NestedScratch::create(rows, cols, device.matrix.batchSums(), device.stream));
        for (int twice = 0; twice < 2; ++twice) // it leaves its scratch as it was
            REQUIRE(device.matrix.multiplyBatch(halves, tokens, y.as<float>(), stride, scratch,
                                                device.stream));
        return onHost<float>(y.as<void>(), tokens * stride, device.stream);
    }
    const Buffer W = got(Buffer::create(rows * columns.paddedCols * sizeof(Half), device.stream));
    REQUIRE(device.matrix.decode(W.as<Half>(), device.stream));
    const Gemm gemm = got(Gemm::create(device.stream));
    REQUIRE(gemm.multiply(W.as<Half>(), rows, columns.paddedCols, halves.halves(), tokens,
                          halves.scale(), y.as<float>(), stride));
    return onHost<float>(y.as<void>(), tokens * stride, device.stream);
}

TEST_CASE("products with the decoded matrix, or from tiles decoded on the way, are the processor's")
{
    struct Case
    {
        nested::Shape shape;
        std::size_t parts, tokens;
    };
    for (const Case& of : {Case{{100, 160}, 2, 9}, Case{{64, 32}, 1, 32}, Case{{130, 200}, 1, 17},
                           Case{{130, 200}, 3, 16}, Case{{1, 1}, 1, 1}, Case{{65, 330}, 2, 25}}) {
        const auto [rows, cols] = of.shape;
        CAPTURE(rows);
        CAPTURE(of.tokens);
        RandomNested random(of.shape, 5);
        random.mixTiles();
        random.addOutliers(rows * cols / 150);
        const OnDevice device(random, of.parts);
        const std::vector<float> x = random.randomX(of.tokens);
        const std::vector<float> decoded = decodedOnHost(random);
        for (const bool batch : {false, true}) {
            CAPTURE(batch);
            const auto result = promptProduct(random, device, x, of.tokens, batch);
            for (std::size_t t = 0; t < of.tokens; ++t) {
                const float* y = &result[t * (rows + 3)];
                for (std::size_t i = 0; i < rows; ++i) {
                    double right = 0;
                    double magnitude = 0;
                    for (std::size_t j = 0; j < cols; ++j) {
                        const double part =
                            static_cast<double>(decoded[i * cols + j]) * x[t * cols + j];
                        right += part;
                        magnitude += std::abs(part);
                    }
                    // both factors in 11 bits, and levels of 2048ths on the host
                    CHECK(std::abs(y[i] - right) <= magnitude * 3e-3 + 1e-4);
                }
                CHECK(std::isnan(y[rows])); // beside the matrix nothing is written
            }
        }
    }
}

TEST_CASE("an x that is not finite leaves other tokens alone, from tiles decoded on the way too")
{
    RandomNested random({70, 96}, 8);
    random.mixTiles();
    const OnDevice device(random, 2);
    std::vector<float> x = random.randomX(12);
    const auto wanted = promptProduct(random, device, x, 12, true);
    x[3 * 96 + 50] = std::numeric_limits<float>::infinity();
    const auto result = promptProduct(random, device, x, 12, true);
    for (std::size_t t = 0; t < 12; ++t)
        for (std::size_t i = 0; i < 70; ++i)
            if (t == 3)
                CHECK(!std::isfinite(result[t * 73 + i]));
            else
                CHECK(result[t * 73 + i] == doctest::Approx(wanted[t * 73 + i]).epsilon(0.01));
}

#ifndef BS_ON_A_CARD

TEST_CASE("the order of threads does not matter")
{
    RandomNested random({130, 330}, 9);
    random.mixTiles();
    random.addOutliers(300);
    const OnDevice device(random, 3);
    const std::vector<float> x = random.randomX(19);
    const auto wanted = promptProduct(random, device, x, 19, true);
    for (const unsigned seed : {0, 1, 2}) {
        emulation::setOrder(seed == 0 ? emulation::Order::Reverse : emulation::Order::Shuffled,
                            seed);
        const auto result = promptProduct(random, device, x, 19, true);
        CHECK(std::memcmp(result.data(), wanted.data(), wanted.size() * sizeof(float)) == 0);
    }
    emulation::setOrder(emulation::Order::Forward);
}

#endif

TEST_CASE("rows of an embedding that is cut into slabs")
{
    RandomNested first({64, 72}, 1);
    first.mixTiles();
    first.addOutliers(40);
    RandomNested second({50, 72}, 2);
    second.mixTiles();
    const OnDevice a(first, 2);
    const OnDevice b(second, 1);
    nested::Matrix none;
    none.shape = {10, 72};
    const NestedMatrix empty = got(NestedMatrix::create(none, nullptr, 1, a.stream));
    REQUIRE(b.stream.wait());
    const std::vector<NestedRowSource> sources{a.matrix.rowSource(0), b.matrix.rowSource(64),
                                               empty.rowSource(114)};
    const Buffer onCard = onDevice(sources, a.stream);
    const std::vector<std::int32_t> tokens{0, 63, 64, 113, 114, 123, 17};
    const Buffer ids = onDevice(tokens, a.stream);
    const Buffer out = got(Buffer::create(tokens.size() * 72 * sizeof(float), a.stream));
    REQUIRE(rowsOf(onCard.as<NestedRowSource>(), sources.size(), 72, ids.as<std::int32_t>(),
                   tokens.size(), out.as<float>(), a.stream));
    const auto rows = onHost<float>(out.as<void>(), tokens.size() * 72, a.stream);
    const std::vector<float> decodedFirst = decodedOnHost(first);
    const std::vector<float> decodedSecond = decodedOnHost(second);
    for (std::size_t t = 0; t < tokens.size(); ++t)
        for (std::size_t col = 0; col < 72; ++col) {
            const auto token = static_cast<std::size_t>(tokens[t]);
            const float value = rows[t * 72 + col];
            if (token >= 114) {
                CHECK(value == 0.0F);
                continue;
            }
            const bool inFirst = token < 64;
            const std::size_t row = inFirst ? token : token - 64;
            const float wanted = (inFirst ? decodedFirst : decodedSecond)[row * 72 + col];
            CHECK(std::abs(value - wanted) <=
                  toleranceOf(inFirst ? first : second, row, col, wanted));
        }
}
