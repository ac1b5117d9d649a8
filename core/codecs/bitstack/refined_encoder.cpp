#include "core/codecs/bitstack/refined_encoder.h"

#include "core/codecs/bitstack/encoder_steps.h"
#include "core/codecs/bitstack/factor_refit.h"
#include "core/codecs/bitstack/leftover.h"
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

/// Columns by falling share of the output's power: error feedback begins with the first.
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
                     [&](std::size_t a, std::size_t b) { return power[a] > power[b]; });
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
    Refiner(std::size_t rows, std::size_t cols, const EncodeOptions& options,
            const RefineOptions& refine)
        : m_rows(rows)
        , m_cols(cols)
        , m_options(options)
        , m_refine(refine)
    {
    }

    Result<RefinedEncoded> run(std::span<const float> W, std::span<const float> H,
                               const JobContext& context);

private:
    Result<void> start(std::span<const float> W, std::span<const float> H,
                       const JobContext& context);
    Result<Block> nextBlock(std::size_t index, double before);
    Result<Factors> magnitudes(std::size_t index);
    Result<void> raise(Factors& factors, std::size_t index, double before);
    Result<void> report(RefinedEncoded& out);

    std::size_t m_rows;
    std::size_t m_cols;
    const EncodeOptions& m_options;
    const RefineOptions& m_refine;
    std::vector<std::size_t> m_order; ///< column at each place
    Floats m_diagonal;                ///< [cols], of the moments
    std::unique_ptr<Leftover> m_left;
};

Result<void> Refiner::start(std::span<const float> W, std::span<const float> H,
                            const JobContext& context)
{
    m_order = byImportance(W, H, m_cols);
    Floats sorted = sortedMoments(H, m_order);
    for (std::size_t j = 0; j < m_cols; ++j)
        m_diagonal.push_back(sorted[j * m_cols + j]);
    BS_TRY(m_left, startLeftover({columnsInOrder(W, m_order), m_rows, m_cols, m_options.k,
                                  std::move(sorted), m_refine.feedbackDamping},
                                 m_options, context));
    return {};
}

/// |R| ~ u vt, columns weighted by the power of their inputs.
Result<Factors> Refiner::magnitudes(std::size_t index)
{
    Floats weight(m_cols);
    std::transform(m_diagonal.begin(), m_diagonal.end(), weight.begin(),
                   [](float power) { return std::sqrt(power); });
    float mean = 0;
    for (const float w : weight)
        mean += w / static_cast<float>(m_cols);
    for (float& w : weight)
        w /= mean;
    BS_TRY(SvdFactors svd, m_left->decompose(weight, index));
    spreadSigma(svd, m_cols);
    for (std::size_t i = 0; i < svd.vt.size(); ++i)
        svd.vt[i] /= weight[i % m_cols];
    return Factors{m_options.k, std::move(svd.u), std::move(svd.vt)};
}

/// The last block has nobody to reach out for.
Result<void> Refiner::raise(Factors& factors, std::size_t index, double before)
{
    if (index + 1 == m_options.blocks || before == 0) return {};
    BS_TRY(const double after, m_left->squaredError(factors));
    const double share = std::min(1.0, after / before);
    for (float& u : factors.u)
        u *= 1 + m_refine.overshoot * static_cast<float>(share);
    return {};
}

/// `before` is the squared norm of what is left over so far.
Result<Block> Refiner::nextBlock(std::size_t index, double before)
{
    BS_TRY(Factors factors, magnitudes(index));
    BS_CHECK(m_left->chooseSigns(factors));
    BS_CHECK(refitColumns(*m_left, factors, m_refine.refitDamping));
    Block block;
    BS_TRY(block.vt, toHalfs(factors.vt, index));
    roundToHalfs(factors.vt, block.vt); // u makes up for the rounding
    BS_CHECK(refitRows(*m_left, factors, m_diagonal, m_refine.refitDamping, 1));
    BS_CHECK(raise(factors, index, before));
    BS_TRY(block.u, toHalfs(factors.u, index));
    roundToHalfs(factors.u, block.u);
    BS_CHECK(m_left->subtract(factors));
    BS_TRY(block.sign, m_left->signs(m_order));
    block.vt = columnsFromOrder(block.vt, m_order);
    return block;
}

Result<void> Refiner::report(RefinedEncoded& out)
{
    BS_TRY(const LeftoverSize size, m_left->size());
    out.outputError.push_back(size.output);
    out.residual.push_back(size.squared);
    return {};
}

Result<RefinedEncoded> Refiner::run(std::span<const float> W, std::span<const float> H,
                                    const JobContext& context)
{
    BS_CHECK(start(W, H, context));
    RefinedEncoded out;
    BS_CHECK(report(out));
    for (std::size_t i = 0; i < m_options.blocks; ++i) {
        BS_CHECK(context.checkStop());
        auto block = nextBlock(i, out.residual.back());
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
    return Refiner(rows, cols, options, refine).run(W, moments, context);
}

} // namespace bs::bitstack
