#pragma once

#include "core/base/progress.h"
#include "core/jobs/loaded_model.h"
#include "core/jobs/size_choice.h"

#include <optional>
#include <string>

namespace bs {

struct BenchRequest
{
    std::string model;
    SizeChoice size;
    std::size_t promptTokens = 512;
    std::size_t generateTokens = 64;
    std::size_t repeat = 3;
    std::string database; ///< may be empty
    EngineOptions engine;
};

struct BenchResult
{
    std::optional<std::int64_t> run;
    ChosenSize size;
    double promptTokensPerSecond = 0;   ///< median of the repetitions
    double generateTokensPerSecond = 0; ///< median; the cache holds the prompt
    std::uint64_t weightBytes = 0;
    std::uint64_t bytesReadPerToken = 0;
    double readBytesPerSecond = 0; ///< of plain memory reads by the same threads
    double bandwidthFraction = 0;  ///< bytes read per token times tokens per second, over that
    std::optional<double> slideMs; ///< smallest size to this one and back; stacks only
};

/// Speed of a model at a size on this machine. Errors: as openModel, chooseSize, loadCpuEngine,
/// Store; Usage (a count of 0, prompt and answer longer than the model's context: both numbers).
Result<BenchResult> benchModel(const BenchRequest& request, const JobContext& context);

/// Bytes per second at which `threads` threads read a buffer of `bytes` that no cache holds; the
/// best of several passes. Errors: Memory.
Result<double> readBandwidth(std::uint64_t bytes, int threads);

} // namespace bs
