#pragma once

#include "core/base/result.h"
#include "core/linalg/matrix_device.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bs {

/// The leading singular triplets of a matrix: A ~ U diag(sigma) Vt.
struct SvdFactors
{
    std::size_t k = 0;
    std::vector<float> u;     ///< [rows, k] row-major, orthonormal columns
    std::vector<float> sigma; ///< [k], falling
    std::vector<float> vt;    ///< [k, cols] row-major, orthonormal rows
};

/// The defaults keep the squared error of a block within 0.06 % of the full decomposition's on magnitudes of normal weights
/// (core/codecs/bitstack/README.md): behind their first value the spectrum is nearly flat.
struct RandomSvdOptions
{
    std::size_t blocks = 9; ///< of the Krylov space, k vectors each: products by A A^T
    std::uint64_t seed = 1; ///< of its first block, random signs; the same seed gives the same ones everywhere
};

/// The k leading triplets from a block Krylov space. A [rows, cols] f32 row-major. Errors: Shape (k is 0 or over min(rows, cols)), Numeric (a
/// value is not finite, or so large that products overflow f32). Thread-safe; runs on the calling thread. Source: Musco and Musco, "Randomized
/// block Krylov methods for stronger and faster approximate singular value decomposition" (arXiv 1504.05477), algorithm 2; small matrices by the
/// eigenvectors of A A^T.
Result<SvdFactors> truncatedSvd(std::span<const float> A, std::size_t rows, std::size_t cols,
                                std::size_t k, const RandomSvdOptions& options = {});

/// The same of a matrix on a card, which multiplies with it; what is k wide stays here, and a small one comes here whole. Errors: as HeldMatrix, too.
Result<SvdFactors> truncatedSvd(HeldMatrix& A, std::size_t rows, std::size_t cols, std::size_t k, const RandomSvdOptions& options = {});

/// The same by LAPACK's full decomposition (sgesdd): the oracle.
Result<SvdFactors> fullSvd(std::span<const float> A, std::size_t rows, std::size_t cols,
                           std::size_t k);

} // namespace bs
