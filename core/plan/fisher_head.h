#pragma once

#include "core/base/progress.h"
#include "core/plan/fisher_moments.h"

#include <cstdint>
#include <span>
#include <vector>

namespace bs {

/// Where the tokens come from whose loss is looked at.
enum class Labels {
    Text,    ///< the token that follows in the text
    Sampled, ///< one drawn from the model's own distribution: the Fisher information itself
};

/// What the head's own moments take for g^2.
enum class HeadCurvature {
    Labels,   ///< the gradient's squares: of a token that is no label and hardly expected, next to nothing
    Expected, ///< p (1 - p), what they are on average over labels drawn from the model: no token counts for nothing
};

struct HeadGradients
{
    LinearMoments moments;   ///< of the head
    std::vector<float> grad; ///< [n, width]: at the hidden states behind the last layer
    double meanLoss = 0;     ///< nats, over the positions that have a label
};

/// Final norm, head and cross entropy over hidden states, and back. The logits of a few hundred
/// tokens are in memory at a time.
struct HeadPass
{
    const ModelConfig& config;
    const std::vector<float>& finalNorm; ///< [width]
    const std::vector<float>& head;      ///< [vocabulary, width]
    Labels labels;
    std::uint64_t seed; ///< of Labels::Sampled
    HeadCurvature curvature = HeadCurvature::Labels;
    MatrixDevice* device = nullptr; ///< of the products; nullptr: the processor

    /// hidden [n, width] behind the last layer for n tokens of one text; the last one has no label
    /// of the text, and counts as a token of no loss. Errors: Numeric (logits that are not finite:
    /// position named), Canceled, and as MatrixDevice and HeldMatrix have them.
    Result<HeadGradients> run(std::span<const float> hidden, std::span<const std::int32_t> tokens,
                              ThreadPool& pool, const JobContext& context) const;
};

} // namespace bs
