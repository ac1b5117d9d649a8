#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/codecs/bitstack/small_solver.h"
#include "core/linalg/svd.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace bs::bitstack {

/// A block's magnitudes u vt.
struct Factors
{
    std::size_t k = 0;     ///< rank
    std::vector<float> u;  ///< [rows, k]
    std::vector<float> vt; ///< [k, cols]
};

/// What is split into blocks.
struct LeftoverInput
{
    std::vector<float> W; ///< [rows, cols]
    std::size_t rows = 0;
    std::size_t cols = 0;
    std::size_t k = 0;
    /// [cols, cols] second moments of the inputs, every diagonal value positive; empty: none, as
    /// the published encoder needs none.
    std::vector<float> moments;
    float feedbackDamping = 0; ///< signs are chosen under moments + this times their diagonal
};

/// What remains of a matrix.
struct LeftoverSize
{
    double squared = 0; ///< tr(R R^T)
    double output = 0;  ///< tr(R H R^T), H the moments; 0 without
};

/// What the blocks so far leave over of a matrix, R [rows, cols], the signs S of the block that is
/// being made, and whatever encoders do with matrices of that size; what is as narrow as a block's
/// rank is theirs. On the processor, or on a card, whose errors all functions have (Memory, Io,
/// Internal). One thread at a time. H' is H + damping diag(H).
class Leftover
{
public:
    virtual ~Leftover() = default;

    /// The k leading triplets of |R|, column j times weight[j]; no weights: as they are. Of block
    /// number `block`. Errors: Numeric.
    virtual Result<SvdFactors> decompose(std::span<const float> weight, std::size_t block) = 0;
    /// S = sign(R), sign(0) = +1.
    virtual Result<void> takeSigns() = 0;

    // The next four need moments, the last three of them chosen signs.

    /// S so that S * (u vt) comes close to R in outputs (ErrorFeedback).
    virtual Result<void> chooseSigns(const Factors& factors) = 0;
    /// One pass over the columns of vt, the last one first, each moved to the least tr(E H' E^T), E
    /// = R - S * (u vt), with all others as they are. A column's normal matrix is u^T u (`normal`)
    /// whatever its signs.
    virtual Result<void> refitColumns(Factors& factors, const SmallSolver& normal,
                                      float damping) = 0;
    /// out [rows, k] = (S * (E H')) vt^T, E = R - S * (u vt): half the negative gradient of tr(E H'
    /// E^T) in u.
    virtual Result<void> descent(const Factors& factors, float damping,
                                 std::vector<float>& out) = 0;
    /// The same of E = S * (u vt): each row's normal matrix times that row of u.
    virtual Result<void> curvature(const Factors& factors, float damping,
                                   std::vector<float>& out) = 0;

    /// || R - S * (u vt) ||^2 of chosen signs.
    virtual Result<double> squaredError(const Factors& factors) = 0;
    /// R <- R - S * (u vt)
    virtual Result<void> subtract(const Factors& factors) = 0;
    virtual Result<LeftoverSize> size() = 0;
    /// S packed (Block::sign), column j of S at place order[j], if that is given, of chosen signs;
    /// no order: as it lies.
    virtual Result<std::vector<std::uint8_t>> signs(std::span<const std::size_t> order) = 0;
};

struct EncodeOptions;

/// Where that is done, if not here.
class LeftoverDevice
{
public:
    virtual ~LeftoverDevice() = default;
    /// Errors: Numeric (moments that are not positive definite), Memory, Io, Internal, Canceled.
    virtual Result<std::unique_ptr<Leftover>> startLeftover(const LeftoverInput& input,
                                                            const EncodeOptions& options,
                                                            const JobContext& context) = 0;
};

/// On `options.device`, or on the processor if there is none or it has no room. Errors: as there;
/// of the processor only Numeric.
Result<std::unique_ptr<Leftover>> startLeftover(LeftoverInput input, const EncodeOptions& options,
                                                const JobContext& context);

} // namespace bs::bitstack
