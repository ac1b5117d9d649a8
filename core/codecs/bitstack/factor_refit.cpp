#include "core/codecs/bitstack/factor_refit.h"

#include "core/linalg/cpu/kernels.h"
#include "core/linalg/dense.h"

#include <algorithm>
#include <cmath>

namespace bs::bitstack {

namespace {

using Floats = std::vector<float>;

/// Columns of V whose gradients are made together.
constexpr std::size_t kPanel = 64;

/// The Cholesky factor of a small matrix, f64.
class SmallSolver
{
public:
    /// A [k, k]; a little is added to the diagonal, so that dependent factors do no harm.
    SmallSolver(std::vector<double> A, std::size_t k)
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

    bool valid() const { return m_valid; }

    /// x becomes the solution of A x = x.
    void solve(std::vector<double>& x) const
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

private:
    std::vector<double> m_L;
    std::size_t m_k;
    bool m_valid = false;
};

/// sum over j of weight[j * step] x_j x_j^T for the columns x_j of X [k, n]; weight may be null:
/// all 1.
std::vector<double> weightedGram(const Floats& X, std::size_t k, const float* weight,
                                 std::size_t step)
{
    const std::size_t n = X.size() / k;
    Floats scaled(n);
    std::vector<double> gram(k * k);
    for (std::size_t a = 0; a < k; ++a) {
        for (std::size_t j = 0; j < n; ++j)
            scaled[j] = X[a * n + j] * (weight != nullptr ? weight[j * step] : 1.0F);
        for (std::size_t b = 0; b <= a; ++b)
            gram[a * k + b] = gram[b * k + a] =
                static_cast<double>(kernels().dot(scaled.data(), X.data() + b * n, n));
    }
    return gram;
}

Floats transposed(const Floats& X, std::size_t cols)
{
    const std::size_t rows = X.size() / cols;
    Floats T(X.size());
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < cols; ++j)
            T[j * rows + i] = X[i * cols + j];
    return T;
}

/// Conjugate gradients of all rows at once.
class RowRefit
{
public:
    RowRefit(Fit& fit, float damping, const SmallSolver& preconditioner)
        : m_fit(fit)
        , m_damping(damping)
        , m_preconditioner(preconditioner)
        , m_left(fit.u.size())
        , m_direction(fit.u.size())
        , m_curved(fit.u.size())
        , m_energy(fit.rows, 0.0)
        , m_space(fit.R.size())
    {
    }

    Result<void> run(int steps)
    {
        Floats E(m_fit.R.size());
        m_fit.error(E);
        BS_CHECK(project(E, m_left));
        for (int i = 0; i < steps; ++i) {
            turn();
            gemmNT(m_fit.rows, m_fit.cols, m_fit.k, m_direction.data(), m_fit.k, m_Vt.data(),
                   m_fit.k, E.data(), m_fit.cols);
            for (std::size_t j = 0; j < E.size(); ++j)
                E[j] *= m_fit.S[j];
            BS_CHECK(project(E, m_curved));
            advance();
        }
        return {};
    }

private:
    /// out [rows, k] = (S * (E H')) V^T
    Result<void> project(const Floats& E, Floats& out)
    {
        const std::size_t cols = m_fit.cols;
        const Floats& H = m_fit.moments.H;
        BS_CHECK(m_fit.moments.multiply(E, m_space));
        for (std::size_t i = 0; i < m_space.size(); ++i) {
            const std::size_t j = i % cols;
            m_space[i] = m_fit.S[i] * (m_space[i] + m_damping * H[j * cols + j] * E[i]);
        }
        gemmNT(m_fit.rows, m_fit.k, cols, m_space.data(), cols, m_fit.V.data(), cols, out.data(),
               m_fit.k);
        return {};
    }

    /// The next direction of every row.
    void turn()
    {
        const std::size_t k = m_fit.k;
        std::vector<double> z(k);
        for (std::size_t i = 0; i < m_fit.rows; ++i) {
            std::copy_n(&m_left[i * k], k, z.begin());
            m_preconditioner.solve(z);
            double energy = 0;
            for (std::size_t r = 0; r < k; ++r)
                energy += z[r] * static_cast<double>(m_left[i * k + r]);
            const double kept = m_energy[i] > 0 ? energy / m_energy[i] : 0;
            m_energy[i] = energy;
            for (std::size_t r = 0; r < k; ++r)
                m_direction[i * k + r] =
                    static_cast<float>(z[r] + kept * static_cast<double>(m_direction[i * k + r]));
        }
    }

    void advance()
    {
        const std::size_t k = m_fit.k;
        for (std::size_t i = 0; i < m_fit.rows; ++i) {
            double curvature = 0;
            for (std::size_t r = i * k; r < (i + 1) * k; ++r)
                curvature += static_cast<double>(m_direction[r]) * static_cast<double>(m_curved[r]);
            if (!(curvature > 0)) continue; // nothing left to gain in this row
            const auto step = static_cast<float>(m_energy[i] / curvature);
            if (!std::isfinite(step)) continue;
            for (std::size_t r = i * k; r < (i + 1) * k; ++r) {
                m_fit.u[r] += step * m_direction[r];
                m_left[r] -= step * m_curved[r];
            }
        }
    }

    Fit& m_fit;
    float m_damping;
    const SmallSolver& m_preconditioner;
    Floats m_Vt = transposed(m_fit.V, m_fit.cols); ///< [cols, k]
    Floats m_left;                                 ///< [rows, k], half the negative gradient
    Floats m_direction;                            ///< [rows, k]
    Floats m_curved;                               ///< [rows, k], normal matrix times direction
    std::vector<double> m_energy;
    Floats m_space; ///< [rows, cols]
};

/// Gauss-Seidel over the columns of V, a panel of them at a time; rows of a panel's arrays are
/// columns of the matrix.
class ColumnRefit
{
public:
    ColumnRefit(Fit& fit, float damping, const Floats& ut, const SmallSolver& normal)
        : m_fit(fit)
        , m_damping(damping)
        , m_ut(ut)
        , m_normal(normal)
        , m_E(fit.R.size())
        , m_gradient(kPanel * fit.rows)
        , m_change(kPanel * fit.rows)
        , m_signed(fit.rows)
    {
        m_fit.error(m_E);
    }

    void run()
    {
        for (std::size_t begin = 0; begin < m_fit.cols; begin += kPanel)
            panel(begin, std::min(kPanel, m_fit.cols - begin));
    }

private:
    void panel(std::size_t begin, std::size_t width)
    {
        const std::size_t rows = m_fit.rows;
        const std::size_t cols = m_fit.cols;
        gemmNT(width, rows, cols, m_fit.moments.H.data() + begin * cols, cols, m_E.data(), cols,
               m_gradient.data(), rows);
        for (std::size_t c = 0; c < width; ++c) {
            moveColumn(begin + c, m_gradient.data() + c * rows, m_change.data() + c * rows);
            for (std::size_t o = c + 1; o < width; ++o)
                kernels().axpy(-m_fit.moments.H[(begin + c) * cols + begin + o],
                               m_change.data() + c * rows, m_gradient.data() + o * rows, rows);
        }
        for (std::size_t i = 0; i < rows; ++i)
            for (std::size_t c = 0; c < width; ++c)
                m_E[i * cols + begin + c] -= m_change[c * rows + i];
    }

    /// gradient [rows]: E times column j of H. change [rows]: what the column of S * (u V) gains.
    void moveColumn(std::size_t j, const float* gradient, float* change)
    {
        const std::size_t rows = m_fit.rows;
        const std::size_t cols = m_fit.cols;
        const float power = m_fit.moments.H[j * cols + j];
        for (std::size_t i = 0; i < rows; ++i)
            m_signed[i] =
                m_fit.S[i * cols + j] * (gradient[i] + m_damping * power * m_E[i * cols + j]);
        std::vector<double> step(m_fit.k);
        for (std::size_t r = 0; r < m_fit.k; ++r)
            step[r] =
                static_cast<double>(kernels().dot(m_ut.data() + r * rows, m_signed.data(), rows));
        m_normal.solve(step);
        std::fill(change, change + rows, 0.0F);
        for (std::size_t r = 0; r < m_fit.k; ++r) {
            const auto move =
                static_cast<float>(step[r] / static_cast<double>(power * (1 + m_damping)));
            m_fit.V[r * cols + j] += move;
            kernels().axpy(move, m_ut.data() + r * rows, change, rows);
        }
        for (std::size_t i = 0; i < rows; ++i)
            change[i] *= m_fit.S[i * cols + j];
    }

    Fit& m_fit;
    float m_damping;
    const Floats& m_ut; ///< [k, rows]
    const SmallSolver& m_normal;
    Floats m_E;        ///< [rows, cols]
    Floats m_gradient; ///< [panel, rows]
    Floats m_change;   ///< [panel, rows]
    Floats m_signed;   ///< [rows]
};

} // namespace

Result<void> Moments::multiply(const Floats& E, Floats& out) const
{
    const std::size_t rows = E.size() / cols;
    if (held) return held->multiply(E.data(), rows, out.data()); // H is its own transpose
    gemmNT(rows, cols, cols, E.data(), cols, H.data(), cols, out.data(), cols);
    return {};
}

void Fit::magnitudes(Floats& M) const
{
    const Floats Vt = transposed(V, cols);
    gemmNT(rows, cols, k, u.data(), k, Vt.data(), k, M.data(), cols);
}

void Fit::error(Floats& E) const
{
    magnitudes(E);
    for (std::size_t i = 0; i < E.size(); ++i)
        E[i] = R[i] - S[i] * E[i];
}

Result<void> refitRows(Fit& fit, float damping, int steps)
{
    const Floats& H = fit.moments.H;
    const SmallSolver preconditioner(weightedGram(fit.V, fit.k, H.data(), fit.cols + 1), fit.k);
    if (!preconditioner.valid()) return {};
    return RowRefit(fit, damping, preconditioner).run(steps);
}

void refitColumns(Fit& fit, float damping)
{
    const Floats ut = transposed(fit.u, fit.k);
    const SmallSolver normal(weightedGram(ut, fit.k, nullptr, 0), fit.k);
    if (normal.valid()) ColumnRefit(fit, damping, ut, normal).run();
}

} // namespace bs::bitstack
