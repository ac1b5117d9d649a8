#include "core/codecs/bitstack/refined_encoder.h"

#include "core/codecs/bitstack/encoder_steps.h"
#include "core/codecs/bitstack/error_feedback.h"
#include "core/codecs/bitstack/factor_refit.h"
#include "core/tensor/float16.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace bs::bitstack {

namespace {

using Floats = std::vector<float>;

/// A channel that is never used counts as one of this share of the most used one's power.
constexpr float kLeastPower = 1e-6F;

Result<void> checkMoments(std::span<const float> H, std::size_t cols)
{
    if (H.size() / cols != cols || H.size() % cols != 0)
        return Error{ErrorCode::Shape, "second moments of " + std::to_string(cols) +
                                           " inputs have " + std::to_string(H.size()) + " values"};
    const auto bad = std::find_if(H.begin(), H.end(), [](float h) { return !std::isfinite(h); });
    if (bad == H.end()) return {};
    const auto at = static_cast<std::size_t>(bad - H.begin());
    return Error{ErrorCode::Numeric, "second moment of inputs " + std::to_string(at / cols) +
                                         " and " + std::to_string(at % cols) + " is " +
                                         (std::isnan(*bad) ? "not a number" : "infinite")};
}

/// Columns by rising share of the output's power: error feedback begins with the last.
std::vector<std::size_t> byImportance(std::span<const float> W, std::span<const float> H,
                                      std::size_t cols)
{
    std::vector<double> power(cols, 0.0);
    for (std::size_t i = 0; i < W.size(); ++i)
        power[i % cols] += static_cast<double>(W[i]) * static_cast<double>(W[i]);
    for (std::size_t j = 0; j < cols; ++j)
        power[j] *= static_cast<double>(H[j * cols + j]);
    std::vector<std::size_t> order(cols);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return power[a] < power[b]; });
    return order;
}

/// X [n, cols] with the columns order[0], order[1], ..
Floats columnsInOrder(std::span<const float> X, const std::vector<std::size_t>& order)
{
    Floats sorted(X.size());
    for (std::size_t i = 0; i < X.size(); i += order.size())
        for (std::size_t j = 0; j < order.size(); ++j)
            sorted[i + j] = X[i + order[j]];
    return sorted;
}

/// The way back.
template <class T>
std::vector<T> columnsFromOrder(const std::vector<T>& sorted, const std::vector<std::size_t>& order)
{
    std::vector<T> X(sorted.size());
    for (std::size_t i = 0; i < X.size(); i += order.size())
        for (std::size_t j = 0; j < order.size(); ++j)
            X[i + order[j]] = sorted[i + j];
    return X;
}

Floats sortedMoments(std::span<const float> H, const std::vector<std::size_t>& order)
{
    const std::size_t n = order.size();
    Floats sorted(H.size());
    float largest = 0;
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j)
            sorted[i * n + j] = H[order[i] * n + order[j]];
        largest = std::max(largest, sorted[i * n + i]);
    }
    const float least = largest > 0 ? kLeastPower * largest : 1.0F;
    for (std::size_t i = 0; i < n; ++i)
        sorted[i * n + i] = std::max(sorted[i * n + i], least);
    return sorted;
}

void roundToHalfs(Floats& values, const std::vector<std::uint16_t>& halfs)
{
    std::transform(halfs.begin(), halfs.end(), values.begin(), halfToFloat);
}

/// One matrix; its columns lie in order of importance throughout.
class Refiner
{
public:
    Refiner(std::span<const float> W, std::size_t rows, std::size_t cols, std::span<const float> H,
            const EncodeOptions& options, const RefineOptions& refine)
        : m_rows(rows)
        , m_cols(cols)
        , m_options(options)
        , m_refine(refine)
        , m_order(byImportance(W, H, cols))
        , m_moments{cols, sortedMoments(H, m_order), nullptr}
        , m_R(columnsInOrder(W, m_order))
    {
    }

    Result<RefinedEncoded> run(const JobContext& context);

private:
    Result<Block> nextBlock(const ErrorFeedback& feedback, std::size_t index);
    Result<void> magnitudes(Fit& fit, std::size_t index) const;
    void raise(Fit& fit, std::size_t index) const;
    Result<void> report(RefinedEncoded& out) const;

    std::size_t m_rows;
    std::size_t m_cols;
    const EncodeOptions& m_options;
    const RefineOptions& m_refine;
    std::vector<std::size_t> m_order; ///< column at each place
    Moments m_moments;
    Floats m_R; ///< [rows, cols], what the blocks so far leave over
};

/// |R| ~ u V, columns weighted by the power of their inputs.
Result<void> Refiner::magnitudes(Fit& fit, std::size_t index) const
{
    Floats weight(m_cols);
    float mean = 0;
    for (std::size_t j = 0; j < m_cols; ++j) {
        weight[j] = std::sqrt(m_moments.H[j * m_cols + j]);
        mean += weight[j] / static_cast<float>(m_cols);
    }
    Floats A(m_R.size());
    for (std::size_t i = 0; i < A.size(); ++i)
        A[i] = std::abs(m_R[i]) * (weight[i % m_cols] / mean);
    BS_TRY(SvdFactors factors, decompose(A, m_rows, m_cols, m_options, index));
    spreadSigma(factors, m_cols);
    for (std::size_t i = 0; i < factors.vt.size(); ++i)
        factors.vt[i] *= mean / weight[i % m_cols];
    fit.u = std::move(factors.u);
    fit.V = std::move(factors.vt);
    return {};
}

/// The last block has nobody to reach out for.
void Refiner::raise(Fit& fit, std::size_t index) const
{
    if (index + 1 == m_options.blocks) return;
    const double before = squaredNorm(m_R);
    if (before == 0) return;
    Floats E(m_R.size());
    fit.error(E);
    const double share = std::min(1.0, squaredNorm(E) / before);
    for (float& u : fit.u)
        u *= 1 + m_refine.overshoot * static_cast<float>(share);
}

Result<Block> Refiner::nextBlock(const ErrorFeedback& feedback, std::size_t index)
{
    Fit fit{m_rows, m_cols, m_options.k, m_R, m_moments, Floats(m_R.size()), {}, {}};
    BS_CHECK(magnitudes(fit, index));
    Floats M(m_R.size());
    fit.magnitudes(M);
    feedback.chooseSigns(m_R, M, fit.S);
    refitColumns(fit, m_refine.refitDamping);
    Block block;
    BS_TRY(block.vt, toHalfs(fit.V, index));
    roundToHalfs(fit.V, block.vt); // u makes up for the rounding
    BS_CHECK(refitRows(fit, m_refine.refitDamping, 1));
    raise(fit, index);
    BS_TRY(block.u, toHalfs(fit.u, index));
    roundToHalfs(fit.u, block.u);
    fit.error(M);
    block.sign = packSigns(columnsFromOrder(fit.S, m_order));
    block.vt = columnsFromOrder(block.vt, m_order);
    m_R = std::move(M);
    return block;
}

Result<void> Refiner::report(RefinedEncoded& out) const
{
    Floats G(m_R.size());
    BS_CHECK(m_moments.multiply(m_R, G));
    double sum = 0;
    for (std::size_t i = 0; i < G.size(); ++i)
        sum += static_cast<double>(G[i]) * static_cast<double>(m_R[i]);
    out.outputError.push_back(sum);
    out.residual.push_back(squaredNorm(m_R));
    return {};
}

Result<RefinedEncoded> Refiner::run(const JobContext& context)
{
    BS_TRY(const ErrorFeedback feedback,
           ErrorFeedback::create(m_moments.H, m_cols, m_refine.feedbackDamping));
    if (m_options.device != nullptr) {
        BS_TRY(m_moments.held, m_options.device->hold(m_moments.H.data(), m_cols, m_cols));
    }
    RefinedEncoded out;
    BS_CHECK(report(out));
    for (std::size_t i = 0; i < m_options.blocks; ++i) {
        BS_CHECK(context.checkStop());
        auto block = nextBlock(feedback, i);
        if (!block) return std::move(block).error().in("block " + std::to_string(i));
        out.blocks.push_back(std::move(block).value());
        BS_CHECK(report(out));
    }
    return out;
}

} // namespace

Result<RefinedEncoded> encodeRefined(std::span<const float> W, std::size_t rows, std::size_t cols,
                                     std::span<const float> moments, const EncodeOptions& options,
                                     const RefineOptions& refine, const JobContext& context)
{
    BS_CHECK(checkInput(W, rows, cols, options.k));
    BS_CHECK(checkMoments(moments, cols));
    return Refiner(W, rows, cols, moments, options, refine).run(context);
}

} // namespace bs::bitstack
