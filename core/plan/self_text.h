#pragma once

#include "core/base/progress.h"
#include "core/infer/engine.h"
#include "core/tokenizer/tokenizer.h"

#include <cstdint>
#include <vector>

namespace bs {

/// Calibration text that the model writes itself: sequences of kCalibrationLength tokens at temperature 1
/// from a fixed seed, all decoded as one batch, each begun with the BOS token, or with a token drawn from
/// the vocabulary where there is none. `tokens` is rounded up to whole sequences.
Result<std::vector<std::int32_t>> writeSelfText(Engine& engine, std::int32_t bosToken, std::size_t tokens,
                                                const JobContext& context);

} // namespace bs
