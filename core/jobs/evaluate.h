#pragma once

#include "core/base/progress.h"
#include "core/eval/divergence.h"
#include "core/jobs/loaded_model.h"
#include "core/jobs/size_choice.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace bs {

struct EvaluateRequest
{
    std::string model;
    std::string text; ///< file
    std::size_t context = 2048;
    Scored scored = Scored::Half;
    std::size_t chunks = 0;        ///< 0: all
    std::vector<SizeChoice> sizes; ///< in the order of the results; none: everything
    std::size_t spread = 0;        ///< of a stack: so many more, evenly over all its sizes
    bool leaveOutSmaller = false;  ///< sizes below the smallest plan are noted instead of refused
    std::string sweep;             ///< name of the sweep the run is part of; may be empty
    std::string reference;         ///< model to compare the distributions with; may be empty
    bool includeDense =
        false;            ///< the model the stack was made from too, if its file is still there
    std::string database; ///< may be empty
    EngineOptions engine;
};

/// What one size was measured at.
struct EvaluateResult
{
    ChosenSize size;
    std::uint64_t weightBytes = 0;
    PerplexityResult perplexity;
    std::optional<DivergenceResult> divergence;
    double seconds = 0;
    bool dense = false; ///< of the uncompressed model
};

struct Evaluation
{
    std::optional<std::int64_t> run; ///< empty where nothing is stored
    std::vector<EvaluateResult> results;
    std::string note; ///< for people: what was left out, and why; may be empty
};

/// Called with every result as soon as it is measured and stored.
using EvaluateSink =
    std::function<void(std::optional<std::int64_t> run, const EvaluateResult& result)>;

/// Perplexity, and divergence from a reference where one is given, at several sizes of one model.
/// Each result is in the database before the next size begins. Errors: as openModel, chooseSize,
/// measurePerplexity, Store; Format (no tokenizer); Usage (the reference has another vocabulary:
/// both sizes).
Result<Evaluation> evaluatePerplexity(const EvaluateRequest& request, const EvaluateSink& onResult,
                                      const JobContext& context);

} // namespace bs
