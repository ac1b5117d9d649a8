#pragma once

#include "core/codecs/bitstack/encoder.h"

namespace bs::bitstack {

/// Knobs of the refined encoder; the defaults are what README.md's measurements settled on.
struct RefineOptions
{
    /// Signs are chosen under H + feedbackDamping diag(H): more gives up shallow depths for deep
    /// ones.
    float feedbackDamping = 0.6F;
    /// The same for u and vt.
    float refitDamping = 0.5F;
    /// Magnitudes are raised by this times the share of the power that they leave over: a sum of
    /// sign planes reaches further if each step is a little larger than what is best for itself.
    float overshoot = 0.25F;
};

/// As Encoded, and what the blocks do to the outputs.
struct RefinedEncoded : Encoded
{
    /// outputError[i] = tr(E H E^T), E = W - sum of the first i blocks as stored, for i = 0 ..
    /// blocks.
    std::vector<double> outputError;
};

/// Blocks in the published layout, chosen by output error instead of by the weights' own: signs
/// with error feedback, then vt and u refitted, each block to what the ones before it left over as
/// stored. W [rows, cols] as for encode; moments H [cols, cols]: mean of x x^T of the inputs that W
/// is multiplied by. The residual is from stored factors here. Costs about rows cols^2 * 5
/// multiply-adds a block beside the decomposition, and cols^2 * 3 floats. Errors: as encode;
/// Numeric (a moment is not finite, position named), Shape (moments of another size). Thread-safe;
/// runs on the calling thread.
Result<RefinedEncoded> encodeRefined(std::span<const float> W, std::size_t rows, std::size_t cols,
                                     std::span<const float> moments, const EncodeOptions& options,
                                     const RefineOptions& refine, const JobContext& context);

} // namespace bs::bitstack
