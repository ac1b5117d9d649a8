#include "core/plan/fisher_head.h"

#include "core/infer/row_gradients.h"
#include "core/model/linear.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace bs {

namespace {

/// Rows whose logits are in memory together: 50 MB at 49152 tokens of vocabulary. Fewer would read
/// the head's weights more often.
constexpr std::size_t kLogitRows = 256;
constexpr std::int32_t kNoLabel = -1;

/// A number in [0, 1) of a seed and a position: SplitMix64's mixer, the same everywhere.
double uniformAt(std::uint64_t seed, std::uint64_t position)
{
    std::uint64_t z = seed + (position + 1) * 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/// The token at which the running sum of the probabilities passes `uniform`.
std::int32_t draw(const float* probabilities, std::size_t count, double uniform)
{
    double sum = 0;
    std::size_t last = 0; // taken if rounding leaves the whole sum below `uniform`
    for (std::size_t i = 0; i < count; ++i) {
        sum += static_cast<double>(probabilities[i]);
        if (sum > uniform) return static_cast<std::int32_t>(i);
        if (probabilities[i] > 0) last = i;
    }
    return static_cast<std::int32_t>(last);
}

/// Logits to probabilities; the logarithm of the sum of their exponentials.
double softmax(float* logits, std::size_t count)
{
    Eigen::Map<Eigen::ArrayXf> row(logits, static_cast<Eigen::Index>(count));
    const float largest = row.maxCoeff();
    row = (row - largest).exp();
    const float sum = row.sum();
    row /= sum;
    return static_cast<double>(largest) + std::log(static_cast<double>(sum));
}

/// Logits to the gradient of the loss at them, in place; the loss.
double lossRow(float* logits, std::size_t count, Labels labels, std::int32_t textLabel,
               double uniform)
{
    if (labels == Labels::Sampled) {
        softmax(logits, count);
        const std::int32_t label = draw(logits, count, uniform);
        const double loss = -std::log(static_cast<double>(logits[label]));
        logits[label] -= 1.0F;
        return loss;
    }
    if (textLabel == kNoLabel) {
        std::fill_n(logits, count, 0.0F);
        return 0;
    }
    // From the logit: a probability may round to 0, of which there is no logarithm.
    const double logit = static_cast<double>(logits[textLabel]);
    const double loss = softmax(logits, count) - logit;
    logits[textLabel] -= 1.0F;
    return loss;
}

/// Gradients p - [label] to roots of p (1 - p). The label's is the one below zero.
void expectedRoots(float* gradients, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i) {
        const float p = gradients[i] < 0 ? gradients[i] + 1 : gradients[i];
        gradients[i] = std::sqrt(std::max(0.0F, p * (1 - p)));
    }
}

} // namespace

Result<HeadGradients> HeadPass::run(std::span<const float> hidden,
                                    std::span<const std::int32_t> tokens, ThreadPool& pool,
                                    const JobContext& context) const
{
    const std::size_t n = tokens.size();
    const std::size_t width = config.width;
    const std::size_t vocabulary = config.vocabulary;
    Linear linear;
    linear.rows = vocabulary;
    linear.cols = width;
    linear.matrix = {DType::F32, vocabulary, width,
                     reinterpret_cast<const std::byte*>(head.data())};
    std::unique_ptr<HeldMatrix> held;
    if (device != nullptr) {
        BS_TRY(held, device->hold(head.data(), vocabulary, width));
    }
    linear.held = held.get();
    HeadGradients result;
    result.grad.assign(n * width, 0.0F);
    BS_TRY(MomentSums sums, MomentSums::create(vocabulary, width, MomentSums::Plain::Own, device));
    NormRows norm;
    std::vector<float> logits(std::min(n, kLogitRows) * vocabulary);
    std::vector<float> gradNormed(std::min(n, kLogitRows) * width);
    std::vector<double> losses(n);
    for (std::size_t first = 0; first < n; first += kLogitRows) {
        BS_CHECK(context.checkStop());
        const std::size_t count = std::min(kLogitRows, n - first);
        normForward(hidden.data() + first * width, finalNorm, count, config.normEpsilon, norm,
                    pool);
        BS_CHECK(multiply(linear, norm.y.data(), count, logits.data(), pool));
        pool.parallelFor(count, [&](std::size_t t) {
            const std::int32_t next = first + t + 1 < n ? tokens[first + t + 1] : kNoLabel;
            losses[first + t] = lossRow(logits.data() + t * vocabulary, vocabulary, labels, next,
                                        uniformAt(seed, first + t));
        });
        for (std::size_t t = first; t < first + count; ++t)
            if (!std::isfinite(losses[t]))
                return Error{ErrorCode::Numeric, "the loss at calibration token " +
                                                     std::to_string(t) + " is not finite"};
        BS_CHECK(multiplyTransposed(linear, logits.data(), count, gradNormed.data(), Into::Replace,
                                    pool));
        normBackward(norm, finalNorm, count, gradNormed.data(), result.grad.data() + first * width,
                     pool);
        if (curvature == HeadCurvature::Expected)
            pool.parallelFor(count, [&](std::size_t t) {
                expectedRoots(logits.data() + t * vocabulary, vocabulary);
            });
        BS_CHECK(sums.add(norm.y.data(), logits.data(), count, pool));
    }
    const std::size_t labelled = labels == Labels::Text ? n - 1 : n;
    for (const double loss : losses)
        result.meanLoss += loss / static_cast<double>(labelled);
    BS_TRY(result.moments, sums.finish(n, nullptr));
    return result;
}

} // namespace bs
