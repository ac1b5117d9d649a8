#include "gpu/compress/factorisation.h"

#include "gpu/ops/factor_steps.h"

#include <cmath>
#include <string>

namespace bs::gpu {

/// A block on the diagonal, f64 [n, n].
struct Triangle
{
    std::size_t n;
    std::vector<double> values;

    explicit Triangle(std::size_t size)
        : n(size)
        , values(size * size, 0.0)
    {
    }
    double& at(std::size_t i, std::size_t j) { return values[i * n + j]; }
    double at(std::size_t i, std::size_t j) const { return values[i * n + j]; }
};

namespace {

/// Upper triangular R with R R^T = A; a row at which A is not positive definite, or A's size.
std::size_t factorise(const Triangle& A, Triangle& R)
{
    for (std::size_t k = A.n; k-- > 0;)
        for (std::size_t j = k + 1; j-- > 0;) {
            double sum = A.at(j, k);
            for (std::size_t l = k + 1; l < A.n; ++l)
                sum -= R.at(j, l) * R.at(k, l);
            if (j == k && !(sum > 0)) return k;
            R.at(j, k) = j == k ? std::sqrt(sum) : sum / R.at(k, k);
        }
    return A.n;
}

Triangle inverseOf(const Triangle& R)
{
    Triangle X(R.n);
    for (std::size_t j = 0; j < R.n; ++j) {
        X.at(j, j) = 1 / R.at(j, j);
        for (std::size_t i = j; i-- > 0;) {
            double sum = 0;
            for (std::size_t l = i + 1; l <= j; ++l)
                sum += R.at(i, l) * X.at(l, j);
            X.at(i, j) = -sum / R.at(i, i);
        }
    }
    return X;
}

} // namespace

/// The inverse of the block's R, which takes the place of A there.
Result<Triangle> Factorisation::factoriseBlock(std::size_t first)
{
    const std::size_t w = width(first);
    std::vector<float> block(w * w);
    BS_CHECK(copyPart(at(m_A, first, first), m_n, m_small.as<float>(), w, w, w, m_stream));
    BS_CHECK(copyToHost(block.data(), m_small.as<void>(), w * w * sizeof(float), m_stream));
    BS_CHECK(m_stream.wait());
    Triangle A(w);
    std::copy(block.begin(), block.end(), A.values.begin());
    Triangle R(w);
    if (const std::size_t row = factorise(A, R); row < w)
        return Error{ErrorCode::Numeric,
                     "matrix of " + std::to_string(m_n) + " x " + std::to_string(m_n) +
                         " is not positive definite (row " + std::to_string(first + row) + ")"};
    std::transform(R.values.begin(), R.values.end(), block.begin(),
                   [](double value) { return static_cast<float>(value); });
    BS_CHECK(send(m_small, block));
    BS_CHECK(copyPart(m_small.as<float>(), w, at(m_A, first, first), m_n, w, w, m_stream));
    Triangle inverse = inverseOf(R);
    for (std::size_t i = 0; i < w; ++i) {
        m_pivots[first + i] = static_cast<float>(R.at(i, i));
        for (std::size_t j = 0; j < w; ++j)
            m_inverses[first * kBlock + i * w + j] =
                static_cast<float>(R.at(i, i) * inverse.at(i, j));
    }
    return inverse;
}

/// Columns first .. of R, and what they leave of A to the left and above.
Result<void> Factorisation::factorisePanel(std::size_t first)
{
    BS_CHECK(m_context.checkStop());
    const std::size_t w = width(first);
    BS_TRY(const Triangle inverse, factoriseBlock(first));
    if (first == 0) return {};
    std::vector<float> transposed(w * w);
    for (std::size_t i = 0; i < w; ++i)
        for (std::size_t j = 0; j < w; ++j)
            transposed[i * w + j] = static_cast<float>(inverse.at(j, i));
    BS_CHECK(send(m_small, transposed));
    BS_CHECK(copyPart(at(m_A, 0, first), m_n, m_panel.as<float>(), w, first, w, m_stream));
    BS_CHECK(m_gemm.product(first, w, w, 1, {m_panel.as<float>(), w}, {m_small.as<float>(), w}, 0,
                            at(m_A, 0, first), m_n));
    return m_gemm.product(first, first, w, -1, {at(m_A, 0, first), m_n},
                          {at(m_A, 0, first), m_n, true}, 1, m_A.as<float>(), m_n);
}

Result<void> Factorisation::run(const Buffer& moments, const std::vector<float>& added)
{
    const std::size_t bytes = m_n * m_n * sizeof(float);
    BS_TRY(m_A, Buffer::create(bytes, m_stream));
    BS_TRY(m_panel, Buffer::create(m_n * kBlock * sizeof(float), m_stream));
    BS_TRY(m_small, Buffer::create(kBlock * kBlock * sizeof(float), m_stream));
    BS_TRY(const Buffer row, Buffer::create(m_n * sizeof(float), m_stream));
    BS_CHECK(copyOnDevice(m_A.as<void>(), moments.as<void>(), bytes, m_stream));
    BS_CHECK(send(row, added));
    BS_CHECK(addToDiagonal(m_A.as<float>(), row.as<float>(), m_n, m_stream));
    for (std::size_t block = (m_n + kBlock - 1) / kBlock; block-- > 0;)
        BS_CHECK(factorisePanel(block * kBlock));
    std::vector<float> factor(m_n);
    std::transform(m_pivots.begin(), m_pivots.end(), factor.begin(),
                   [](float pivot) { return 1 / pivot; });
    BS_CHECK(send(row, factor));
    return scaleUpper(m_A.as<float>(), row.as<float>(), m_n, m_stream);
}

Result<std::vector<float>> Factorisation::countInverse(const std::vector<float>& added)
{
    const std::size_t bytes = m_n * m_n * sizeof(float);
    BS_TRY(const Buffer X, Buffer::create(bytes, m_stream));
    BS_TRY(const Buffer blocks, Buffer::create(m_inverses.size() * sizeof(float), m_stream));
    BS_TRY(const Buffer row, Buffer::create(m_n * sizeof(float), m_stream));
    BS_TRY(const Buffer sums, Buffer::create(m_n * sizeof(float), m_stream));
    BS_CHECK(fillBytes(X.as<void>(), 0, bytes, m_stream));
    BS_CHECK(send(blocks, m_inverses));
    BS_CHECK(send(row, added));
    for (std::size_t first = 0; first < m_n; first += kBlock) {
        BS_CHECK(m_context.checkStop());
        const std::size_t w = width(first);
        const float* own = blocks.as<float>() + first * kBlock;
        BS_CHECK(copyPart(own, w, at(X, first, first), m_n, w, w, m_stream));
        if (first == 0) continue;
        BS_CHECK(m_gemm.product(first, w, first, 1, {X.as<float>(), m_n}, {at(m_A, 0, first), m_n},
                                0, m_panel.as<float>(), w));
        BS_CHECK(m_gemm.product(first, w, w, -1, {m_panel.as<float>(), w}, {own, w}, 0,
                                at(X, 0, first), m_n));
    }
    BS_CHECK(weightedSquares(X.as<float>(), row.as<float>(), m_n, sums.as<float>(), m_stream));
    std::vector<float> counted(m_n);
    BS_CHECK(copyToHost(counted.data(), sums.as<void>(), m_n * sizeof(float), m_stream));
    BS_CHECK(m_stream.wait());
    return counted;
}

} // namespace bs::gpu
