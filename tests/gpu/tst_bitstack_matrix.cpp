#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/codecs/bitstack/product.h"
#include "core/tensor/float16.h"
#include "gpu/codecs/bitstack_matrix.h"
#ifndef BS_ON_A_CARD
#include "gpu/emulation/block.h"
#endif

#include "tests/support/got.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

using namespace bs;
using namespace bs::gpu;
using bitstack::Shape;
using bs::test::check;
using bs::test::got;

namespace {

/// Blocks whose factors shrink from one to the next, as a residual's do.
struct RandomBlocks
{
    Shape shape;
    std::vector<bitstack::Block> blocks;
    std::mt19937 random;

    RandomBlocks(const Shape& of, std::size_t depth, unsigned seed)
        : shape(of)
        , random(seed)
    {
        for (std::size_t i = 0; i < depth; ++i) {
            const float size = std::pow(0.6F, static_cast<float>(i));
            bitstack::Block block;
            block.sign.resize(shape.signBytes());
            for (std::uint8_t& byte : block.sign)
                byte = static_cast<std::uint8_t>(random());
            block.u = factors(shape.rows * shape.k, 0.3F * size);
            block.vt = factors(shape.cols * shape.k, 0.1F * size);
            blocks.push_back(std::move(block));
        }
    }

    std::vector<std::uint16_t> factors(std::size_t count, float size)
    {
        std::normal_distribution<float> normal(0, size);
        std::vector<std::uint16_t> values(count);
        for (std::uint16_t& value : values)
            value = floatToHalf(normal(random));
        return values;
    }
    std::vector<float> randomX(std::size_t tokens)
    {
        std::normal_distribution<float> normal;
        std::vector<float> x(tokens * shape.cols);
        for (float& value : x)
            value = normal(random);
        return x;
    }
    std::vector<bitstack::BlockView> views() const
    {
        std::vector<bitstack::BlockView> of;
        for (const bitstack::Block& block : blocks)
            of.push_back(block.view());
        return of;
    }
};

/// Blocks on the device, each part in memory of its own, so that nothing readable is behind it.
struct OnDevice
{
    Stream stream = got(Stream::create());
    std::vector<Buffer> parts;
    BitstackMatrix matrix;
    BitstackScratch scratch;

    OnDevice(const RandomBlocks& random, std::size_t multiprocessors)
        : scratch(got(BitstackScratch::create(random.shape.rows, random.shape.cols, stream)))
    {
        std::vector<bitstack::BlockView> views;
        for (const bitstack::Block& block : random.blocks)
            views.push_back({put(block.sign), put(block.u), put(block.vt)});
        matrix = got(BitstackMatrix::create(random.shape, views, multiprocessors, stream));
    }

    template <class T>
    const T* put(const std::vector<T>& values)
    {
        parts.push_back(got(Buffer::create(values.size() * sizeof(T), stream)));
        check(copyToDevice(parts.back().as<void>(), values.data(), parts.back().bytes(), stream));
        return parts.back().as<T>();
    }

    std::vector<float> multiply(const std::vector<float>& x, std::size_t tokens,
                                std::size_t yStride)
    {
        const Buffer in = got(Buffer::create(x.size() * sizeof(float), stream));
        check(copyToDevice(in.as<void>(), x.data(), in.bytes(), stream));
        // the last row of y ends with the matrix's rows
        std::vector<float> y((tokens - 1) * yStride + matrix.shape().rows);
        const Buffer out = got(Buffer::create(y.size() * sizeof(float), stream));
        check(fillBytes(out.as<void>(), 0xFF, out.bytes(),
                        stream)); // NaN: everything must be written
        check(matrix.multiply(in.as<float>(), tokens, out.as<float>(), yStride, scratch, stream));
        check(copyToHost(y.data(), out.as<void>(), out.bytes(), stream));
        check(stream.wait());
        return y;
    }

    std::vector<float> decodeRows(std::size_t first, std::size_t last)
    {
        std::vector<std::uint16_t> halves((last - first) * matrix.shape().cols);
        const Buffer out = got(Buffer::create(halves.size() * 2, stream));
        check(fillBytes(out.as<void>(), 0xFF, out.bytes(), stream));
        check(matrix.decodeRows(first, last, out.as<Half>(), stream));
        check(copyToHost(halves.data(), out.as<void>(), out.bytes(), stream));
        check(stream.wait());
        std::vector<float> W(halves.size());
        std::transform(halves.begin(), halves.end(), W.begin(), halfToFloat);
        return W;
    }
};

double absHalf(std::uint16_t bits)
{
    return std::abs(static_cast<double>(halfToFloat(bits)));
}

double mostOf(const std::vector<std::uint16_t>& halves)
{
    double most = 0;
    for (const std::uint16_t bits : halves)
        most = std::max(most, absHalf(bits));
    return most;
}

/// What a row of blocks is made of, for bounds: sums of magnitudes.
struct Magnitudes
{
    std::vector<double> weights; ///< [rows, cols] sum over blocks and ranks of |u v|
    std::vector<double> factors; ///< [rows] the same of |u|
    double mostVt = 0;
    double mostWeight = 0; ///< no weight can be larger: rank times largest u times largest vt

    explicit Magnitudes(const RandomBlocks& random)
        : weights(random.shape.rows * random.shape.cols)
        , factors(random.shape.rows)
    {
        const Shape& shape = random.shape;
        for (const bitstack::Block& block : random.blocks) {
            mostVt = std::max(mostVt, mostOf(block.vt));
            mostWeight += static_cast<double>(shape.k) * mostOf(block.u) * mostOf(block.vt);
            for (std::size_t i = 0; i < shape.rows; ++i)
                for (std::size_t r = 0; r < shape.k; ++r) {
                    const double u = absHalf(block.u[i * shape.k + r]);
                    factors[i] += u;
                    for (std::size_t j = 0; j < shape.cols; ++j)
                        weights[i * shape.cols + j] += u * absHalf(block.vt[r * shape.cols + j]);
                }
        }
    }

    /// What sums in f32 may be off by, as a share of the sum of magnitudes: of the reference and of
    /// ours, whose matrix units cut off instead of rounding.
    static double sumsOff(const RandomBlocks& random)
    {
        return 0x1p-22 *
               static_cast<double>(random.blocks.size() * random.shape.cols + random.shape.k + 8);
    }

    /// What y of a row may be off by.
    /// One token: P is rounded to f16, by 2^-11 of itself, or, if it is that small, by 2^-25 where
    /// the largest vt times the largest x (2^-87 at least) stands at 2^12 or above.
    /// More: weights and x are rounded by 2^-11 of themselves, or by 2^-25 where the largest stand
    /// at 2^13.
    double offOf(const RandomBlocks& random, const float* x, std::size_t row, bool one) const
    {
        const std::size_t cols = random.shape.cols;
        double all = 0;
        double allX = 0;
        double allWeights = 0;
        double mostX = 0x1p-87;
        for (std::size_t j = 0; j < cols; ++j) {
            const double own = std::abs(static_cast<double>(x[j]));
            all += weights[row * cols + j] * own;
            allX += own;
            allWeights += weights[row * cols + j];
            mostX = std::max(mostX, own);
        }
        if (one)
            return (0x1p-11 + sumsOff(random)) * all +
                   0x1p-37 * factors[row] * static_cast<double>(cols) * mostVt * mostX + 1e-44;
        return (0x1.01p-10 + sumsOff(random)) * all + 0x1p-38 * mostWeight * allX +
               0x1p-38 * mostX * allWeights + 1e-44;
    }
};

void checkProduct(const RandomBlocks& random, const std::vector<float>& x, std::size_t tokens,
                  const std::vector<float>& y, std::size_t yStride)
{
    const Shape& shape = random.shape;
    const Magnitudes magnitudes(random);
    const std::vector<bitstack::BlockView> views = random.views();
    for (std::size_t token = 0; token < tokens; ++token) {
        const float* of = x.data() + token * shape.cols;
        std::vector<float> right(shape.rows);
        bitstack::multiplyReference(shape, views, of, right.data());
        const bool one = tokens % 32 == 1 && token + 1 == tokens; // tokens go 32 at a time
        for (std::size_t i = 0; i < shape.rows; ++i) {
            const double off = magnitudes.offOf(random, of, i, one);
            const double error = std::abs(static_cast<double>(right[i]) - y[token * yStride + i]);
            INFO("token " << token << ", row " << i << ": " << y[token * yStride + i] << " for "
                          << right[i] << ", may be off by " << off);
            CHECK(error <= off);
        }
        for (std::size_t i = token * yStride + shape.rows;
             i < std::min(y.size(), (token + 1) * yStride); ++i)
            CHECK(std::isnan(y[i])); // what is not a row's stays as it was
    }
}

/// W is rounded to f16: by 2^-11 of itself, or by 2^-25; and sums in f32.
void checkRows(const RandomBlocks& random, std::size_t first, std::size_t last,
               const std::vector<float>& W)
{
    const Shape& shape = random.shape;
    const Magnitudes magnitudes(random);
    const double sumsOff = 0x1p-22 * static_cast<double>(random.blocks.size() + shape.k + 2);
    std::vector<float> right(shape.rows * shape.cols);
    bitstack::decode(shape, random.views(), right.data());
    for (std::size_t i = first * shape.cols; i < last * shape.cols; ++i) {
        const double off = 0x1p-11 * std::abs(static_cast<double>(right[i])) + 0x1p-25 +
                           1.01 * sumsOff * magnitudes.weights[i];
        const double error = std::abs(static_cast<double>(right[i]) - W[i - first * shape.cols]);
        INFO("weight " << i / shape.cols << ", " << i % shape.cols << ": "
                       << W[i - first * shape.cols] << " for " << right[i]);
        CHECK(error <= off);
    }
}

} // namespace

TEST_CASE("products agree with the plain loop for all ranks and numbers of tokens, columns in one "
          "part or in many")
{
    for (const std::size_t k : {1, 5, 16, 33}) {
        RandomBlocks random({70, 584, k}, 2, static_cast<unsigned>(k));
        for (const std::size_t multiprocessors : {1, 132}) {
            OnDevice device(random, multiprocessors);
            for (const std::size_t tokens : {1, 2, 5, 8, 9, 20, 33}) {
                if (tokens == 5 && multiprocessors == 1) continue;
                CAPTURE(k);
                CAPTURE(multiprocessors);
                CAPTURE(tokens);
                const std::vector<float> x = random.randomX(tokens);
                checkProduct(random, x, tokens, device.multiply(x, tokens, 70), 70);
            }
        }
    }
}

TEST_CASE("every depth, shapes that fill no tile, and a y that is wider than the matrix")
{
    for (const Shape shape : {Shape{1, 8, 1}, Shape{15, 64, 8}, Shape{33, 72, 3},
                              Shape{129, 136, 16}, Shape{270, 192, 2}})
        for (std::size_t depth = 0; depth <= 4; ++depth) {
            CAPTURE(shape.rows);
            CAPTURE(depth);
            RandomBlocks random(shape, depth, static_cast<unsigned>(depth));
            OnDevice device(random, 2);
            for (const std::size_t tokens : {1, 3}) {
                const std::vector<float> x = random.randomX(tokens);
                checkProduct(random, x, tokens, device.multiply(x, tokens, shape.rows + 5),
                             shape.rows + 5);
            }
        }
}

TEST_CASE("more columns than a stage has, in one part, and more blocks than are held together")
{
    RandomBlocks wide({20, 2432, 9}, 1, 3);
    OnDevice device(wide, 1);
    for (const std::size_t tokens : {1, 2}) {
        const std::vector<float> x = wide.randomX(tokens);
        checkProduct(wide, x, tokens, device.multiply(x, tokens, 20), 20);
    }
    RandomBlocks deep({20, 136, 64}, 5, 4);
    OnDevice deepDevice(deep, 1);
    for (const std::size_t tokens : {1, 2}) {
        const std::vector<float> x = deep.randomX(tokens);
        checkProduct(deep, x, tokens, deepDevice.multiply(x, tokens, 20), 20);
    }
    checkRows(deep, 0, 20, deepDevice.decodeRows(0, 20));
}

TEST_CASE("tokens of very small and very large numbers, zeros, one column far above the others")
{
    RandomBlocks random({40, 264, 6}, 2, 5);
    OnDevice device(random, 132);
    for (const std::size_t tokens : {1, 5}) {
        std::vector<float> x = random.randomX(5);
        const float sizes[] = {1e-30F, 1e36F, 0.0F, 1e-42F, 1.0F};
        for (std::size_t token = 0; token < 5; ++token)
            for (std::size_t j = 0; j < 264; ++j)
                x[token * 264 + j] *= sizes[token];
        x[264 + 5] = 3.3e38F; // the highest power of two
        x[4 * 264 + 100] = 1e5F;
        if (tokens == 5) {
            checkProduct(random, x, 5, device.multiply(x, 5, 40), 40);
        } else {
            for (std::size_t token = 0; token < 5; ++token) {
                const std::vector<float> own(x.begin() + static_cast<std::ptrdiff_t>(token * 264),
                                             x.begin() +
                                                 static_cast<std::ptrdiff_t>((token + 1) * 264));
                CAPTURE(token);
                checkProduct(random, own, 1, device.multiply(own, 1, 40), 40);
            }
        }
    }
}

TEST_CASE("the largest and the smallest factors that f16 has")
{
    for (const std::uint16_t value : std::vector<std::uint16_t>{0x7BFF, 0x0001, 0x0000}) {
        CAPTURE(value);
        RandomBlocks random({20, 64, 3}, 2, 6);
        for (std::size_t i = 0; i < 20; ++i) // as many as others: sums cancel
            random.blocks[0].u[i * 3 + i % 3] = value;
        std::fill(random.blocks[0].vt.begin(), random.blocks[0].vt.end(), value);
        if (value == 0) std::fill(random.blocks[1].vt.begin(), random.blocks[1].vt.end(), value);
        OnDevice device(random, 2);
        for (const std::size_t tokens : {1, 2}) {
            std::vector<float> x = random.randomX(tokens);
            for (const float size : {1.0F, 1e25F, 0.0F}) {
                for (float& v : x)
                    v *= size;
                checkProduct(random, x, tokens, device.multiply(x, tokens, 20), 20);
            }
        }
    }
}

TEST_CASE("an x that is not finite gives nothing finite, and leaves other tokens alone")
{
    RandomBlocks random({40, 520, 5}, 2, 7);
    OnDevice device(random, 132);
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
          -std::numeric_limits<float>::infinity()}) {
        std::vector<float> x = random.randomX(9);
        x[2 * 520 + 17] = bad;
        x[8 * 520 + 519] = bad;
        std::vector<float> y = device.multiply(x, 9, 40);
        for (std::size_t token = 0; token < 9; ++token)
            for (std::size_t i = 0; i < 40; ++i)
                CHECK(std::isfinite(y[token * 40 + i]) == (token != 2 && token != 8));
        for (const std::size_t token : {2, 8})
            std::fill(x.begin() + static_cast<std::ptrdiff_t>(token * 520),
                      x.begin() + static_cast<std::ptrdiff_t>((token + 1) * 520), 0.0F);
        const std::vector<float> without = device.multiply(x, 9, 40);
        for (const std::size_t token : {2, 8})
            std::fill(y.begin() + static_cast<std::ptrdiff_t>(token * 40),
                      y.begin() + static_cast<std::ptrdiff_t>((token + 1) * 40), 0.0F);
        CHECK(y == without);
    }
}

TEST_CASE("a matrix without blocks gives zeros, whatever x is")
{
    RandomBlocks random({10, 40, 4}, 0, 8);
    OnDevice device(random, 1);
    CHECK(device.matrix.heldBytes() == 0);
    std::vector<float> x = random.randomX(2);
    x[3] = std::numeric_limits<float>::quiet_NaN();
    CHECK(device.multiply(x, 2, 10) == std::vector<float>(20, 0.0F));
    CHECK(device.decodeRows(3, 7) == std::vector<float>(160, 0.0F));
}

TEST_CASE("rows are decoded as by the plain decoder, wherever they begin and end")
{
    for (const std::size_t k : {1, 5, 16, 33})
        for (const std::size_t depth : {1, 4}) {
            CAPTURE(k);
            CAPTURE(depth);
            RandomBlocks random({150, 136, k}, depth, static_cast<unsigned>(10 + k));
            OnDevice device(random, 132);
            checkRows(random, 0, 150, device.decodeRows(0, 150));
            checkRows(random, 17, 18, device.decodeRows(17, 18));
        }
    RandomBlocks random({300, 192, 16}, 2, 11);
    OnDevice device(random, 1);
    checkRows(random, 3, 299, device.decodeRows(3, 299));
    check(device.matrix.decodeRows(7, 7, nullptr, device.stream));
}

TEST_CASE("what cannot be multiplied is refused")
{
    const Stream stream = got(Stream::create());
    for (const Shape& shape :
         {Shape{4, 12, 2}, Shape{4, 16, 0}, Shape{4, 16, 65}, Shape{0, 16, 2}, Shape{4, 0, 2}}) {
        const Result<BitstackMatrix> made = BitstackMatrix::create(shape, {}, 132, stream);
        REQUIRE_FALSE(made);
        CHECK(made.error().code == ErrorCode::Shape);
    }
    const Buffer memory = got(Buffer::create(1024, stream));
    const std::vector<bitstack::BlockView> views{
        {memory.as<std::uint8_t>(), memory.as<std::uint16_t>(), memory.as<std::uint16_t>() + 1}};
    const Result<BitstackMatrix> made = BitstackMatrix::create({4, 16, 2}, views, 132, stream);
    REQUIRE_FALSE(made);
    CHECK(made.error().code == ErrorCode::Usage);
    CHECK(made.error().message.find("block 0") != std::string::npos);
}

#ifndef BS_ON_A_CARD
TEST_CASE("the order of threads does not matter")
{
    RandomBlocks random({100, 520, 10}, 2, 12);
    const std::vector<float> x = random.randomX(9);
    emulation::setOrder(emulation::Order::Forward);
    OnDevice ordered(random, 132);
    const std::vector<float> forward = ordered.multiply(x, 9, 100);
    const std::vector<float> rows = ordered.decodeRows(0, 100);
    for (unsigned seed = 0; seed < 4; ++seed) {
        emulation::setOrder(seed == 0 ? emulation::Order::Reverse : emulation::Order::Shuffled,
                            seed);
        OnDevice device(random, 132);
        const std::vector<float> y = device.multiply(x, 9, 100);
        CHECK(std::memcmp(y.data(), forward.data(), y.size() * sizeof(float)) == 0);
        CHECK(device.decodeRows(0, 100) == rows);
    }
    emulation::setOrder(emulation::Order::Forward);
}
#endif

TEST_CASE("two products in a row do not disturb each other, and give the same to the bit")
{
    RandomBlocks random({300, 520, 16}, 2, 13);
    OnDevice device(random, 132);
    const std::vector<float> x = random.randomX(9);
    const std::vector<float> first = device.multiply(x, 9, 300);
    const std::vector<float> again = device.multiply(x, 9, 300);
    CHECK(std::memcmp(first.data(), again.data(), first.size() * sizeof(float)) == 0);
}
