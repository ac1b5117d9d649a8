#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/codecs/bitstack/encoder.h"
#include "core/codecs/bitstack/product.h"
#include "core/tensor/float16.h"
#include "tests/core/codecs/correlated_inputs.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

using namespace bs;
using namespace bs::bitstack;
using bs::test::weights;

namespace {

EncodeOptions options(std::size_t k, std::size_t blocks, Svd svd = Svd::Truncated)
{
    EncodeOptions o;
    o.k = k;
    o.blocks = blocks;
    o.svd = svd;
    return o;
}

/// || W - first `depth` blocks ||_F^2 from the stored factors.
double storedError(const std::vector<float>& W, const Shape& shape, const Encoded& encoded,
                   std::size_t depth)
{
    std::vector<BlockView> views;
    for (std::size_t b = 0; b < depth; ++b)
        views.push_back(encoded.blocks[b].view());
    std::vector<float> decoded(W.size());
    decode(shape, views, decoded.data());
    double error = 0;
    for (std::size_t i = 0; i < W.size(); ++i) {
        const double d = static_cast<double>(W[i]) - static_cast<double>(decoded[i]);
        error += d * d;
    }
    return error;
}

void checkRefused(const std::vector<float>& W, std::size_t rows, std::size_t cols, std::size_t k,
                  ErrorCode code, const std::string& words)
{
    const auto refused = encode(W, rows, cols, options(k, 1), {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == code);
    CAPTURE(refused.error().message);
    CHECK(refused.error().message.find(words) != std::string::npos);
}

} // namespace

TEST_CASE("every block lowers the error, and the stored blocks have the error that is reported")
{
    const auto W = weights(96, 160);
    const auto encoded = encode(W, 96, 160, options(16, 8), {});
    REQUIRE(encoded);
    const Encoded& e = encoded.value();
    REQUIRE(e.blocks.size() == 8);
    REQUIRE(e.residual.size() == 9);
    const Shape shape{96, 160, 16};
    for (std::size_t d = 0; d <= 8; ++d) {
        CAPTURE(d);
        if (d > 0) CHECK(e.residual[d] < 0.45 * e.residual[d - 1]);
        // Factors are rounded to f16, 2^-11 of each: that much of the weights' power is added.
        const double rounding = 4 * 0x1p-22 * e.residual[0];
        CHECK(storedError(W, shape, e, d) ==
              doctest::Approx(e.residual[d]).epsilon(0.01).scale(rounding * 100));
    }
    for (const Block& block : e.blocks) {
        CHECK(block.sign.size() == shape.signBytes());
        CHECK(block.u.size() * 2 == shape.uBytes());
        CHECK(block.vt.size() * 2 == shape.vtBytes());
    }
    CHECK(shape.blockBytes() == 96 * 160 / 8 + 96 * 16 * 2 + 16 * 160 * 2);
}

TEST_CASE("the truncated decomposition is within 0.1 % of the full one's error at every depth")
{
    // The error is || W - blocks ||_F. A sign that falls the other way changes what the next blocks
    // see, so single depths scatter by some 0.05 % either way.
    double fast = 0;
    double full = 0;
    for (const auto& [rows, cols] :
         {std::pair<std::size_t, std::size_t>{256, 576}, {320, 200}, {96, 96}}) {
        CAPTURE(rows);
        const auto W = weights(rows, cols);
        const auto a = encode(W, rows, cols, options(16, 8, Svd::Truncated), {});
        const auto b = encode(W, rows, cols, options(16, 8, Svd::Full), {});
        REQUIRE(a);
        REQUIRE(b);
        for (std::size_t d = 1; d <= 8; ++d) {
            CAPTURE(d);
            const double size = std::sqrt(a.value().residual[0]);
            const double one = std::sqrt(a.value().residual[d]) / size;
            const double two = std::sqrt(b.value().residual[d]) / size;
            CHECK(one <= (d <= 3 ? 1.001 : 1.003) * two);
            fast += one;
            full += two;
        }
    }
    CHECK(fast <= 1.001 * full);
}

TEST_CASE("signs: zero and minus zero are positive, the first column is the highest bit")
{
    std::vector<float> W = {-1, 1, 0, -0.0F, -2, 3, -4, -5, 1, -1, -1, -1, -1, -1, -1, 1};
    const auto encoded = encode(W, 2, 8, options(1, 1), {});
    REQUIRE(encoded);
    CHECK(encoded.value().blocks[0].sign == std::vector<std::uint8_t>{0b01110100, 0b10000001});
}

TEST_CASE("a matrix of zeros and a constant one")
{
    const std::vector<float> zeros(16 * 24, 0.0F);
    const auto nothing = encode(zeros, 16, 24, options(4, 3), {});
    REQUIRE(nothing);
    CHECK(nothing.value().residual == std::vector<double>(4, 0.0));
    CHECK(storedError(zeros, {16, 24, 4}, nothing.value(), 3) == 0.0);
    const std::vector<float> constant(16 * 24, -0.37F);
    const auto flat = encode(constant, 16, 24, options(4, 2), {});
    REQUIRE(flat);
    CHECK(flat.value().residual[1] < 1e-9 * flat.value().residual[0]);
    CHECK(storedError(constant, {16, 24, 4}, flat.value(), 2) < 1e-6 * flat.value().residual[0]);
}

TEST_CASE("one huge outlier is kept by the first block and does not spoil the others")
{
    for (const std::size_t size : {48, 264}) { // decomposed fully, and by projection
        CAPTURE(size);
        auto W = weights(size, size);
        W[20 * size + 33] = 1000;
        const auto encoded = encode(W, size, size, options(16, 6), {});
        REQUIRE(encoded);
        const auto& residual = encoded.value().residual;
        CHECK(residual[1] < 1e-3 * residual[0]);
        for (std::size_t d = 2; d < residual.size(); ++d)
            CHECK(residual[d] < 0.6 * residual[d - 1]);
    }
}

TEST_CASE("a matrix of low rank, and as many terms as it has rows")
{
    const std::size_t rows = 200;
    const std::size_t cols = 208;
    const auto left = randomValues(rows * 2, 1);
    const auto right = randomValues(2 * cols, 2);
    std::vector<float> W(rows * cols);
    for (std::size_t i = 0; i < W.size(); ++i)
        W[i] =
            left[i / cols * 2] * right[i % cols] + left[i / cols * 2 + 1] * right[cols + i % cols];
    for (const std::size_t k : {1, 16, 200}) {
        const auto encoded = encode(W, rows, cols, options(k, 3), {});
        REQUIRE(encoded);
        for (std::size_t d = 1; d <= 3; ++d)
            CHECK(encoded.value().residual[d] <= encoded.value().residual[d - 1]);
    }
    const auto row = randomValues(24, 9);
    const auto one = encode(row, 1, 24, options(1, 1), {}); // |row| has rank one
    REQUIRE(one);
    CHECK(one.value().residual[1] < 1e-10 * one.value().residual[0]);
}

TEST_CASE("bad input is refused with the place and both numbers")
{
    const std::vector<float> W(8 * 16, 1.0F);
    checkRefused(W, 8, 16, 0, ErrorCode::Shape, "rank 0");
    checkRefused(W, 8, 16, 9, ErrorCode::Shape, "rank 9 does not fit a matrix of 8 x 16");
    checkRefused(W, 1, 128, 2, ErrorCode::Shape, "rank 2 does not fit a matrix of 1 x 128");
    checkRefused(W, 0, 16, 1, ErrorCode::Shape, "0 x 16");
    checkRefused(W, 16, 0, 1, ErrorCode::Shape, "16 x 0");
    checkRefused(std::vector<float>(36), 3, 12, 1, ErrorCode::Shape, "12 columns");
    checkRefused(W, 8, 24, 1, ErrorCode::Shape, "8 x 24 has 128 values");
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
          -std::numeric_limits<float>::infinity()}) {
        auto V = W;
        V[3 * 16 + 7] = bad;
        checkRefused(V, 8, 16, 2, ErrorCode::Numeric, "row 3, column 7 is");
    }
    checkRefused(std::vector<float>(8 * 16, 1e30F), 8, 16, 2, ErrorCode::Numeric, "block 0");
    checkRefused(std::vector<float>(8 * 16, 3e38F), 8, 16, 2, ErrorCode::Numeric, "block 0");
}

TEST_CASE("the same seed gives the same blocks; a stop is heeded")
{
    const auto W = weights(64, 96);
    const auto one = encode(W, 64, 96, options(8, 3), {});
    const auto two = encode(W, 64, 96, options(8, 3), {});
    REQUIRE(one);
    REQUIRE(two);
    for (std::size_t b = 0; b < 3; ++b) {
        CHECK(one.value().blocks[b].sign == two.value().blocks[b].sign);
        CHECK(one.value().blocks[b].u == two.value().blocks[b].u);
        CHECK(one.value().blocks[b].vt == two.value().blocks[b].vt);
    }
    std::stop_source source;
    source.request_stop();
    JobContext context;
    context.stop = source.get_token();
    const auto stopped = encode(W, 64, 96, options(8, 3), context);
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().code == ErrorCode::Canceled);
}
