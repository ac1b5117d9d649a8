#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/linalg/svd.h"
#include "tests/core/linalg/random_values.h"
#include "tests/support/got.h"
#include "tests/support/loop_device.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace bs;
using bs::test::got;

namespace {

/// || A - U diag(sigma) Vt ||_F^2
double errorOf(const std::vector<float>& A, std::size_t rows, std::size_t cols, const SvdFactors& f)
{
    double error = 0;
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < cols; ++j) {
            double value = A[i * cols + j];
            for (std::size_t r = 0; r < f.k; ++r)
                value -= static_cast<double>(f.u[i * f.k + r]) * static_cast<double>(f.sigma[r]) *
                         static_cast<double>(f.vt[r * cols + j]);
            error += value * value;
        }
    return error;
}

/// Absolute values of normal weights with channels of unequal size: what the codec decomposes.
std::vector<float> magnitudes(std::size_t rows, std::size_t cols)
{
    auto A = randomValues(rows * cols, rows);
    RandomValues random(99);
    std::vector<float> scale(cols);
    for (float& s : scale)
        s = std::exp(0.5F * random.gaussian());
    for (std::size_t i = 0; i < A.size(); ++i)
        A[i] = std::abs(A[i]) * scale[i % cols];
    return A;
}

std::vector<float> ofRank(std::size_t rank, std::size_t rows, std::size_t cols)
{
    const auto left = randomValues(rows * rank, 1);
    const auto right = randomValues(rank * cols, 2);
    std::vector<float> A(rows * cols);
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < cols; ++j)
            for (std::size_t r = 0; r < rank; ++r)
                A[i * cols + j] += left[i * rank + r] * right[r * cols + j];
    return A;
}

double squared(const std::vector<float>& A)
{
    double sum = 0;
    for (const float value : A)
        sum += static_cast<double>(value) * static_cast<double>(value);
    return sum;
}

double worstNonOrthogonality(const SvdFactors& f, std::size_t rows, std::size_t cols)
{
    double worst = 0;
    for (std::size_t a = 0; a < f.k; ++a)
        for (std::size_t b = 0; b < f.k; ++b) {
            double left = a == b ? -1 : 0;
            double right = left;
            for (std::size_t i = 0; i < rows; ++i)
                left +=
                    static_cast<double>(f.u[i * f.k + a]) * static_cast<double>(f.u[i * f.k + b]);
            for (std::size_t j = 0; j < cols; ++j)
                right += static_cast<double>(f.vt[a * cols + j]) *
                         static_cast<double>(f.vt[b * cols + j]);
            worst = std::max({worst, std::abs(left), std::abs(right)});
        }
    return worst;
}

} // namespace

TEST_CASE("the truncated decomposition is within 0.1 % of the full one's error")
{
    for (const auto& [rows, cols] :
         {std::pair<std::size_t, std::size_t>{192, 576}, {300, 96}, {64, 64}, {320, 288}}) {
        CAPTURE(rows);
        const auto A = magnitudes(rows, cols);
        const auto full = fullSvd(A, rows, cols, 16);
        const auto fast = truncatedSvd(A, rows, cols, 16);
        REQUIRE(full);
        REQUIRE(fast);
        CHECK(errorOf(A, rows, cols, fast.value()) <= 1.001 * errorOf(A, rows, cols, full.value()));
        CHECK(worstNonOrthogonality(fast.value(), rows, cols) < 1e-4);
        CHECK(worstNonOrthogonality(full.value(), rows, cols) < 1e-4);
        for (std::size_t r = 1; r < 16; ++r)
            CHECK(fast.value().sigma[r] <= fast.value().sigma[r - 1]);
    }
}

TEST_CASE("a matrix of low rank is found again")
{
    const auto A = ofRank(3, 50, 40);
    for (const std::size_t k : {3, 5, 40}) {
        const auto found = truncatedSvd(A, 50, 40, k);
        REQUIRE(found);
        CHECK(errorOf(A, 50, 40, found.value()) < 1e-10 * squared(A));
    }
}

TEST_CASE("a large matrix of low rank is found again, though its Krylov space is exhausted at once")
{
    constexpr std::size_t kRows = 300;
    constexpr std::size_t kCols = 260;
    for (const std::size_t rank : {0, 1, 5, 20}) {
        CAPTURE(rank);
        const auto A = ofRank(rank, kRows, kCols);
        const auto found = truncatedSvd(A, kRows, kCols, 20);
        REQUIRE(found);
        CHECK(errorOf(A, kRows, kCols, found.value()) <= 1e-9 * squared(A));
        CHECK(worstNonOrthogonality(found.value(), kRows, kCols) < 1e-4);
    }
}

TEST_CASE("zeros, single rows and single columns")
{
    const std::vector<float> zeros(8 * 24, 0.0F);
    const auto nothing = truncatedSvd(zeros, 8, 24, 4);
    REQUIRE(nothing);
    for (const float sigma : nothing.value().sigma)
        CHECK(sigma == 0.0F);
    CHECK(errorOf(zeros, 8, 24, nothing.value()) == 0.0);
    const auto line = randomValues(24, 4);
    for (const auto& [rows, cols] : {std::pair<std::size_t, std::size_t>{1, 24}, {24, 1}}) {
        const auto found = truncatedSvd(line, rows, cols, 1);
        REQUIRE(found);
        CHECK(errorOf(line, rows, cols, found.value()) < 1e-10);
    }
}

TEST_CASE("wrong shapes and values that are no numbers are refused")
{
    const std::vector<float> A(12, 1.0F);
    for (const std::size_t k : {0, 4}) {
        const auto refused = truncatedSvd(A, 3, 4, k);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::Shape);
        CHECK(refused.error().message.find("rank " + std::to_string(k)) != std::string::npos);
    }
    const auto missing = fullSvd(A, 4, 4, 1);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == ErrorCode::Shape);
    CHECK(missing.error().message.find("12 values") != std::string::npos);
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        auto B = A;
        B[5] = bad;
        const auto fast = truncatedSvd(B, 3, 4, 1);
        const auto full = fullSvd(B, 3, 4, 1);
        REQUIRE_FALSE(fast);
        REQUIRE_FALSE(full);
        CHECK(fast.error().code == ErrorCode::Numeric);
        CHECK(full.error().code == ErrorCode::Numeric);
        CHECK(fast.error().message.find("not finite") != std::string::npos);
    }
}

TEST_CASE("the same seed gives the same factors")
{
    const auto A = magnitudes(40, 64);
    const auto one = truncatedSvd(A, 40, 64, 8);
    const auto two = truncatedSvd(A, 40, 64, 8);
    REQUIRE(one);
    REQUIRE(two);
    CHECK(one.value().u == two.value().u);
    CHECK(one.value().vt == two.value().vt);
}

TEST_CASE("a device multiplies, and the factors are the same")
{
    for (const auto& [rows, cols] :
         {std::pair<std::size_t, std::size_t>{61, 150}, {150, 61}, {97, 96}, {70, 70}}) {
        CAPTURE(rows);
        const auto A = magnitudes(rows, cols);
        test::LoopDevice device;
        RandomSvdOptions options;
        options.blocks = 5;
        const auto here = truncatedSvd(A, rows, cols, 7, options);
        const auto held = got(device.hold(A.data(), rows, cols));
        const auto there = truncatedSvd(*held, rows, cols, 7, options);
        REQUIRE(here);
        REQUIRE(there);
        CHECK(device.operations() == 1 + 2 * 5 + 1); // A, both sides for each block, the longer one
        CHECK(test::relativeDifference(there.value().sigma, here.value().sigma) < 1e-5);
        // Of the factors what they stand for: single vectors of a flat spectrum are not their own.
        CHECK(errorOf(A, rows, cols, there.value()) ==
              doctest::Approx(errorOf(A, rows, cols, here.value())).epsilon(1e-5));
        CHECK(worstNonOrthogonality(there.value(), rows, cols) < 1e-4);
    }
}

TEST_CASE("a small matrix comes from the device whole; a device that fails is an error")
{
    const auto small = magnitudes(42, 90);
    RandomSvdOptions options;
    options.blocks = 5;
    test::LoopDevice device;
    const auto read = truncatedSvd(*got(device.hold(small.data(), 42, 90)), 42, 90, 7, options);
    REQUIRE(read);
    CHECK(device.operations() == 2);
    CHECK(read.value().u == got(truncatedSvd(small, 42, 90, 7, options)).u);

    const auto A = magnitudes(43, 90);
    for (int lostAt = 1; lostAt < 12; ++lostAt) {
        CAPTURE(lostAt);
        test::LoopDevice failing(lostAt);
        const auto failed = truncatedSvd(*got(failing.hold(A.data(), 43, 90)), 43, 90, 7, options);
        REQUIRE(!failed);
        CHECK(failed.error().message == "the card is lost");
        CHECK(failing.operations() == lostAt + 1);
    }
    const std::vector<float> huge(std::size_t{43} * 90, 1e30F);
    const auto held = got(device.hold(huge.data(), 43, 90));
    CHECK(truncatedSvd(*held, 43, 90, 7, options).error().code == ErrorCode::Numeric);
    CHECK(truncatedSvd(*held, 43, 90, 44, options).error().code == ErrorCode::Shape);
}
