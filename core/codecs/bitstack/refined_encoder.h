#pragma once

#include "core/codecs/bitstack/encoder.h"

namespace bs::bitstack {

/// Knobs of the refined encoder; the defaults are what README.md's measurements settled on.
struct RefineOptions
{
    float damping = 0.3F; ///< error feedback runs under H + damping diag(H)
    float refitDamping = 0.5F;
    int rounds = 1;
    int refits = 1;
    int vSweeps = 1;
    bool weighted = true;
};

/// As Encoded, and what the blocks do to the outputs.
struct RefinedEncoded : Encoded
{
    /// outputError[i] = tr(E H E^T), E = W - sum of the first i blocks as stored, for i = 0 .. blocks.
    std::vector<double> outputError;
};

Result<RefinedEncoded> encodeRefined(std::span<const float> W, std::size_t rows, std::size_t cols,
                                     std::span<const float> moments, const EncodeOptions& options,
                                     const RefineOptions& refine, const JobContext& context);

} // namespace bs::bitstack
