#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/thread_pool.h"
#include "core/codecs/bitstack/product.h"
#include "core/codecs/bitstack/refined_encoder.h"
#include "tests/core/codecs/correlated_inputs.h"
#include "tests/core/linalg/random_values.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <string>

using namespace bs;
using namespace bs::bitstack;
using bs::test::moments;
using bs::test::weights;

namespace {

using Floats = std::vector<float>;

EncodeOptions options(std::size_t k, std::size_t blocks)
{
    EncodeOptions o;
    o.k = k;
    o.blocks = blocks;
    return o;
}

/// tr(E H E^T), E what is left of W, by plain loops in f64.
double outputError(const Floats& E, const Floats& H, std::size_t cols)
{
    double sum = 0;
    for (std::size_t row = 0; row < E.size(); row += cols)
        for (std::size_t i = 0; i < cols; ++i) {
            double part = 0;
            for (std::size_t j = 0; j < cols; ++j)
                part += static_cast<double>(E[row + j]) * static_cast<double>(H[i * cols + j]);
            sum += part * static_cast<double>(E[row + i]);
        }
    return sum;
}

/// Of the first 0, 1, .. blocks as stored, decoded by the plain loop.
std::vector<double> storedErrors(const Floats& W, const Shape& shape, const Floats& H,
                                 const std::vector<Block>& blocks)
{
    std::vector<double> errors;
    std::vector<BlockView> views;
    Floats decoded(W.size());
    Floats E(W.size());
    for (std::size_t depth = 0;; ++depth) {
        decode(shape, views, decoded.data());
        for (std::size_t i = 0; i < W.size(); ++i)
            E[i] = W[i] - decoded[i];
        errors.push_back(outputError(E, H, shape.cols));
        if (depth == blocks.size()) return errors;
        views.push_back(blocks[depth].view());
    }
}

RefinedEncoded refined(const Floats& W, const Shape& shape, const Floats& H, std::size_t blocks)
{
    auto result = encodeRefined(W, shape.rows, shape.cols, H, options(shape.k, blocks), {}, {});
    REQUIRE_MESSAGE(result, (result ? "" : result.error().message));
    return std::move(result).value();
}

void checkRefused(const Floats& W, const Floats& H, ErrorCode code, const std::string& words)
{
    const auto refused = encodeRefined(W, 8, 16, H, options(2, 2), {}, {});
    REQUIRE_FALSE(refused);
    CAPTURE(refused.error().message);
    CHECK(refused.error().code == code);
    CHECK(refused.error().message.find(words) != std::string::npos);
}

} // namespace

TEST_CASE("less output error than the published encoder at every depth, for the same bytes")
{
    for (const Shape shape : {Shape{96, 160, 16}, Shape{160, 96, 8}, Shape{64, 256, 4}}) {
        CAPTURE(shape.cols);
        const Floats W = weights(shape.rows, shape.cols);
        const Floats H = moments(shape.cols, 1000);
        const auto plain = encode(W, shape.rows, shape.cols, options(shape.k, 16), {});
        REQUIRE(plain);
        const RefinedEncoded better = refined(W, shape, H, 16);
        const auto plainErrors = storedErrors(W, shape, H, plain.value().blocks);
        const auto errors = storedErrors(W, shape, H, better.blocks);
        REQUIRE(better.outputError.size() == 17);
        for (std::size_t depth = 0; depth <= 16; ++depth) {
            CAPTURE(depth);
            if (depth > 0) {
                CHECK(better.blocks[depth - 1].sign.size() == shape.signBytes());
                CHECK(better.blocks[depth - 1].u.size() * 2 == shape.uBytes());
                CHECK(better.blocks[depth - 1].vt.size() * 2 == shape.vtBytes());
                CHECK(errors[depth] < 0.8 * plainErrors[depth]); // 1 dB
                CHECK(errors[depth] < 0.75 * errors[depth - 1]);
            }
            // f32 sums of errors against those of the plain loop; a share of the weights' own power
            // that rounding in f32 leaves
            CHECK(better.outputError[depth] ==
                  doctest::Approx(errors[depth]).epsilon(1e-3).scale(1e-6 * errors[0]));
        }
    }
}

TEST_CASE("inputs with fewer samples than channels, with unused channels and none at all")
{
    const Shape shape{64, 96, 8};
    const Floats W = weights(shape.rows, shape.cols);
    for (const std::size_t samples : {0, 1, 20}) {
        CAPTURE(samples);
        Floats H = moments(shape.cols, samples);
        for (std::size_t j = 0; j < shape.cols; ++j)
            for (const std::size_t unused : {5, 40})
                H[unused * shape.cols + j] = H[j * shape.cols + unused] = 0;
        const RefinedEncoded result = refined(W, shape, H, 6);
        for (std::size_t depth = 1; depth <= 6; ++depth) {
            CHECK(std::isfinite(result.outputError[depth]));
            CHECK(result.outputError[depth] < result.outputError[depth - 1]);
            // a single input leaves all weights but their sum by it free
            if (samples != 1) CHECK(result.residual[depth] < result.residual[0]);
        }
    }
}

TEST_CASE("a matrix of zeros, a constant one and one of rank one")
{
    const Shape shape{16, 24, 4};
    const Floats H = moments(24, 100);
    const Floats zeros(16 * 24, 0.0F);
    CHECK(refined(zeros, shape, H, 3).outputError == std::vector<double>(4, 0.0));
    const Floats constant(16 * 24, -0.37F);
    const auto flat = refined(constant, shape, H, 3);
    CHECK(flat.outputError[1] < 1e-4 * flat.outputError[0]);
    CHECK(flat.outputError[3] <= flat.outputError[1]);
    Floats single(16 * 24);
    const Floats column = randomValues(16, 1);
    const Floats row = randomValues(24, 2);
    for (std::size_t i = 0; i < single.size(); ++i)
        single[i] = column[i / 24] * row[i % 24];
    const auto thin = refined(single, shape, H, 3);
    CHECK(thin.outputError[3] < 1e-5 * thin.outputError[0]);
    const auto line = refined(Floats(row), {1, 24, 1}, H, 4);
    CHECK(line.outputError[4] < 1e-4 * line.outputError[0]);
}

TEST_CASE("one huge outlier does not spoil the others")
{
    const Shape shape{48, 264, 16};
    Floats W = weights(shape.rows, shape.cols);
    W[20 * shape.cols + 33] = 1000;
    const Floats H = moments(shape.cols, 600);
    const auto result = refined(W, shape, H, 6);
    CHECK(result.outputError[1] < 1e-3 * result.outputError[0]);
    for (std::size_t depth = 2; depth <= 6; ++depth)
        CHECK(result.outputError[depth] < result.outputError[depth - 1]);
}

TEST_CASE("what is not a number is refused by its place")
{
    const Floats W(8 * 16, 1.0F);
    const Floats H = moments(16, 100);
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        Floats broken = W;
        broken[3 * 16 + 7] = bad;
        checkRefused(broken, H, ErrorCode::Numeric, "row 3, column 7 is");
        broken = H;
        broken[2 * 16 + 9] = bad;
        checkRefused(W, broken, ErrorCode::Numeric, "second moment of inputs 2 and 9 is");
    }
    checkRefused(W, Floats(15 * 15, 1.0F), ErrorCode::Shape,
                 "second moments of 16 inputs have 225");
    checkRefused(Floats(8 * 16, 1e30F), H, ErrorCode::Numeric, "block 0");
    Floats indefinite = H;
    indefinite[1] = indefinite[16] = 1e6F;
    checkRefused(W, indefinite, ErrorCode::Numeric, "second moments");
}

TEST_CASE("the same blocks on any thread")
{
    const Shape shape{96, 160, 16};
    const Floats W = weights(shape.rows, shape.cols);
    const Floats H = moments(shape.cols, 500);
    const auto want = refined(W, shape, H, 4);
    ThreadPool pool(3);
    std::array<RefinedEncoded, 6> got;
    pool.parallelFor(got.size(), [&](std::size_t i) {
        got[i] = encodeRefined(W, shape.rows, shape.cols, H, options(16, 4), {}, {}).value();
    });
    for (const RefinedEncoded& one : got)
        for (std::size_t b = 0; b < 4; ++b) {
            CHECK(one.blocks[b].sign == want.blocks[b].sign);
            CHECK(one.blocks[b].u == want.blocks[b].u);
            CHECK(one.blocks[b].vt == want.blocks[b].vt);
        }
}

TEST_CASE("a stop is obeyed")
{
    const Floats W = weights(16, 24);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped =
        encodeRefined(W, 16, 24, moments(24, 100), options(4, 4), {}, {stop.get_token(), {}});
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().code == ErrorCode::Canceled);
}
