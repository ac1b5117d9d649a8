#include "core/infer/candidates.h"

#include <algorithm>
#include <cmath>

namespace bs {

bool moreProbable(const Candidate& a, const Candidate& b)
{
    if (a.logit > b.logit) return true;
    if (a.logit < b.logit) return false;
    if (std::isnan(a.logit) != std::isnan(b.logit)) return std::isnan(b.logit);
    return a.id < b.id;
}

std::vector<Candidate> bestCandidates(std::span<const float> logits, std::size_t count)
{
    // A heap with the last one of them in front: almost every logit costs one look at that.
    std::vector<Candidate> best;
    count = std::min(count, logits.size());
    best.reserve(count);
    for (std::size_t i = 0; i < logits.size() && count > 0; ++i) {
        const Candidate next{logits[i], static_cast<std::int32_t>(i)};
        if (best.size() == count) {
            if (!moreProbable(next, best.front())) continue;
            std::pop_heap(best.begin(), best.end(), moreProbable);
            best.pop_back();
        }
        best.push_back(next);
        std::push_heap(best.begin(), best.end(), moreProbable);
    }
    std::sort_heap(best.begin(), best.end(), moreProbable);
    return best;
}

} // namespace bs
