#pragma once

#include "core/base/progress.h"
#include "core/jobs/loaded_model.h"
#include "core/model/source.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace bs {

struct CalibrationText
{
    std::vector<std::int32_t> tokens;
    std::string origin; ///< for the provenance: the file's hash, or how the model wrote it
};

/// Fewer say next to nothing about a model: 3 made a file whose perplexity was 20 times the original's at its largest size.
inline constexpr std::size_t kFewestCalibrationTokens = 64;

/// Tokens to calibrate with, and the last 4096 (a quarter, if they are few; none below 64) to measure with.
struct SplitTokens
{
    std::span<const std::int32_t> calibration, heldOut;
};
SplitTokens splitTokens(std::span<const std::int32_t> tokens);

/// The first `tokens` tokens of a text file, or as many as it has.
/// Errors: Format (the model has no tokenizer), NotFound, Io, Usage (fewer than kFewestCalibrationTokens).
Result<CalibrationText> readCalibrationText(const ModelSource& source, const std::string& path, std::size_t tokens);

/// The model's own text, written once for each model and kept in the user's cache folder.
Result<CalibrationText> selfCalibrationText(std::shared_ptr<const ModelSource> source, const std::string& modelHash,
                                            std::size_t tokens, const EngineOptions& options,
                                            const JobContext& context);

} // namespace bs
