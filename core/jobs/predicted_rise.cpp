#include "core/jobs/predicted_rise.h"

#include "core/eval/perplexity.h"
#include "core/infer/engine.h"
#include "core/plan/calibration.h"

#include <algorithm>
#include <cmath>

namespace bs {

namespace {

Result<double> logPerplexity(Engine& engine, std::span<const std::int32_t> tokens, const JobContext& context)
{
    PerplexityOptions options;
    options.context = std::min<std::size_t>({tokens.size(), kCalibrationLength, engine.config().contextLength});
    options.scored = Scored::All;
    BS_TRY(const PerplexityResult result, measurePerplexity(engine, tokens, options, context));
    return std::log(result.perplexity);
}

double expectedLoss(const std::vector<std::vector<double>>& loss, const Plan& plan)
{
    double sum = 0;
    for (std::size_t m = 0; m < loss.size(); ++m)
        sum += loss[m][plan.depth[m]];
    return sum;
}

/// factor and power of the least squares line through the logarithms.
void fit(const std::vector<double>& loss, std::vector<PredictedRise>& rises)
{
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (std::size_t i = 0; i < rises.size(); ++i) {
        // Larger rises follow another law, smaller ones drown in the noise of a few thousand tokens.
        if (!(loss[i] > 0) || rises[i].measuredRise < 0.005 || rises[i].measuredRise > 1)
            continue;
        const double x = std::log(loss[i]);
        const double y = std::log(rises[i].measuredRise);
        n += 1;
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
    }
    const double spread = n * sxx - sx * sx;
    const double power = spread > 1e-12 ? (n * sxy - sx * sy) / spread : 1;
    const double factor = n > 0 ? std::exp((sy - power * sx) / n) : 1;
    for (std::size_t i = 0; i < rises.size(); ++i)
        rises[i].predictedRise = loss[i] > 0 ? factor * std::pow(loss[i], power) : 0;
}

} // namespace

Result<std::vector<PredictedRise>> measureRises(std::shared_ptr<const ModelSource> dense, std::shared_ptr<const ModelSource> stack,
                                                const std::vector<std::vector<double>>& loss, std::span<const std::int32_t> heldOut,
                                                const EngineOptions& options, const JobContext& context)
{
    const std::uint64_t kvBytes = heldOut.size() * dense->config.kvBytesPerToken();
    double base = 0;
    {
        BS_TRY(const std::unique_ptr<Engine> engine, loadWhole(dense, kvBytes, options, context));
        BS_TRY(base, logPerplexity(*engine, heldOut, context));
    }
    const Container& container = *stack->container;
    const Plan smallest = smallestPlan(container);
    const auto least = static_cast<double>(fileBytesOf(container, smallest));
    const auto most = static_cast<double>(fileBytesOf(container, largestPlan(container)));
    BS_TRY(const std::unique_ptr<Engine> engine, loadWhole(stack, kvBytes, options, context));
    std::vector<PredictedRise> rises;
    std::vector<double> expected;
    for (std::size_t i = 0; i < kMeasuredSizes; ++i) {
        context.report({"measuring", static_cast<double>(i), static_cast<double>(kMeasuredSizes), -1,
                        "size " + std::to_string(i + 1) + " of " + std::to_string(kMeasuredSizes)});
        const double bytes = least * std::pow(most / least, static_cast<double>(i) / (kMeasuredSizes - 1));
        BS_TRY(const Plan plan, planForBudget(container, static_cast<std::uint64_t>(std::ceil(bytes))));
        BS_CHECK(engine->setPlan(plan, context));
        BS_TRY(const double measured, logPerplexity(*engine, heldOut, context));
        rises.push_back({fileBytesOf(container, plan), 0, measured - base});
        expected.push_back(expectedLoss(loss, plan));
    }
    fit(expected, rises);
    return rises;
}

} // namespace bs
