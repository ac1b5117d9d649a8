#include "core/codecs/bitstack/encoder_steps.h"

#include "core/tensor/float16.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>

namespace bs::bitstack {

namespace {

constexpr float kLargestHalf = 65504.0F;

std::string sizeText(std::size_t rows, std::size_t cols)
{
    return std::to_string(rows) + " x " + std::to_string(cols);
}

} // namespace

Result<void> checkInput(std::span<const float> W, std::size_t rows, std::size_t cols, std::size_t k)
{
    if (cols % 8 != 0)
        return Error{ErrorCode::Shape, "matrix of " + sizeText(rows, cols) + ": " +
                                           std::to_string(cols) + " columns are no multiple of 8"};
    if (k == 0 || k > std::min(rows, cols))
        return Error{ErrorCode::Shape, "rank " + std::to_string(k) + " does not fit a matrix of " +
                                           sizeText(rows, cols)};
    if (W.size() / cols != rows || W.size() % cols != 0)
        return Error{ErrorCode::Shape, "matrix of " + sizeText(rows, cols) + " has " +
                                           std::to_string(W.size()) + " values"};
    const auto bad = std::find_if(W.begin(), W.end(), [](float w) { return !std::isfinite(w); });
    if (bad != W.end()) {
        const auto at = static_cast<std::size_t>(bad - W.begin());
        return Error{ErrorCode::Numeric, "weight in row " + std::to_string(at / cols) +
                                             ", column " + std::to_string(at % cols) + " is " +
                                             (std::isnan(*bad) ? "not a number" : "infinite")};
    }
    return {};
}

std::vector<std::uint8_t> packSigns(std::span<const float> R)
{
    std::vector<std::uint8_t> sign(R.size() / 8);
    for (std::size_t b = 0; b < sign.size(); ++b) {
        // Bits of the sum, which carry nothing over, since a chain of shifts waits for each of the eight.
        const float* const r = R.data() + 8 * b;
        const auto bit = [r](std::size_t j) { return r[j] >= 0 ? 0x80U >> j : 0U; };
        sign[b] = static_cast<std::uint8_t>((bit(0) + bit(1)) + (bit(2) + bit(3)) + ((bit(4) + bit(5)) + (bit(6) + bit(7))));
    }
    return sign;
}

void spreadSigma(SvdFactors& f, std::size_t cols)
{
    for (std::size_t r = 0; r < f.k; ++r) {
        const float root = std::sqrt(f.sigma[r]);
        for (std::size_t i = r; i < f.u.size(); i += f.k)
            f.u[i] *= root;
        for (std::size_t j = 0; j < cols; ++j)
            f.vt[r * cols + j] *= root;
    }
}

Result<std::vector<std::uint16_t>> toHalfs(std::span<const float> values, std::size_t block)
{
    std::vector<std::uint16_t> halfs(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!(std::abs(values[i]) <= kLargestHalf)) // NaN too
            return Error{ErrorCode::Numeric, "factor of block " + std::to_string(block) + " is " +
                                                 std::to_string(values[i]) +
                                                 ", over the largest f16 (65504): the weights " +
                                                 "are too large"};
        halfs[i] = floatToHalf(values[i]);
    }
    return halfs;
}

double squaredNorm(std::span<const float> R)
{
    // Eight sums, which do not wait for each other.
    std::array<double, 8> sums{};
    std::size_t i = 0;
    for (; i + 8 <= R.size(); i += 8)
        for (std::size_t j = 0; j < 8; ++j)
            sums[j] += static_cast<double>(R[i + j]) * static_cast<double>(R[i + j]);
    for (; i < R.size(); ++i)
        sums[0] += static_cast<double>(R[i]) * static_cast<double>(R[i]);
    return std::accumulate(sums.begin(), sums.end(), 0.0);
}

std::vector<float> transposed(const std::vector<float>& X, std::size_t cols)
{
    const std::size_t rows = X.size() / cols;
    std::vector<float> T(X.size());
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < cols; ++j)
            T[j * rows + i] = X[i * cols + j];
    return T;
}

RandomSvdOptions randomSvdOf(const EncodeOptions& options, std::size_t block)
{
    RandomSvdOptions random;
    random.seed = options.seed + block;
    return random;
}

Result<SvdFactors> decompose(std::span<const float> A, std::size_t rows, std::size_t cols,
                             const EncodeOptions& options, std::size_t block)
{
    if (options.svd == Svd::Full)
        return fullSvd(A, rows, cols, options.k);
    return truncatedSvd(A, rows, cols, options.k, randomSvdOf(options, block));
}

} // namespace bs::bitstack
