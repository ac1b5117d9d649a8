#include "core/plan/nested_loss.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bs {

namespace {

constexpr double kPlainShare = 0.5; ///< of the plain moments, beside the weighted ones scaled to the same trace
constexpr float kRowFloor = 0.1F;   ///< of a row's weight, in means
/// A linear whose weighted moments have less than this trace has no gradient, only the rounding of one (where all tokens are the same, or what
/// follows is zero). Its products, and the shares that damping adds, would soon be no normal numbers of f32.
constexpr double kLeastTrace = 1e-24;
/// Rows of embedding and head count by this power of how often their token is met. The expected loss is second-order: it says that the
/// logit of a token of probability p may err by far more than 1 if only p is small, but such a token then takes e^error times
/// its share. Powers 1, .7, .5, .3, .2 and 10.4 MB of the demo model's embedding: perplexity of one window 60, 28, 25.1, 24.7,
/// 25.3 (dense 23.5).
constexpr double kTokenPower = 0.3;
/// Of the loss that this predicts, what was measured, beside the same ratio of linears.
constexpr double kTokenLoss = 0.9;
constexpr double kExpectedShare = 0.5; ///< of how often tokens are expected, beside how often they occurred

double trace(const std::vector<float>& A)
{
    const auto n = static_cast<std::size_t>(std::llround(std::sqrt(static_cast<double>(A.size()))));
    double sum = 0;
    for (std::size_t j = 0; j < n; ++j)
        sum += static_cast<double>(A[j * n + j]);
    return sum;
}

double sumOf(const std::vector<float>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0);
}

/// How often each token is to be reckoned with, over all 1.
std::vector<double> frequencies(const EmbeddingMoments& embedding, const LinearMoments& head)
{
    const double expected = std::max(sumOf(head.outputPower), 1e-300);
    const double occurred = std::max(std::accumulate(embedding.counts.begin(), embedding.counts.end(), 0.0), 1.0);
    std::vector<double> result;
    for (std::size_t i = 0; i < embedding.counts.size(); ++i)
        result.push_back(kExpectedShare * static_cast<double>(head.outputPower[i]) / expected +
                         (1 - kExpectedShare) * static_cast<double>(embedding.counts[i]) / occurred);
    return result;
}

/// Row weights that add up to `sum`.
std::vector<float> flattened(const std::vector<double>& frequencies, double sum)
{
    double total = 0;
    for (const double f : frequencies)
        total += std::pow(f, kTokenPower);
    std::vector<float> weights;
    for (const double f : frequencies)
        weights.push_back(static_cast<float>(sum * (total > 0 ? std::pow(f, kTokenPower) / total : 1.0 / static_cast<double>(frequencies.size()))));
    return weights;
}

} // namespace

OwnedLoss linearLoss(LinearMoments moments)
{
    OwnedLoss loss{std::move(moments.weighted), std::move(moments.outputPower)};
    if (trace(loss.moments) <= kLeastTrace) { // not of NaN, which the encoder is to refuse
        std::fill(loss.moments.begin(), loss.moments.end(), 0.0F);
        std::fill(loss.rowWeight.begin(), loss.rowWeight.end(), 0.0F);
    }
    const std::vector<float>& plain = *moments.plain;
    const auto share = static_cast<float>(kPlainShare * trace(loss.moments) / std::max(trace(plain), 1e-300));
    for (std::size_t k = 0; k < plain.size(); ++k)
        loss.moments[k] += share * plain[k];
    const double mean = sumOf(loss.rowWeight) / static_cast<double>(loss.rowWeight.size());
    for (float& weight : loss.rowWeight)
        weight = static_cast<float>(mean > 0 ? static_cast<double>(weight) / mean : 1.0) + kRowFloor; // in f64: the mean may be below the least f32
    return loss;
}

OwnedLoss headLoss(const LinearMoments& head)
{
    const std::vector<double> seen(head.outputPower.begin(), head.outputPower.end());
    return {head.weighted, flattened(seen, kTokenLoss * static_cast<double>(seen.size()))};
}

OwnedLoss embeddingLoss(const EmbeddingMoments& embedding, const LinearMoments& head)
{
    return {embedding.gradient, flattened(frequencies(embedding, head), kTokenLoss)};
}

OwnedLoss tiedLoss(const EmbeddingMoments& embedding, const LinearMoments& head)
{
    // Each use is rows times moments; their sum is not, but nearly: both moments at trace 1, mixed by what each use weighs.
    const double outTrace = std::max(trace(head.weighted), 1e-300);
    const double inTrace = std::max(trace(embedding.gradient), 1e-300);
    const double outPower = outTrace * static_cast<double>(head.outputPower.size());
    const double both = outPower + inTrace;
    OwnedLoss loss{head.weighted, flattened(frequencies(embedding, head), kTokenLoss * both)};
    const auto outShare = static_cast<float>(outPower / both / outTrace);
    const auto inShare = static_cast<float>(1 / both);
    for (std::size_t k = 0; k < loss.moments.size(); ++k)
        loss.moments[k] = outShare * loss.moments[k] + inShare * embedding.gradient[k];
    return loss;
}

} // namespace bs
