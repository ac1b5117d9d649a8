#include "core/base/result.h"
#include "core/codecs/bitstack/column_refit.h"
#include "core/codecs/bitstack/encoder_steps.h"
#include "core/codecs/bitstack/error_feedback.h"
#include "core/codecs/bitstack/leftover.h"
#include "core/codecs/without_room.h"
#include "core/linalg/cpu/kernels.h"
#include "core/linalg/dense.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

namespace bs::bitstack {

namespace {

using Floats = std::vector<float>;

class CpuLeftover : public Leftover
{
public:
    static Result<std::unique_ptr<Leftover>> create(LeftoverInput&& input,
                                                    const EncodeOptions& options)
    {
        const float damping = input.feedbackDamping;
        auto left = std::make_unique<CpuLeftover>(std::move(input), options);
        if (!left->m_H.empty()) {
            BS_TRY(left->m_feedback, ErrorFeedback::create(left->m_H, left->m_cols, damping));
        }
        return Result<std::unique_ptr<Leftover>>(std::move(left));
    }

    CpuLeftover(LeftoverInput&& input, const EncodeOptions& options)
        : m_rows(input.rows)
        , m_cols(input.cols)
        , m_k(input.k)
        , m_options(options)
        , m_R(std::move(input.W))
        , m_E(m_R.size())
        , m_H(std::move(input.moments))
    {
    }

    Result<SvdFactors> decompose(std::span<const float> weight, std::size_t block) override
    {
        Floats& A = m_E;
        if (weight.empty())
            std::transform(m_R.begin(), m_R.end(), A.begin(), [](float r) { return std::abs(r); });
        else
            for (std::size_t i = 0; i < A.size(); i += m_cols)
                for (std::size_t j = 0; j < m_cols; ++j)
                    A[i + j] = std::abs(m_R[i + j]) * weight[j];
        return bitstack::decompose(A, m_rows, m_cols, m_options, block);
    }

    Result<void> takeSigns() override
    {
        m_packed = packSigns(m_R);
        return {};
    }

    Result<void> chooseSigns(const Factors& factors) override
    {
        magnitudes(factors);
        m_S.resize(m_R.size());
        m_feedback->chooseSigns(m_R, m_E, m_S);
        m_packed = packSigns(m_S);
        return {};
    }

    Result<void> refitColumns(Factors& factors, const SmallSolver& normal, float damping) override
    {
        error(factors);
        refitColumnsHere(factors, m_S, m_H, m_E, normal, damping);
        return {};
    }

    Result<void> descent(const Factors& factors, float damping, Floats& out) override
    {
        error(factors);
        project(factors, damping, out);
        return {};
    }

    Result<void> curvature(const Factors& factors, float damping, Floats& out) override
    {
        magnitudes(factors);
        for (std::size_t i = 0; i < m_E.size(); ++i)
            m_E[i] *= m_S[i];
        project(factors, damping, out);
        return {};
    }

    Result<double> squaredError(const Factors& factors) override
    {
        BS_ASSERT(!m_S.empty());
        error(factors);
        return squaredNorm(m_E);
    }

    Result<void> subtract(const Factors& factors) override
    {
        Floats less(factors.u.size());
        std::transform(factors.u.begin(), factors.u.end(), less.begin(), std::negate<>());
        kernels().addSignedLowRank(m_packed.data(), less.data(), factors.vt.data(), m_rows, m_cols,
                                   m_k, m_R.data());
        return {};
    }

    Result<LeftoverSize> size() override
    {
        LeftoverSize size{squaredNorm(m_R), 0};
        if (m_H.empty()) return size;
        Floats G(m_R.size());
        gemmNT(m_rows, m_cols, m_cols, m_R.data(), m_cols, m_H.data(), m_cols, G.data(), m_cols);
        for (std::size_t i = 0; i < G.size(); ++i)
            size.output += static_cast<double>(G[i]) * static_cast<double>(m_R[i]);
        return size;
    }

    Result<std::vector<std::uint8_t>> signs(std::span<const std::size_t> order) override
    {
        if (order.empty()) return m_packed;
        BS_ASSERT(!m_S.empty());
        return packSigns(columnsFromOrder(m_S, order));
    }

private:
    /// E = u vt
    void magnitudes(const Factors& factors)
    {
        const Floats V = transposed(factors.vt, m_cols);
        gemmNT(m_rows, m_cols, m_k, factors.u.data(), m_k, V.data(), m_k, m_E.data(), m_cols);
    }

    /// E = R - S * (u vt)
    void error(const Factors& factors)
    {
        magnitudes(factors);
        for (std::size_t i = 0; i < m_E.size(); ++i)
            m_E[i] = m_R[i] - m_S[i] * m_E[i];
    }

    /// out [rows, k] = (S * (E H')) vt^T
    void project(const Factors& factors, float damping, Floats& out) const
    {
        Floats G(m_E.size());
        gemmNT(m_rows, m_cols, m_cols, m_E.data(), m_cols, m_H.data(), m_cols, G.data(), m_cols);
        for (std::size_t i = 0; i < G.size(); ++i) {
            const std::size_t j = i % m_cols;
            G[i] = m_S[i] * (G[i] + damping * m_H[j * m_cols + j] * m_E[i]);
        }
        gemmNT(m_rows, m_k, m_cols, G.data(), m_cols, factors.vt.data(), m_cols, out.data(), m_k);
    }

    std::size_t m_rows;
    std::size_t m_cols;
    std::size_t m_k;
    EncodeOptions m_options;
    Floats m_R;
    Floats m_E;                              ///< [rows, cols]: magnitudes, errors
    Floats m_H;                              ///< or empty
    std::optional<ErrorFeedback> m_feedback; ///< with moments
    Floats m_S;                              ///< [rows, cols], +1 or -1, once signs were chosen
    std::vector<std::uint8_t> m_packed;      ///< the signs
};

} // namespace

Result<std::unique_ptr<Leftover>> startLeftover(LeftoverInput input, const EncodeOptions& options,
                                                const JobContext& context)
{
    if (options.device != nullptr) {
        auto started = options.device->startLeftover(input, options, context);
        if (started || !leftToProcessor(started.error(), input.rows, input.cols)) return started;
    }
    return CpuLeftover::create(std::move(input), options);
}

} // namespace bs::bitstack
