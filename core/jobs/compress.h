#pragma once

#include "core/base/progress.h"
#include "core/jobs/loaded_model.h"
#include "core/model/source.h"

#include <cstdint>
#include <string>

namespace bs {

struct CompressRequest
{
    std::string model;
    std::string output;
    std::string codec = "nested";
    std::size_t rank = 16;
    std::size_t blocks = 16;
    std::string calibration;               ///< text file; empty: the model writes its own
    std::size_t calibrationTokens = 0;     ///< 0: 32768 with a file, 16384 without
    bool refined = false;                  ///< signs and factors chosen by output error instead of as published
    bool authorsOrder = false;             ///< the published perplexity sort instead of expected loss
    bool publishedScales = false;          ///< exactly the authors' folding, see core/plan/fold.h
    bool resume = false;
    bool force = false;
    EngineOptions engine; ///< the device has models that run for it (the model's own text, the
                          ///< published sort, measuring), products of calibration and gradients, moments,
                          ///< the search of `nested` and `bitstack`'s products; all else is the processor's
};

struct CompressResult
{
    std::uint64_t fileBytes = 0;
    std::size_t matrices = 0;
    std::size_t blocks = 0;
    double seconds = 0;
    std::uint64_t peakBytes = 0;
};

struct CompressForecast
{
    double seconds = 0;              ///< negative: not known, where a card does most of it
    std::uint64_t fileBytes = 0;
    std::uint64_t diskBytes = 0;     ///< while it runs: finished matrices and the output together
    std::uint64_t freeDiskBytes = 0; ///< where the output goes
    std::uint64_t peakBytes = 0;     ///< memory
};

/// Compresses a model: calibrate, fold the scales, split every linear into blocks, order them, write
/// the container. One layer at a time; finished matrices lie in `<output>.work/` until the end, so that
/// a killed run goes on with `resume` from the last finished one.
/// A card that is full, or cannot be used by this program, leaves it to the processor, which goes on with what is finished, unless it was
/// asked for by name; a single matrix of codec `nested` that it has no room for is the processor's in any case.
/// Errors: Usage, Exists, NotFound, Format, Shape, Numeric, Io (disk full is told before it starts where it can be), Canceled, Memory.
Result<CompressResult> compress(const CompressRequest& request, const JobContext& context);

/// How much calibration text a request asks for, the defaults filled in.
std::size_t calibrationTokens(const CompressRequest& request);

/// What compress will need, from the model's header alone.
Result<CompressForecast> forecastCompress(const CompressRequest& request);
/// Its sizes only (no seconds), of a model that is open. Errors: Io (folder of the output).
Result<CompressForecast> forecastSizes(const ModelSource& source, const CompressRequest& request);

} // namespace bs
