#pragma once

#include "core/base/progress.h"
#include "core/jobs/size_choice.h"

#include <string>

namespace bs {

/// The plan a size choice picks, with what it needs to be told.
struct PlanReport
{
    ChosenSize size;
    struct Matrix
    {
        std::string name;
        std::uint32_t depth = 0;
        std::uint64_t bytes = 0; ///< of its loaded blocks
    };
    std::vector<Matrix> matrices;
};

/// Of a size that was chosen for this stack.
PlanReport reportPlan(const ModelSource& source, ChosenSize size);

/// Errors: as openModel and chooseSize; Usage (the model is no stack).
Result<PlanReport> planModel(const std::string& model, const SizeChoice& choice);

struct TrimRequest
{
    std::string model;
    SizeChoice size;
    std::string output;
    bool force = false;
};

/// Writes the part of a stack that a size picks as a file of its own. Errors: as planModel, Exists,
/// Io, Format (a block whose checksum fails), Canceled.
Result<ChosenSize> trimModel(const TrimRequest& request, const JobContext& context);

} // namespace bs
