#include "core/infer/generate.h"

#include <cmath>
#include <unordered_set>

#include <Eigen/Core>

namespace bs {

namespace {

Error outside(const std::string& option, double value, const std::string& range)
{
    return Error{ErrorCode::Usage, option + " is " + std::to_string(value) + ", it must be " + range};
}

/// How many of the sorted candidates stay under top-p and min-p; at least one.
std::size_t keptByProbability(std::span<const Candidate> sorted, const SamplingOptions& options)
{
    double total = 0;
    for (const Candidate& c : sorted)
        total += std::exp(static_cast<double>(c.logit - sorted.front().logit));
    double cumulative = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const double relative = std::exp(static_cast<double>(sorted[i].logit - sorted.front().logit));
        if (i > 0 && relative < static_cast<double>(options.minP))
            return i;
        cumulative += relative / total;
        if (cumulative >= static_cast<double>(options.topP))
            return i + 1;
    }
    return sorted.size();
}

/// Nothing is cut off, so nothing need be sorted.
std::int32_t sampleFromAll(std::span<float> logits, float temperature, double random)
{
    Eigen::Map<Eigen::ArrayXf> p(logits.data(), static_cast<Eigen::Index>(logits.size()));
    p = ((p - p.maxCoeff()) / temperature).exp();
    double left = random * static_cast<double>(p.sum());
    std::size_t last = 0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        if (logits[i] > 0)
            last = i;
        left -= static_cast<double>(logits[i]);
        if (left < 0)
            break;
    }
    return static_cast<std::int32_t>(last);
}

} // namespace

Result<void> validate(const SamplingOptions& o)
{
    // Written so that NaN fails.
    if (!(o.temperature >= 0 && o.temperature <= 100))
        return outside("temperature", o.temperature, "from 0 to 100");
    if (o.topK < 0)
        return outside("top-k", o.topK, "0 (off) or more");
    if (!(o.topP > 0 && o.topP <= 1))
        return outside("top-p", o.topP, "above 0 and at most 1");
    if (!(o.minP >= 0 && o.minP <= 1))
        return outside("min-p", o.minP, "from 0 to 1");
    if (!(o.repeatPenalty > 0 && o.repeatPenalty <= 100))
        return outside("repeat-penalty", o.repeatPenalty, "above 0 and at most 100");
    return {};
}

double Sampler::uniform()
{
    // 53 random bits to [0, 1): the library's distributions differ between implementations.
    return static_cast<double>(m_random() >> 11) * 0x1p-53;
}

Sampler::Sampler(const SamplingOptions& options) : m_options(options), m_random(options.seed) {}

std::int32_t Sampler::sample(std::span<float> logits, std::span<const std::int32_t> seen)
{
    if (m_options.repeatPenalty != 1.0F)
        for (const std::int32_t id : std::unordered_set<std::int32_t>(seen.begin(), seen.end())) {
            float& logit = logits[static_cast<std::size_t>(id)];
            logit = logit > 0 ? logit / m_options.repeatPenalty : logit * m_options.repeatPenalty;
        }
    if (m_options.temperature > 0 && m_options.topK == 0 && m_options.topP == 1.0F && m_options.minP == 0.0F)
        return sampleFromAll(logits, m_options.temperature, uniform());
    // Without top-k nothing is cut off before the sort: top-p may keep the whole vocabulary.
    std::size_t count = m_options.topK > 0 ? static_cast<std::size_t>(m_options.topK) : logits.size();
    if (m_options.temperature == 0)
        count = 1;
    std::vector<Candidate> best = bestCandidates(logits, count);
    return sampleFrom(best);
}

std::size_t Sampler::candidatesNeeded() const
{
    // The penalty takes tokens down, and those that come up instead may have been anywhere.
    if (m_options.repeatPenalty != 1.0F)
        return 0;
    if (m_options.temperature == 0)
        return 1;
    const auto topK = static_cast<std::size_t>(m_options.topK);
    return topK <= kMostCandidates ? topK : 0;
}

std::int32_t Sampler::sampleFrom(std::span<Candidate> best)
{
    if (m_options.temperature == 0)
        return best.front().id;
    // Only now: two logits may become one number, and then another one would be among the first top-k.
    for (Candidate& c : best)
        c.logit /= m_options.temperature;
    const std::span<const Candidate> candidates = best.first(keptByProbability(best, m_options));
    double total = 0;
    for (const Candidate& c : candidates)
        total += std::exp(static_cast<double>(c.logit - candidates.front().logit));
    double left = uniform() * total;
    for (const Candidate& c : candidates) {
        left -= std::exp(static_cast<double>(c.logit - candidates.front().logit));
        if (left < 0)
            return c.id;
    }
    return candidates.back().id;
}

} // namespace bs
