#pragma once

#include "core/base/result.h"

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

/// The defaults keep the squared error within 0.001 % of the full decomposition's on magnitudes of
/// normal weights (core/codecs/bitstack/README.md): behind their first value the spectrum is nearly
/// flat, so the two iterations that are usual elsewhere leave 1 %.
struct RandomSvdOptions
{
    std::size_t oversampling = 32;
    int powerIterations = 8;
    std::uint64_t seed =
        1; ///< of the Gaussian sketch; the same seed gives the same sketch everywhere
};

/// The k leading triplets by randomised projection with shifted power iterations. A [rows, cols]
/// f32 row-major. Errors: Shape (k is 0 or over min(rows, cols)), Numeric (a value is not finite,
/// or so large that products overflow f32). Thread-safe; runs on the calling thread. Source: Halko,
/// Martinsson, Tropp, "Finding structure with randomness", algorithms 4.4 and 5.1; shifts of the
/// power iterations after Feng, Yu, Xie, "Pass-efficient randomized SVD with boosted accuracy".
Result<SvdFactors> truncatedSvd(std::span<const float> A, std::size_t rows, std::size_t cols,
                                std::size_t k, const RandomSvdOptions& options = {});

/// The same by LAPACK's full decomposition (sgesdd): the oracle.
Result<SvdFactors> fullSvd(std::span<const float> A, std::size_t rows, std::size_t cols,
                           std::size_t k);

} // namespace bs
