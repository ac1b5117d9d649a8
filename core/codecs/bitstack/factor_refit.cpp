#include "core/codecs/bitstack/factor_refit.h"

#include "core/codecs/bitstack/encoder_steps.h"
#include "core/linalg/cpu/kernels.h"

#include <algorithm>
#include <cmath>

namespace bs::bitstack {

namespace {

using Floats = std::vector<float>;

/// sum over j of weight[j] x_j x_j^T for the columns x_j of X [k, n]; no weights: all 1.
std::vector<double> weightedGram(const Floats& X, std::size_t n, std::span<const float> weight)
{
    const std::size_t k = X.size() / n;
    Floats scaled(n);
    std::vector<double> gram(k * k);
    for (std::size_t a = 0; a < k; ++a) {
        for (std::size_t j = 0; j < n; ++j)
            scaled[j] = X[a * n + j] * (weight.empty() ? 1.0F : weight[j]);
        for (std::size_t b = 0; b <= a; ++b)
            gram[a * k + b] = gram[b * k + a] =
                static_cast<double>(kernels().dot(scaled.data(), X.data() + b * n, n));
    }
    return gram;
}

/// Conjugate gradients of all rows at once.
class RowRefit
{
public:
    RowRefit(Leftover& left, Factors& factors, const SmallSolver& preconditioner)
        : m_left(left)
        , m_factors(factors)
        , m_preconditioner(preconditioner)
        , m_k(factors.k)
        , m_residual(factors.u.size())
        , m_direction{m_k, Floats(factors.u.size()), factors.vt}
        , m_curved(factors.u.size())
        , m_energy(factors.u.size() / m_k, 0.0)
    {
    }

    Result<void> run(float damping, int steps)
    {
        BS_CHECK(m_left.descent(m_factors, damping, m_residual));
        for (int i = 0; i < steps; ++i) {
            turn();
            BS_CHECK(m_left.curvature(m_direction, damping, m_curved));
            advance();
        }
        return {};
    }

private:
    /// The next direction of every row.
    void turn()
    {
        std::vector<double> z(m_k);
        Floats& direction = m_direction.u;
        for (std::size_t i = 0; i < m_energy.size(); ++i) {
            std::copy_n(&m_residual[i * m_k], m_k, z.begin());
            m_preconditioner.solve(z);
            double energy = 0;
            for (std::size_t r = 0; r < m_k; ++r)
                energy += z[r] * static_cast<double>(m_residual[i * m_k + r]);
            const double kept = m_energy[i] > 0 ? energy / m_energy[i] : 0;
            m_energy[i] = energy;
            for (std::size_t r = i * m_k; r < (i + 1) * m_k; ++r)
                direction[r] =
                    static_cast<float>(z[r - i * m_k] + kept * static_cast<double>(direction[r]));
        }
    }

    void advance()
    {
        const Floats& direction = m_direction.u;
        for (std::size_t i = 0; i < m_energy.size(); ++i) {
            double curvature = 0;
            for (std::size_t r = i * m_k; r < (i + 1) * m_k; ++r)
                curvature += static_cast<double>(direction[r]) * static_cast<double>(m_curved[r]);
            if (!(curvature > 0)) continue; // nothing left to gain in this row
            const auto step = static_cast<float>(m_energy[i] / curvature);
            if (!std::isfinite(step)) continue;
            for (std::size_t r = i * m_k; r < (i + 1) * m_k; ++r) {
                m_factors.u[r] += step * direction[r];
                m_residual[r] -= step * m_curved[r];
            }
        }
    }

    Leftover& m_left;
    Factors& m_factors;
    const SmallSolver& m_preconditioner;
    std::size_t m_k;
    Floats m_residual;   ///< [rows, k], half the negative gradient
    Factors m_direction; ///< of u; vt is the factors'
    Floats m_curved;     ///< [rows, k], normal matrix times direction
    std::vector<double> m_energy;
};

} // namespace

Result<void> refitColumns(Leftover& left, Factors& factors, float damping)
{
    const std::size_t rows = factors.u.size() / factors.k;
    const SmallSolver normal(weightedGram(transposed(factors.u, factors.k), rows, {}), factors.k);
    if (!normal.valid()) return {};
    return left.refitColumns(factors, normal, damping);
}

Result<void> refitRows(Leftover& left, Factors& factors, std::span<const float> diagonal,
                       float damping, int steps)
{
    const SmallSolver preconditioner(weightedGram(factors.vt, diagonal.size(), diagonal),
                                     factors.k);
    if (!preconditioner.valid()) return {};
    return RowRefit(left, factors, preconditioner).run(damping, steps);
}

} // namespace bs::bitstack
