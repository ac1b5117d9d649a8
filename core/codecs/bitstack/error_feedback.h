#pragma once

#include "core/base/result.h"

#include <span>
#include <vector>

namespace bs::bitstack {

/// Chooses the signs of a block one column after another; what is left over in a column is made up
/// for by those that follow, as far as inputs correlate.
///
/// With e = r - s m the error of a row, its output error is e H e^T = sum over j of d_j (e_j + sum
/// over i < j of e_i U_ij)^2, where H = U diag(d) U^T with unit upper triangular U. So column j
/// aims at r_j + sum over i < j of e_i U_ij instead of r_j. Source: GPTQ (arXiv 2210.17323) in the
/// form of QuIP (arXiv 2307.13304), section 3. Differs: a sign times a given magnitude instead of
/// rounding; H is damped.
class ErrorFeedback
{
public:
    /// H [n, n], every diagonal value positive. Works under H + damping diag(H). Errors: Numeric.
    static Result<ErrorFeedback> create(std::span<const float> H, std::size_t n, float damping);

    /// S [rows, n] becomes +1 or -1 so that S * M comes close to R in outputs; magnitudes M may be
    /// negative.
    void chooseSigns(const std::vector<float>& R, const std::vector<float>& M,
                     std::vector<float>& S) const;

private:
    explicit ErrorFeedback(std::size_t n)
        : m_n(n)
    {
    }

    std::size_t m_n;
    std::vector<float> m_U; ///< [n, n], U above the diagonal and its transpose below
};

} // namespace bs::bitstack
