#include "core/codecs/bitstack/small_solver.h"

#include <cmath>

namespace bs::bitstack {

SmallSolver::SmallSolver(std::vector<double> A, std::size_t k)
    : m_L(std::move(A))
    , m_k(k)
{
    double trace = 0;
    for (std::size_t i = 0; i < k; ++i)
        trace += m_L[i * k + i];
    m_valid = std::isfinite(trace) && trace > 0;
    for (std::size_t i = 0; i < k && m_valid; ++i) {
        m_L[i * k + i] += 1e-7 * trace;
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = m_L[i * k + j];
            for (std::size_t l = 0; l < j; ++l)
                sum -= m_L[i * k + l] * m_L[j * k + l];
            m_L[i * k + j] = i == j ? std::sqrt(sum) : sum / m_L[j * k + j];
            m_valid = m_valid && (i != j || sum > 0);
        }
    }
}

void SmallSolver::solve(std::span<double> x) const
{
    for (std::size_t i = 0; i < m_k; ++i) {
        for (std::size_t j = 0; j < i; ++j)
            x[i] -= m_L[i * m_k + j] * x[j];
        x[i] /= m_L[i * m_k + i];
    }
    for (std::size_t i = m_k; i-- > 0;) {
        for (std::size_t j = i + 1; j < m_k; ++j)
            x[i] -= m_L[j * m_k + i] * x[j];
        x[i] /= m_L[i * m_k + i];
    }
}

std::vector<double> SmallSolver::inverse() const
{
    std::vector<double> inverse(m_k * m_k, 0.0);
    for (std::size_t i = 0; i < m_k; ++i) { // row by row: it is symmetric
        inverse[i * m_k + i] = 1;
        solve({&inverse[i * m_k], m_k});
    }
    return inverse;
}

} // namespace bs::bitstack
