#pragma once

#include "core/base/result.h"
#include "core/linalg/matrix_device.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace bs::bitstack {

/// Second moments of the input of a matrix.
struct Moments
{
    std::size_t cols = 0;
    std::vector<float> H;             ///< [cols, cols], symmetric
    std::unique_ptr<HeldMatrix> held; ///< the same on a card, or nullptr

    /// out [rows, cols] = E [rows, cols] H. Errors: as HeldMatrix; none without.
    Result<void> multiply(const std::vector<float>& E, std::vector<float>& out) const;
};

/// A block that is being fitted, in f32: S * (u V) is to come close to R, seen through H.
struct Fit
{
    std::size_t rows = 0;
    std::size_t cols = 0;
    std::size_t k = 0;
    const std::vector<float>& R; ///< [rows, cols]
    const Moments& moments;
    std::vector<float> S; ///< [rows, cols], +1 or -1
    std::vector<float> u; ///< [rows, k]
    std::vector<float> V; ///< [k, cols]

    /// M [rows, cols] = u V.
    void magnitudes(std::vector<float>& M) const;
    /// E [rows, cols] = R - S * (u V).
    void error(std::vector<float>& E) const;
};

/// Moves u towards the least tr(E H' E^T), H' = H + damping diag(H), by `steps` of conjugate
/// gradients, each row for itself. With random signs a row's normal matrix is V diag(H) V^T,
/// whatever the row: that is the preconditioner, and most of the gain comes with the first step.
/// steps + 1 products with H, on the card if that has it. Errors: as Moments::multiply; u is
/// useless then.
Result<void> refitRows(Fit& fit, float damping, int steps);

/// One pass over the columns of V, each moved to the least tr(E H' E^T) with all others as they
/// are. A column's normal matrix is u^T u whatever its signs. Costs one product with H, in panels
/// that wait for each other: the processor's.
void refitColumns(Fit& fit, float damping);

} // namespace bs::bitstack
