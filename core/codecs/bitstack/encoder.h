#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/codecs/bitstack/layout.h"
#include "core/codecs/bitstack/leftover.h"

#include <span>
#include <vector>

namespace bs::bitstack {

enum class Svd {
    Truncated, ///< a Krylov space: within 0.1 % of the full one's error
    Full,      ///< LAPACK, the oracle in tests
};

struct EncodeOptions
{
    std::size_t k = 16;
    std::size_t blocks = 16;
    Svd svd = Svd::Truncated;
    std::uint64_t seed = 1; ///< of the random projection
    LeftoverDevice* device = nullptr; ///< of what takes whole matrices; nullptr: the processor
};

struct Encoded
{
    std::vector<Block> blocks;
    /// residual[i] = || W - sum of the first i blocks ||_F^2, for i = 0 .. blocks; from unrounded factors.
    std::vector<double> residual;
};

/// Splits W into `options.blocks` sign x low-rank terms, each fitted to what the earlier ones left over:
/// S = sign(R) with sign(0) = +1, |R| ~ U_k V_k^T by SVD with sqrt(sigma) in both factors,
/// R <- R - S * (U V^T) with the unrounded factors. W [rows, cols] f32 row-major, already scaled by
/// the calibration's column scales (folding is the caller's job).
/// Errors: Shape (k > min(rows, cols), k == 0, cols % 8 != 0), Numeric (non-finite weight, position
/// named), Canceled, and as Leftover has them. Thread-safe; runs on the calling thread.
/// Source: BitStack (arXiv 2410.23918), section 3.1, equations of iterative absolute value decomposition.
/// Differs: truncated SVD instead of full.
Result<Encoded> encode(std::span<const float> W, std::size_t rows, std::size_t cols,
                       const EncodeOptions& options, const JobContext& context);

} // namespace bs::bitstack
