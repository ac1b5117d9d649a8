#pragma once

#include "core/jobs/sizing.h"
#include "core/stack/recipe.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bs {

/// The most of the loading order under a recipe whose file is at most `bytes` large; without rules
/// what planForBudget picks. Errors: Usage (a rule for what the stack has not), Budget (what the
/// rules and the smallest plan ask for does not fit: both sizes).
Result<Plan> planRecipe(const Container& container, const Recipe& recipe, std::uint64_t bytes);

/// The same for all that the recipe allows.
Result<Plan> largestOf(const Container& container, const Recipe& recipe);
/// And for nothing of the order behind the smallest plan.
Result<Plan> smallestOf(const Container& container, const Recipe& recipe);

/// The rise of the mean log-perplexity over the dense model that a plan is expected to have: what
/// the gains of the blocks it leaves out add up to, on the straight lines between the predictions
/// that the stack was made with. Empty where a stack stores no gains, or no predictions.
std::optional<double> expectedRise(const Container& container, const Plan& plan);

/// A plan under a recipe, beside the unedited stack at as many bytes.
struct RecipeReport
{
    PlanReport plan;
    Recipe recipe;
    std::optional<double> rise;                 ///< expectedRise
    std::optional<std::uint64_t> uneditedBytes; ///< empty: no unedited size is so small
    std::optional<double> uneditedRise;
    /// How much more the perplexity is expected to be than the unedited stack's, as a share of
    /// that: .012 is 1.2 % worse. Without predictions the gains themselves are taken for the rise.
    std::optional<double> change;
};

/// Errors: as chooseSize.
Result<RecipeReport> reportRecipe(const ModelSource& source, const SizeChoice& choice);

/// What a plan file asks for: its rules, or a rule for every matrix. Errors: NotFound, Format
/// (matrix and numbers named), Usage (the model is no stack).
Result<Recipe> recipeOfFile(const ModelSource& source, const std::string& path);

} // namespace bs
