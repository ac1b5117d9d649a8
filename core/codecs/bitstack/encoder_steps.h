#pragma once

// What the published encoder and the refined one have in common.
#include "core/codecs/bitstack/encoder.h"
#include "core/linalg/svd.h"

namespace bs::bitstack {

/// Errors: Shape, Numeric as encode has them.
Result<void> checkInput(std::span<const float> W, std::size_t rows, std::size_t cols,
                        std::size_t k);

/// Signs of R, eight to a byte, first in the highest bit; -0 counts as 0, so as positive.
std::vector<std::uint8_t> packSigns(std::span<const float> R);

/// The k leading triplets of the magnitudes A [rows, cols], as `options` says, of block number
/// `block`.
Result<SvdFactors> decompose(std::span<const float> A, std::size_t rows, std::size_t cols,
                             const EncodeOptions& options, std::size_t block);

RandomSvdOptions randomSvdOf(const EncodeOptions& options, std::size_t block);

/// u [rows, k] and vt [k, cols] with sqrt(sigma) in both.
void spreadSigma(SvdFactors& f, std::size_t cols);

/// Errors: Numeric (a factor is over the largest f16; the block is named).
Result<std::vector<std::uint16_t>> toHalfs(std::span<const float> values, std::size_t block);

double squaredNorm(std::span<const float> R);

/// X [rows, cols] to [cols, rows].
std::vector<float> transposed(const std::vector<float>& X, std::size_t cols);

/// X [n, cols] with column j at place order[j].
template <class T>
std::vector<T> columnsFromOrder(const std::vector<T>& sorted, std::span<const std::size_t> order)
{
    std::vector<T> X(sorted.size());
    for (std::size_t i = 0; i < X.size(); i += order.size())
        for (std::size_t j = 0; j < order.size(); ++j)
            X[i + order[j]] = sorted[i + j];
    return X;
}

} // namespace bs::bitstack
