#pragma once

#include "core/base/result.h"
#include "core/model/source.h"
#include "core/stack/recipe.h"

#include <cstdint>
#include <optional>
#include <string>

namespace bs {

/// How much of a stack a person wants: the command line's SIZE-CHOICE.
struct SizeChoice
{
    enum class Kind {
        Everything,
        Bytes,    ///< --budget SIZE
        Smallest, ///< --budget min
        Largest,  ///< --budget max
        Depth,    ///< --depth D
        PlanFile, ///< --plan FILE
        Plan,     ///< the depths themselves
    };
    Kind kind = Kind::Everything;
    std::uint64_t bytes = 0;
    std::uint32_t depth = 0;
    std::string planFile;
    bs::Plan plan;
    Recipe recipe; ///< --rule: goes with a budget, with `min` and `max`, and with everything
};

/// "105.5MB", "min", "max". Errors: Usage (names the text).
Result<SizeChoice> parseBudget(const std::string& text);
SizeChoice budgetChoice(std::uint64_t bytes);
SizeChoice depthChoice(std::uint32_t depth);
SizeChoice planFileChoice(const std::string& path);
SizeChoice planChoice(Plan plan);

/// A choice for one model.
struct ChosenSize
{
    bool isStack = false;
    Plan plan;                                ///< of a stack
    std::optional<std::uint64_t> budgetBytes; ///< as asked for; of `min`, `max` the plan's own
    std::optional<std::uint64_t> depth;       ///< as asked for
    std::uint64_t fileBytes = 0;   ///< of the file trim would write; of the model if it is no stack
    std::uint64_t weightBytes = 0; ///< resident once loaded, whole pages counted
    Recipe recipe;                 ///< that the plan follows

    /// What engines are loaded with: nullptr for a model that is no stack.
    const Plan* planOrNull() const { return isStack ? &plan : nullptr; }
};

/// Errors: Usage (a choice for a model that is no stack; a rule for what it has not, or beside a
/// depth or a plan), Budget (below the smallest plan: both sizes), NotFound, Format (plan file:
/// matrix and numbers named).
Result<ChosenSize> chooseSize(const ModelSource& source, const SizeChoice& choice);

/// The same for a plan at hand. Errors: Usage (does not fit the stack).
Result<ChosenSize> chosenPlan(const ModelSource& source, Plan plan);

/// The container of a model that must be a stack. Errors: Usage ("`what` needs a .bitstack file").
Result<const Container*> needStack(const ModelSource& source, const std::string& what);

} // namespace bs
