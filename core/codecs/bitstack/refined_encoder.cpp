#include "core/codecs/bitstack/refined_encoder.h"

#include "core/codecs/bitstack/encoder_steps.h"
#include "core/linalg/cpu/kernels.h"
#include "core/linalg/dense.h"
#include "core/linalg/symmetric.h"
#include "core/tensor/float16.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace bs::bitstack {

namespace {

using Floats = std::vector<float>;

/// Columns of error feedback that are worked on together; what they owe to earlier ones is one product.
constexpr std::size_t kPanel = 64;

class Refiner
{
public:
    Refiner(std::span<const float> W, std::size_t rows, std::size_t cols, std::span<const float> H,
            const EncodeOptions& options, const RefineOptions& refine)
        : m_rows(rows), m_cols(cols), m_k(options.k), m_options(options), m_refine(refine)
    {
        sortColumns(W, H);
    }

    Result<RefinedEncoded> run(const JobContext& context);

private:
    void sortColumns(std::span<const float> W, std::span<const float> H);
    Result<void> prepareFeedback();
    Result<Block> nextBlock(std::size_t index);
    Result<SvdFactors> magnitudes(const Floats& T, std::size_t index);
    void chooseSigns(const Floats& M);
    void refitU(Floats& u);
    void sweepV(const Floats& u);
    void product(const Floats& u, Floats& out) const; ///< S * (u V)
    void timesH(const Floats& E, Floats& out) const { gemmNT(m_rows, m_cols, m_cols, E.data(), m_cols, m_H.data(), m_cols, out.data(), m_cols); }
    void project(Floats& G, Floats& out) const; ///< (G * S) V^T; G is changed
    double outputError(Floats& space) const;

    std::size_t m_rows, m_cols, m_k;
    EncodeOptions m_options;
    RefineOptions m_refine;
    std::vector<std::size_t> m_order;
    Floats m_H, m_L, m_R;
    Floats m_T, m_E, m_S;
    Floats m_V, m_Vt; // [k, cols], [cols, k]
    Floats m_root;
    std::vector<double> m_M;
};

void Refiner::sortColumns(std::span<const float> W, std::span<const float> H)
{
    std::vector<double> importance(m_cols, 0.0);
    for (std::size_t i = 0; i < m_rows; ++i)
        for (std::size_t j = 0; j < m_cols; ++j)
            importance[j] += static_cast<double>(W[i * m_cols + j]) * static_cast<double>(W[i * m_cols + j]);
    for (std::size_t j = 0; j < m_cols; ++j)
        importance[j] *= static_cast<double>(H[j * m_cols + j]);
    m_order.resize(m_cols);
    std::iota(m_order.begin(), m_order.end(), std::size_t{0});
    std::stable_sort(m_order.begin(), m_order.end(), [&](std::size_t a, std::size_t b) { return importance[a] < importance[b]; });
    m_R.resize(W.size());
    for (std::size_t i = 0; i < m_rows; ++i)
        for (std::size_t j = 0; j < m_cols; ++j)
            m_R[i * m_cols + j] = W[i * m_cols + m_order[j]];
    m_H.resize(H.size());
    for (std::size_t i = 0; i < m_cols; ++i)
        for (std::size_t j = 0; j < m_cols; ++j)
            m_H[i * m_cols + j] = H[m_order[i] * m_cols + m_order[j]];
    float largest = 0;
    for (std::size_t j = 0; j < m_cols; ++j)
        largest = std::max(largest, m_H[j * m_cols + j]);
    if (largest == 0) largest = 1;
    for (std::size_t j = 0; j < m_cols; ++j)
        m_H[j * m_cols + j] = std::max(m_H[j * m_cols + j], 1e-6F * largest);
}

Result<void> Refiner::prepareFeedback()
{
    Floats scale(m_cols);
    m_root.resize(m_cols);
    for (std::size_t j = 0; j < m_cols; ++j) {
        m_root[j] = m_refine.weighted ? std::sqrt(m_H[j * m_cols + j]) : 1.0F;
        scale[j] = 1 / std::sqrt(m_H[j * m_cols + j] * (1 + m_refine.damping));
    }
    m_L = m_H;
    for (std::size_t i = 0; i < m_cols; ++i) {
        for (std::size_t j = 0; j < m_cols; ++j)
            m_L[i * m_cols + j] *= scale[i] * scale[j];
        m_L[i * m_cols + i] = 1;
    }
    BS_CHECK(choleskyLower(m_L, m_cols));
    Floats pivot(m_cols);
    for (std::size_t j = 0; j < m_cols; ++j)
        pivot[j] = m_L[j * m_cols + j] / scale[j];
    for (std::size_t i = 0; i < m_cols; ++i)
        for (std::size_t j = 0; j < i; ++j)
            m_L[i * m_cols + j] /= scale[i] * pivot[j];
    mirrorLower(m_L.data(), m_cols);
    return {};
}

Result<SvdFactors> Refiner::magnitudes(const Floats& T, std::size_t index)
{
    Floats A(T.size());
    for (std::size_t i = 0; i < m_rows; ++i)
        for (std::size_t j = 0; j < m_cols; ++j)
            A[i * m_cols + j] = std::abs(T[i * m_cols + j]) * m_root[j];
    BS_TRY(SvdFactors factors, decompose(A, m_rows, m_cols, m_options, index));
    spreadSigma(factors, m_cols);
    float mean = 0;
    for (const float root : m_root)
        mean += root / static_cast<float>(m_cols);
    for (std::size_t r = 0; r < m_k; ++r)
        for (std::size_t j = 0; j < m_cols; ++j)
            factors.vt[r * m_cols + j] *= mean / m_root[j];
    for (float& u : factors.u)
        u /= mean;
    return factors;
}

void Refiner::chooseSigns(const Floats& M)
{
    Floats owed(m_rows * kPanel);
    for (std::size_t end = m_cols; end > 0;) {
        const std::size_t begin = end > kPanel ? end - kPanel : 0;
        const std::size_t width = end - begin;
        if (end < m_cols)
            gemmNT(m_rows, width, m_cols - end, m_E.data() + end, m_cols, m_L.data() + begin * m_cols + end, m_cols, owed.data(), width);
        for (std::size_t i = 0; i < m_rows; ++i) {
            float* t = m_T.data() + i * m_cols + begin;
            const float* r = m_R.data() + i * m_cols + begin;
            for (std::size_t k = 0; k < width; ++k)
                t[k] = r[k] + (end < m_cols ? owed[i * width + k] : 0.0F);
            for (std::size_t k = width; k-- > 0;) {
                const float m = M[i * m_cols + begin + k];
                const bool positive = (t[k] >= 0) == (m >= 0);
                m_S[i * m_cols + begin + k] = positive ? 1.0F : -1.0F;
                const float e = r[k] - (positive ? m : -m);
                m_E[i * m_cols + begin + k] = e;
                kernels().axpy(e, m_L.data() + (begin + k) * m_cols + begin, t, k);
            }
        }
        end = begin;
    }
}

void Refiner::product(const Floats& u, Floats& out) const
{
    gemmNT(m_rows, m_cols, m_k, u.data(), m_k, m_Vt.data(), m_k, out.data(), m_cols);
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] *= m_S[i];
}

void Refiner::project(Floats& G, Floats& out) const
{
    for (std::size_t i = 0; i < G.size(); ++i)
        G[i] *= m_S[i];
    gemmNT(m_rows, m_k, m_cols, G.data(), m_cols, m_V.data(), m_cols, out.data(), m_k);
}

/// Solves A x = b in place, A [k, k] symmetric positive definite, given its Cholesky factor.
void solveCholesky(const std::vector<double>& L, std::size_t k, double* x)
{
    for (std::size_t i = 0; i < k; ++i) {
        for (std::size_t j = 0; j < i; ++j)
            x[i] -= L[i * k + j] * x[j];
        x[i] /= L[i * k + i];
    }
    for (std::size_t i = k; i-- > 0;) {
        for (std::size_t j = i + 1; j < k; ++j)
            x[i] -= L[j * k + i] * x[j];
        x[i] /= L[i * k + i];
    }
}

bool factorize(std::vector<double>& A, std::size_t k)
{
    double trace = 0;
    for (std::size_t i = 0; i < k; ++i)
        trace += A[i * k + i];
    if (!(trace > 0)) return false;
    for (std::size_t i = 0; i < k; ++i)
        A[i * k + i] += 1e-7 * trace;
    for (std::size_t i = 0; i < k; ++i)
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = A[i * k + j];
            for (std::size_t l = 0; l < j; ++l)
                sum -= A[i * k + l] * A[j * k + l];
            A[i * k + j] = i == j ? std::sqrt(sum) : sum / A[j * k + j];
        }
    return true;
}

void Refiner::refitU(Floats& u)
{
    std::vector<double> M(m_k * m_k);
    for (std::size_t a = 0; a < m_k; ++a)
        for (std::size_t b = 0; b < m_k; ++b) {
            double sum = 0;
            for (std::size_t j = 0; j < m_cols; ++j)
                sum += static_cast<double>(m_V[a * m_cols + j]) * static_cast<double>(m_V[b * m_cols + j]) * static_cast<double>(m_H[j * m_cols + j]);
            M[a * m_k + b] = sum;
        }
    if (!factorize(M, m_k)) return;
    Floats part(m_R.size()), Q(m_R.size()), residual(u.size()), p(u.size()), q(u.size());
    product(u, part);
    for (std::size_t i = 0; i < part.size(); ++i)
        part[i] = m_R[i] - part[i];
    auto timesDamped = [&] {
        timesH(part, Q);
        if (m_refine.refitDamping > 0)
            for (std::size_t i = 0; i < m_rows; ++i)
                for (std::size_t j = 0; j < m_cols; ++j)
                    Q[i * m_cols + j] += m_refine.refitDamping * m_H[j * m_cols + j] * part[i * m_cols + j];
    };
    timesDamped();
    project(Q, residual);
    std::vector<double> rho(m_rows, 0.0);
    std::vector<double> z(m_k);
    for (int step = 0; step < m_refine.refits; ++step) {
        for (std::size_t i = 0; i < m_rows; ++i) {
            std::copy_n(residual.begin() + static_cast<std::ptrdiff_t>(i * m_k), m_k, z.begin());
            solveCholesky(M, m_k, z.data());
            double now = 0;
            for (std::size_t r = 0; r < m_k; ++r)
                now += z[r] * static_cast<double>(residual[i * m_k + r]);
            const double beta = rho[i] > 0 ? now / rho[i] : 0;
            rho[i] = now;
            for (std::size_t r = 0; r < m_k; ++r)
                p[i * m_k + r] = static_cast<float>(z[r] + beta * static_cast<double>(p[i * m_k + r]));
        }
        product(p, part);
        timesDamped();
        project(Q, q);
        for (std::size_t i = 0; i < m_rows; ++i) {
            double curvature = 0;
            for (std::size_t r = 0; r < m_k; ++r)
                curvature += static_cast<double>(p[i * m_k + r]) * static_cast<double>(q[i * m_k + r]);
            if (!(curvature > 0)) continue;
            const auto alpha = static_cast<float>(rho[i] / curvature);
            for (std::size_t r = 0; r < m_k; ++r) {
                u[i * m_k + r] += alpha * p[i * m_k + r];
                residual[i * m_k + r] -= alpha * q[i * m_k + r];
            }
        }
    }
}

/// One Gauss-Seidel pass over the columns of V.
void Refiner::sweepV(const Floats& u)
{
    std::vector<double> M(m_k * m_k);
    for (std::size_t a = 0; a < m_k; ++a)
        for (std::size_t b = 0; b < m_k; ++b) {
            double sum = 0;
            for (std::size_t i = 0; i < m_rows; ++i)
                sum += static_cast<double>(u[i * m_k + a]) * static_cast<double>(u[i * m_k + b]);
            M[a * m_k + b] = sum;
        }
    if (!factorize(M, m_k)) return;
    Floats E(m_R.size());
    product(u, E);
    for (std::size_t i = 0; i < E.size(); ++i)
        E[i] = m_R[i] - E[i];
    // H as coefficients of later columns: g_j = E H_j
    Floats g(m_rows);
    std::vector<double> d(m_k);
    Floats G(m_rows * kPanel);
    for (std::size_t begin = 0; begin < m_cols; begin += kPanel) {
        const std::size_t width = std::min(kPanel, m_cols - begin);
        gemmNT(m_rows, width, m_cols, E.data(), m_cols, m_H.data() + begin * m_cols, m_cols, G.data(), width);
        for (std::size_t c = 0; c < width; ++c) {
            const std::size_t j = begin + c;
            const double h = static_cast<double>(m_H[j * m_cols + j]) * (1 + static_cast<double>(m_refine.refitDamping));
            std::fill(d.begin(), d.end(), 0.0);
            for (std::size_t i = 0; i < m_rows; ++i) {
                const double v = static_cast<double>(G[i * width + c] + m_refine.refitDamping * m_H[j * m_cols + j] * E[i * m_cols + j]) * static_cast<double>(m_S[i * m_cols + j]);
                for (std::size_t r = 0; r < m_k; ++r)
                    d[r] += v * static_cast<double>(u[i * m_k + r]);
            }
            solveCholesky(M, m_k, d.data());
            for (std::size_t r = 0; r < m_k; ++r)
                m_V[r * m_cols + j] += static_cast<float>(d[r] / h);
            for (std::size_t i = 0; i < m_rows; ++i) {
                double change = 0;
                for (std::size_t r = 0; r < m_k; ++r)
                    change += d[r] / h * static_cast<double>(u[i * m_k + r]);
                const float e = static_cast<float>(change) * m_S[i * m_cols + j];
                E[i * m_cols + j] -= e;
                for (std::size_t o = c + 1; o < width; ++o)
                    G[i * width + o] -= e * m_H[j * m_cols + begin + o];
            }
        }
    }
}

double Refiner::outputError(Floats& space) const
{
    timesH(m_R, space);
    double sum = 0;
    for (std::size_t i = 0; i < m_R.size(); ++i)
        sum += static_cast<double>(space[i]) * static_cast<double>(m_R[i]);
    return sum;
}

Result<Block> Refiner::nextBlock(std::size_t index)
{
    Floats M(m_R.size());
    Floats u;
    auto roundV = [&](Block& block) -> Result<void> {
        BS_TRY(block.vt, toHalfs(m_V, index));
        m_Vt.resize(m_V.size());
        for (std::size_t r = 0; r < m_k; ++r)
            for (std::size_t j = 0; j < m_cols; ++j)
                m_Vt[j * m_k + r] = m_V[r * m_cols + j] = halfToFloat(block.vt[r * m_cols + j]);
        return {};
    };
    Block block;
    m_T = m_R;
    for (int round = 0; round < m_refine.rounds; ++round) {
        BS_TRY(SvdFactors factors, magnitudes(m_T, index));
        m_V = std::move(factors.vt);
        BS_CHECK(roundV(block));
        u = std::move(factors.u);
        gemmNT(m_rows, m_cols, m_k, u.data(), m_k, m_Vt.data(), m_k, M.data(), m_cols);
        chooseSigns(M);
    }
    refitU(u);
    for (int i = 0; i < m_refine.vSweeps; ++i) {
        sweepV(u);
        BS_CHECK(roundV(block));
        refitU(u);
    }
    BS_TRY(block.u, toHalfs(u, index));
    for (std::size_t i = 0; i < u.size(); ++i)
        u[i] = halfToFloat(block.u[i]);
    product(u, M);
    for (std::size_t i = 0; i < M.size(); ++i)
        m_R[i] -= M[i];
    // back to the matrix's own order of columns
    Floats S(m_S.size());
    for (std::size_t i = 0; i < m_rows; ++i)
        for (std::size_t j = 0; j < m_cols; ++j)
            S[i * m_cols + m_order[j]] = m_S[i * m_cols + j];
    block.sign = packSigns(S);
    const std::vector<std::uint16_t> sorted = block.vt;
    for (std::size_t r = 0; r < m_k; ++r)
        for (std::size_t j = 0; j < m_cols; ++j)
            block.vt[r * m_cols + m_order[j]] = sorted[r * m_cols + j];
    return block;
}

Result<RefinedEncoded> Refiner::run(const JobContext& context)
{
    BS_CHECK(prepareFeedback());
    m_T.resize(m_R.size());
    m_E.resize(m_R.size());
    m_S.resize(m_R.size());
    Floats space(m_R.size());
    RefinedEncoded out;
    out.residual.push_back(squaredNorm(m_R));
    out.outputError.push_back(outputError(space));
    for (std::size_t i = 0; i < m_options.blocks; ++i) {
        BS_CHECK(context.checkStop());
        auto block = nextBlock(i);
        if (!block) return std::move(block).error().in("block " + std::to_string(i));
        out.blocks.push_back(std::move(block).value());
        out.residual.push_back(squaredNorm(m_R));
        out.outputError.push_back(outputError(space));
    }
    return out;
}

} // namespace

Result<RefinedEncoded> encodeRefined(std::span<const float> W, std::size_t rows, std::size_t cols,
                                     std::span<const float> moments, const EncodeOptions& options,
                                     const RefineOptions& refine, const JobContext& context)
{
    BS_CHECK(checkInput(W, rows, cols, options.k));
    if (moments.size() / cols != cols || moments.size() % cols != 0)
        return Error{ErrorCode::Shape, "second moments of " + std::to_string(cols) + " inputs have " + std::to_string(moments.size()) + " values"};
    return Refiner(W, rows, cols, moments, options, refine).run(context);
}

} // namespace bs::bitstack
