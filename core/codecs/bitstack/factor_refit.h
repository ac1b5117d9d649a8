#pragma once

#include <cstddef>
#include <vector>

namespace bs::bitstack {

/// A block that is being fitted, in f32: S * (u V) is to come close to R, seen through H.
struct Fit
{
    std::size_t rows = 0;
    std::size_t cols = 0;
    std::size_t k = 0;
    const std::vector<float>& R; ///< [rows, cols]
    const std::vector<float>& H; ///< [cols, cols], second moments of the input
    std::vector<float> S;        ///< [rows, cols], +1 or -1
    std::vector<float> u;        ///< [rows, k]
    std::vector<float> V;        ///< [k, cols]

    /// M [rows, cols] = u V.
    void magnitudes(std::vector<float>& M) const;
    /// E [rows, cols] = R - S * (u V).
    void error(std::vector<float>& E) const;
};

/// Moves u towards the least tr(E H' E^T), H' = H + damping diag(H), by `steps` of conjugate
/// gradients, each row for itself. With random signs a row's normal matrix is V diag(H) V^T,
/// whatever the row: that is the preconditioner, and most of the gain comes with the first step.
/// steps + 1 products with H.
void refitRows(Fit& fit, float damping, int steps);

/// One pass over the columns of V, each moved to the least tr(E H' E^T) with all others as they
/// are. A column's normal matrix is u^T u whatever its signs. Costs one product with H.
void refitColumns(Fit& fit, float damping);

} // namespace bs::bitstack
