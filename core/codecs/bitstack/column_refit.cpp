#include "core/codecs/bitstack/column_refit.h"

#include "core/codecs/bitstack/encoder_steps.h"
#include "core/linalg/cpu/kernels.h"
#include "core/linalg/dense.h"

#include <algorithm>

namespace bs::bitstack {

namespace {

using Floats = std::vector<float>;

/// Columns of vt whose gradients are made together.
constexpr std::size_t kPanel = 64;

/// Rows of a panel's arrays are columns of the matrix.
class ColumnRefit
{
public:
    ColumnRefit(Factors& factors, const Floats& S, const Floats& H, Floats& E,
                const SmallSolver& normal, float damping)
        : m_factors(factors)
        , m_S(S)
        , m_H(H)
        , m_E(E)
        , m_normal(normal)
        , m_damping(damping)
        , m_rows(factors.u.size() / factors.k)
        , m_cols(factors.vt.size() / factors.k)
        , m_ut(transposed(factors.u, factors.k))
        , m_gradient(kPanel * m_rows)
        , m_change(kPanel * m_rows)
        , m_signed(m_rows)
    {
    }

    void run()
    {
        for (std::size_t end = m_cols; end > 0;) {
            const std::size_t begin = end > kPanel ? end - kPanel : 0;
            panel(begin, end - begin);
            end = begin;
        }
    }

private:
    void panel(std::size_t begin, std::size_t width)
    {
        gemmNT(width, m_rows, m_cols, m_H.data() + begin * m_cols, m_cols, m_E.data(), m_cols,
               m_gradient.data(), m_rows);
        for (std::size_t c = width; c-- > 0;) {
            float* const change = m_change.data() + c * m_rows;
            moveColumn(begin + c, m_gradient.data() + c * m_rows, change);
            for (std::size_t o = 0; o < c; ++o)
                kernels().axpy(-m_H[(begin + c) * m_cols + begin + o], change,
                               m_gradient.data() + o * m_rows, m_rows);
        }
        for (std::size_t i = 0; i < m_rows; ++i)
            for (std::size_t c = 0; c < width; ++c)
                m_E[i * m_cols + begin + c] -= m_change[c * m_rows + i];
    }

    /// gradient [rows]: E times column j of H. change [rows]: what the column of S * (u vt) gains.
    void moveColumn(std::size_t j, const float* gradient, float* change)
    {
        const float power = m_H[j * m_cols + j];
        for (std::size_t i = 0; i < m_rows; ++i)
            m_signed[i] =
                m_S[i * m_cols + j] * (gradient[i] + m_damping * power * m_E[i * m_cols + j]);
        std::vector<double> step(m_factors.k);
        for (std::size_t r = 0; r < m_factors.k; ++r)
            step[r] = static_cast<double>(
                kernels().dot(m_ut.data() + r * m_rows, m_signed.data(), m_rows));
        m_normal.solve(step);
        std::fill(change, change + m_rows, 0.0F);
        for (std::size_t r = 0; r < m_factors.k; ++r) {
            const auto move =
                static_cast<float>(step[r] / static_cast<double>(power * (1 + m_damping)));
            m_factors.vt[r * m_cols + j] += move;
            kernels().axpy(move, m_ut.data() + r * m_rows, change, m_rows);
        }
        for (std::size_t i = 0; i < m_rows; ++i)
            change[i] *= m_S[i * m_cols + j];
    }

    Factors& m_factors;
    const Floats& m_S;
    const Floats& m_H;
    Floats& m_E;
    const SmallSolver& m_normal;
    float m_damping;
    std::size_t m_rows;
    std::size_t m_cols;
    Floats m_ut;       ///< [k, rows]
    Floats m_gradient; ///< [panel, rows]
    Floats m_change;   ///< [panel, rows]
    Floats m_signed;   ///< [rows]
};

} // namespace

void refitColumnsHere(Factors& factors, const Floats& S, const Floats& H, Floats& E,
                      const SmallSolver& normal, float damping)
{
    ColumnRefit(factors, S, H, E, normal, damping).run();
}

} // namespace bs::bitstack
