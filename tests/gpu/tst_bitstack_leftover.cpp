// What codec bitstack's encoders do with whole matrices, on the device beside the processor: step
// by step, and blocks.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/codecs/bitstack/encoder_steps.h"
#include "core/codecs/bitstack/factor_refit.h"
#include "core/codecs/bitstack/refined_encoder.h"
#include "gpu/compress/compress_device.h"
#ifndef BS_ON_A_CARD
#include "gpu/emulation/block.h"
#include "gpu/emulation/device_memory.h"
#endif
#include "tests/core/codecs/correlated_inputs.h"
#include "tests/support/got.h"
#include "tests/support/loop_device.h"

#include <doctest/doctest.h>

#include <cmath>

namespace {

using namespace bs;
using namespace bs::bitstack;
using bs::test::check;
using bs::test::got;
using bs::test::moments;
using bs::test::relativeDifference;
using bs::test::weights;
using Floats = std::vector<float>;

/// In f32 on both sides; sums over rows, columns and panels are added up in other orders.
constexpr double kTolerance = 1e-4;
constexpr float kFeedbackDamping = 0.6F;
constexpr float kRefitDamping = 0.5F;

std::unique_ptr<CompressDevice> card()
{
    return got(gpu::openCompressDevice(0));
}

EncodeOptions options(std::size_t k, std::size_t blocks, LeftoverDevice* device)
{
    EncodeOptions o;
    o.k = k;
    o.blocks = blocks;
    o.device = device;
    return o;
}

/// The same matrix here and there.
struct Pair
{
    std::size_t rows, cols, k;
    Floats W, H;
    std::unique_ptr<CompressDevice> device = card();
    std::unique_ptr<Leftover> here, there;

    Pair(std::size_t matrixRows, std::size_t matrixCols, std::size_t rank, bool withMoments)
        : rows(matrixRows)
        , cols(matrixCols)
        , k(rank)
        , W(weights(rows, cols))
        , H(withMoments ? moments(cols, 3 * cols) : Floats())
    {
        const LeftoverInput input{W, rows, cols, k, H, kFeedbackDamping};
        here = got(startLeftover(input, options(k, 1, nullptr), {}));
        there = got(startLeftover(input, options(k, 1, device.get()), {}));
    }

    /// Magnitudes of some size, in factors.
    Factors someFactors() const
    {
        SvdFactors svd = got(here->decompose({}, 0));
        spreadSigma(svd, cols);
        return {k, std::move(svd.u), std::move(svd.vt)};
    }

    void checkSizes() const
    {
        const LeftoverSize a = got(there->size());
        const LeftoverSize b = got(here->size());
        CHECK(a.squared == doctest::Approx(b.squared).epsilon(kTolerance));
        CHECK(a.output == doctest::Approx(b.output).epsilon(kTolerance));
    }

    std::vector<std::size_t> reversedColumns() const
    {
        std::vector<std::size_t> order;
        for (std::size_t j = cols; j-- > 0;)
            order.push_back(j);
        return order;
    }
};

/// One row, less and more than a block of rows, a panel of columns, and the threads of a sum.
constexpr Shape kShapes[] = {{1, 8, 1}, {63, 72, 4}, {64, 64, 16}, {130, 200, 7}, {257, 136, 3}};

std::size_t differences(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b)
{
    REQUIRE(a.size() == b.size());
    std::size_t count = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        for (unsigned bits = a[i] ^ b[i]; bits != 0; bits &= bits - 1)
            ++count;
    return count;
}

} // namespace

TEST_CASE("the published encoder's steps")
{
    for (const Shape& shape : kShapes) {
        CAPTURE(shape.rows);
        const Pair pair(shape.rows, shape.cols, shape.k, false);
        pair.checkSizes();
        check(pair.here->takeSigns());
        check(pair.there->takeSigns());
        CHECK(got(pair.there->signs({})) == got(pair.here->signs({})));
        CHECK(relativeDifference(got(pair.there->decompose({}, 3)).sigma,
                                 got(pair.here->decompose({}, 3)).sigma) < kTolerance);
        const Factors factors = pair.someFactors();
        check(pair.here->subtract(factors));
        check(pair.there->subtract(factors));
        pair.checkSizes();
        check(pair.here->takeSigns());
        check(pair.there->takeSigns());
        // what is nearly zero may fall the other way
        CHECK(differences(got(pair.there->signs({})), got(pair.here->signs({}))) <= 2);
    }
}

TEST_CASE("signs with error feedback")
{
    for (const Shape& shape : kShapes) {
        CAPTURE(shape.rows);
        const Pair pair(shape.rows, shape.cols, shape.k, true);
        const Factors factors = pair.someFactors();
        check(pair.here->chooseSigns(factors));
        check(pair.there->chooseSigns(factors));
        const auto order = pair.reversedColumns();
        CHECK(differences(got(pair.there->signs(order)), got(pair.here->signs(order))) <= 2);
        // Better than each weight's own sign, or nothing would have been shown.
        check(pair.there->subtract(factors));
        check(pair.here->takeSigns());
        check(pair.here->subtract(factors));
        if (shape.rows > 1)
            CHECK(got(pair.there->size()).output < 0.9 * got(pair.here->size()).output);
    }
}

TEST_CASE("refitted factors")
{
    for (const Shape& shape : kShapes) {
        CAPTURE(shape.rows);
        const Pair pair(shape.rows, shape.cols, shape.k, true);
        Factors mine = pair.someFactors();
        Floats diagonal;
        for (std::size_t j = 0; j < shape.cols; ++j)
            diagonal.push_back(pair.H[j * shape.cols + j]);
        // signs of the device are the same as the processor's here: those of R
        check(pair.here->chooseSigns(mine));
        Factors theirs = mine;
        check(pair.there->chooseSigns(mine));
        const double before = got(pair.there->squaredError(theirs));
        CHECK(before == doctest::Approx(got(pair.here->squaredError(mine))).epsilon(kTolerance));
        check(refitColumns(*pair.here, mine, kRefitDamping));
        check(refitColumns(*pair.there, theirs, kRefitDamping));
        CHECK(relativeDifference(theirs.vt, mine.vt) < 10 * kTolerance);
        theirs.vt = mine.vt;
        for (const bool curvature : {false, true}) {
            Floats a(mine.u.size()), b(mine.u.size());
            check(curvature ? pair.here->curvature(mine, kRefitDamping, a)
                            : pair.here->descent(mine, kRefitDamping, a));
            check(curvature ? pair.there->curvature(mine, kRefitDamping, b)
                            : pair.there->descent(mine, kRefitDamping, b));
            CHECK(relativeDifference(b, a) < 10 * kTolerance);
        }
        check(refitRows(*pair.here, mine, diagonal, kRefitDamping, 2));
        check(refitRows(*pair.there, theirs, diagonal, kRefitDamping, 2));
        CHECK(relativeDifference(theirs.u, mine.u) < 10 * kTolerance);
        check(pair.here->subtract(mine));
        check(pair.there->subtract(theirs));
        pair.checkSizes();
    }
}

TEST_CASE("blocks of both encoders")
{
    for (const Shape& shape : {Shape{80, 56, 2}, Shape{56, 96, 4}, Shape{200, 136, 12}}) {
        CAPTURE(shape.rows);
        const Floats W = weights(shape.rows, shape.cols);
        const Floats H = moments(shape.cols, 300);
        const auto device = card();
        for (const Svd svd : {Svd::Truncated, Svd::Full}) {
            EncodeOptions mine = options(shape.k, 4, nullptr);
            EncodeOptions theirs = options(shape.k, 4, device.get());
            mine.svd = theirs.svd = svd;
            const auto here = got(encode(W, shape.rows, shape.cols, mine, {}));
            const auto there = got(encode(W, shape.rows, shape.cols, theirs, {}));
            const auto refinedHere = got(encodeRefined(W, shape.rows, shape.cols, H, mine, {}, {}));
            const auto refinedThere =
                got(encodeRefined(W, shape.rows, shape.cols, H, theirs, {}, {}));
            for (std::size_t i = 0; i <= 4; ++i) {
                CHECK(there.residual[i] == doctest::Approx(here.residual[i]).epsilon(1e-3));
                CHECK(refinedThere.outputError[i] ==
                      doctest::Approx(refinedHere.outputError[i]).epsilon(0.01));
            }
            CHECK(differences(there.blocks[0].sign, here.blocks[0].sign) == 0);
        }
    }
}

TEST_CASE("moments that are not positive definite, and a stop")
{
    const auto device = card();
    const Floats W = weights(8, 16);
    Floats H = moments(16, 100);
    H[1] = H[16] = 1e6F;
    const auto refused = encodeRefined(W, 8, 16, H, options(2, 2, device.get()), {}, {});
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::Numeric);
    CHECK(refused.error().message.find("second moments") != std::string::npos);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = encode(W, 8, 16, options(2, 2, device.get()), {stop.get_token(), {}});
    REQUIRE(!stopped);
    CHECK(stopped.error().code == ErrorCode::Canceled);
}

#ifndef BS_ON_A_CARD

TEST_CASE("the order of threads does not matter")
{
    const auto run = [] {
        const auto device = card();
        const Floats W = weights(130, 72);
        return got(encodeRefined(W, 130, 72, moments(72, 300), options(3, 2, device.get()), {}, {}))
            .blocks;
    };
    const auto wanted = run();
    for (const unsigned seed : {0, 1, 2}) {
        gpu::emulation::setOrder(
            seed == 0 ? gpu::emulation::Order::Reverse : gpu::emulation::Order::Shuffled, seed);
        const auto blocks = run();
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            CHECK(blocks[i].sign == wanted[i].sign);
            CHECK(blocks[i].u == wanted[i].u);
            CHECK(blocks[i].vt == wanted[i].vt);
        }
    }
    gpu::emulation::setOrder(gpu::emulation::Order::Forward);
}

TEST_CASE("a card that is lost at any moment is an error, and nothing is left on it")
{
    constexpr std::size_t kRows = 12; // with rank 1 not small to the decomposition
    constexpr std::size_t kCols = 16;
    const Floats W = weights(kRows, kCols);
    const Floats H = moments(kCols, 100);
    const auto encoded = [&](CompressDevice& device) {
        return encodeRefined(W, kRows, kCols, H, options(1, 1, &device), {}, {});
    };
    const std::uint64_t before = gpu::emulation::usedDeviceMemory();
    int operations = 0;
    for (bool done = false; !done; ++operations) {
        CAPTURE(operations);
        const auto device = card();
        gpu::emulation::loseDeviceAfter(operations);
        const auto result = encoded(*device);
        gpu::emulation::loseDevice(false);
        done = static_cast<bool>(result);
        if (done) break;
        CHECK(result.error().code == ErrorCode::Io);
        CHECK(result.error().message.find("the card is lost") != std::string::npos);
    }
    CHECK(operations > 100);
    CHECK(gpu::emulation::usedDeviceMemory() == before);
}

TEST_CASE("a matrix that a card has no room for is the processor's")
{
    const Floats W = weights(56, 96);
    const Floats H = moments(96, 300);
    const auto here = got(encodeRefined(W, 56, 96, H, options(4, 2, nullptr), {}, {}));
    const std::uint64_t before = gpu::emulation::usedDeviceMemory();
    for (const std::uint64_t room :
         {100, 30'000, 60'000, 100'000, 150'000}) { // for some buffers each
        CAPTURE(room);
        const auto device = card();
        gpu::emulation::setDeviceMemory(before + room);
        const auto full = got(encodeRefined(W, 56, 96, H, options(4, 2, device.get()), {}, {}));
        gpu::emulation::setDeviceMemory(std::uint64_t{1} << 40);
        CHECK(full.outputError == here.outputError);
        CHECK(full.blocks[1].sign == here.blocks[1].sign);
    }
    CHECK(gpu::emulation::usedDeviceMemory() == before);
}

#endif
