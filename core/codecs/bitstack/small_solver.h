#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace bs::bitstack {

/// Solves A x = b for a small symmetric A [k, k] by Cholesky's decomposition, in f64.
class SmallSolver
{
public:
    /// A little is added to the diagonal, so that dependent factors do no harm.
    SmallSolver(std::vector<double> A, std::size_t k);

    /// Whether A could be decomposed; nothing else may be asked otherwise.
    bool valid() const { return m_valid; }
    /// x becomes the solution of A x = x.
    void solve(std::span<double> x) const;
    /// [k, k]
    std::vector<double> inverse() const;

private:
    std::vector<double> m_L;
    std::size_t m_k;
    bool m_valid = false;
};

} // namespace bs::bitstack
