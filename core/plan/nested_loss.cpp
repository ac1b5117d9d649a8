#include "core/plan/nested_loss.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bs {

namespace {

constexpr double kPlainShare = 0.5; ///< of the plain moments, beside the weighted ones scaled to the same trace
constexpr float kRowFloor = 0.1F;   ///< of a row's weight, in means
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

} // namespace

OwnedLoss linearLoss(LinearMoments moments)
{
    OwnedLoss loss{std::move(moments.weighted), std::move(moments.outputPower)};
    const std::vector<float>& plain = *moments.plain;
    const auto share = static_cast<float>(kPlainShare * trace(loss.moments) / std::max(trace(plain), 1e-300));
    for (std::size_t k = 0; k < plain.size(); ++k)
        loss.moments[k] += share * plain[k];
    const double mean = sumOf(loss.rowWeight) / static_cast<double>(loss.rowWeight.size());
    for (float& weight : loss.rowWeight)
        weight = (mean > 0 ? weight / static_cast<float>(mean) : 1.0F) + kRowFloor;
    return loss;
}

OwnedLoss headLoss(const LinearMoments& head)
{
    OwnedLoss loss{head.weighted, head.outputPower};
    const double mean = std::max(sumOf(head.outputPower) / static_cast<double>(head.outputPower.size()), 1e-300);
    for (float& weight : loss.rowWeight)
        weight = static_cast<float>(static_cast<double>(weight) / mean);
    return loss;
}

OwnedLoss embeddingLoss(const EmbeddingMoments& embedding, const LinearMoments& head)
{
    OwnedLoss loss{embedding.gradient, {}};
    for (const double frequency : frequencies(embedding, head))
        loss.rowWeight.push_back(static_cast<float>(frequency));
    return loss;
}

OwnedLoss tiedLoss(const EmbeddingMoments& embedding, const LinearMoments& head)
{
    // Each use is rows times moments; their sum is not, but nearly: moments of trace 1, mixed by what each use weighs.
    const OwnedLoss out = headLoss(head);
    const OwnedLoss in = embeddingLoss(embedding, head);
    const double outTrace = trace(out.moments);
    const double inTrace = trace(in.moments);
    const double outPower = outTrace * sumOf(out.rowWeight);
    const double inPower = inTrace * sumOf(in.rowWeight);
    const double both = std::max(outPower + inPower, 1e-300);
    OwnedLoss loss{out.moments, out.rowWeight};
    const auto outShare = static_cast<float>(outPower / both / std::max(outTrace, 1e-300));
    const auto inShare = static_cast<float>(inPower / both / std::max(inTrace, 1e-300));
    for (std::size_t k = 0; k < loss.moments.size(); ++k)
        loss.moments[k] = outShare * out.moments[k] + inShare * in.moments[k];
    for (std::size_t i = 0; i < loss.rowWeight.size(); ++i)
        loss.rowWeight[i] = static_cast<float>(outTrace * static_cast<double>(out.rowWeight[i]) + inTrace * static_cast<double>(in.rowWeight[i]));
    return loss;
}

} // namespace bs
