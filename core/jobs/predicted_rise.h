#pragma once

#include "core/base/progress.h"
#include "core/formats/container.h"
#include "core/jobs/loaded_model.h"
#include "core/model/source.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace bs {

/// Sizes at which a stack is measured when it is made.
inline constexpr std::size_t kMeasuredSizes = 8;

/// The rise of the mean log-perplexity over the dense model at kMeasuredSizes sizes of a stack, evenly spaced in the logarithm of
/// bytes: measured on `heldOut`, and as predicted from `loss` [matrix][blocks loaded], the expected losses that the order was made with.
/// Expected losses are second-order and overstate what large errors do; the prediction is factor * loss ^ power with both fitted to those
/// of the eight measurements that lie between 0.005 and 1. Errors: Io, Format, Canceled.
Result<std::vector<PredictedRise>> measureRises(std::shared_ptr<const ModelSource> dense, std::shared_ptr<const ModelSource> stack,
                                                const std::vector<std::vector<double>>& loss, std::span<const std::int32_t> heldOut,
                                                const EngineOptions& options, const JobContext& context);

} // namespace bs
