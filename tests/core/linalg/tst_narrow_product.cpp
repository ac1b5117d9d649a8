#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/linalg/narrow_product.h"
#include "tests/core/linalg/random_values.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace bs;

namespace {

using Doubles = std::vector<double>;

/// A Q, or A^T Q, in f64: A [rows, cols] row by row, Q and what comes of it column by column.
Doubles exact(const std::vector<float>& A, std::size_t rows, std::size_t cols, bool transposed, const Doubles& Q, std::size_t k)
{
    const std::size_t in = transposed ? rows : cols;
    const std::size_t out = transposed ? cols : rows;
    Doubles Y(out * k);
    for (std::size_t c = 0; c < k; ++c)
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t i = 0; i < cols; ++i)
                Y[c * out + (transposed ? i : r)] += static_cast<double>(A[r * cols + i]) * Q[c * in + (transposed ? r : i)];
    return Y;
}

/// The largest difference over the largest value.
double apart(const std::vector<float>& got, const Doubles& want)
{
    double most = 0;
    double difference = 0;
    for (std::size_t i = 0; i < want.size(); ++i) {
        most = std::max(most, std::abs(want[i]));
        difference = std::max(difference, std::abs(static_cast<double>(got[i]) - want[i]));
    }
    return difference / most;
}

struct Size
{
    std::size_t rows, cols, k;
};

} // namespace

TEST_CASE("a matrix times a few columns, there and back")
{
    // The last one is over what a panel of rows or of columns holds.
    for (const Size& s : {Size{1, 1, 1}, {5, 700, 3}, {700, 5, 16}, {130, 257, 17}, {700, 900, 40}}) {
        CAPTURE(s.rows);
        CAPTURE(s.cols);
        CAPTURE(s.k);
        const std::vector<float> A = randomValues(s.rows * s.cols, 1);
        const std::vector<float> right = randomValues(s.cols * s.k, 2);
        const std::vector<float> left = randomValues(s.rows * s.k, 3);
        const Doubles there = exact(A, s.rows, s.cols, false, {right.begin(), right.end()}, s.k);
        const Doubles back = exact(A, s.rows, s.cols, true, {left.begin(), left.end()}, s.k);
        std::vector<float> onRows(s.rows * s.k), onCols(s.cols * s.k);
        constexpr double kMost = 1e-5;
        multiplyNarrow(A.data(), s.rows, s.cols, right.data(), s.k, onRows.data());
        CHECK(apart(onRows, there) < kMost);
        multiplyNarrowTransposed(A.data(), s.rows, s.cols, left.data(), s.k, onCols.data());
        CHECK(apart(onCols, back) < kMost);
        multiplyNarrowGram(A.data(), s.rows, s.cols, right.data(), s.k, onCols.data());
        CHECK(apart(onCols, exact(A, s.rows, s.cols, true, there, s.k)) < kMost);
        multiplyNarrowGramTransposed(A.data(), s.rows, s.cols, left.data(), s.k, onRows.data());
        CHECK(apart(onRows, exact(A, s.rows, s.cols, false, back, s.k)) < kMost);
    }
}
