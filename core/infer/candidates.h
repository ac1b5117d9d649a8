#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bs {

/// A token that may come next.
struct Candidate
{
    float logit;
    std::int32_t id;
};

/// As many as Engine::forwardBest finds: a card keeps two for each lane of a warp.
constexpr std::size_t kMostCandidates = 64;

/// Whether `a` comes before `b`: by falling logit, then by rising id. What is not a number comes
/// behind everything else, so that this orders any logits.
bool moreProbable(const Candidate& a, const Candidate& b);

/// The first `count` of logits [vocabulary] in that order, or all if there are fewer.
std::vector<Candidate> bestCandidates(std::span<const float> logits, std::size_t count);

} // namespace bs
