#pragma once

#include "core/stack/matrix_name.h"
#include "core/stack/stack.h"

#include <optional>
#include <string>
#include <vector>

namespace bs {

/// What a person wants of a matrix, or of all matrices of a class, whatever the budget is.
struct RecipeRule
{
    enum class Kind {
        Depth,  ///< so many blocks, or all there are; 0: left out, it counts as zero (what is no
                ///< linear layer keeps its first block)
        Bits,   ///< the fewest blocks that have so many bits a weight, or all there are
        Offset, ///< so many blocks more than the loading order gives it, or fewer, but never fewer
                ///< than the smallest plan has
    };
    std::string target; ///< "v_proj", "model.layers.0.self_attn.v_proj", "model.embed_tokens#6144"
    Kind kind = Kind::Depth;
    double value = 0; ///< of Depth and Offset a whole number
    bool operator==(const RecipeRule&) const = default;
};

/// Of two rules for a matrix the closer one holds: its own name before that of the matrix it is a
/// slab of, before its class; of two as close the later one.
using Recipe = std::vector<RecipeRule>;

/// "v_proj=6", "v_proj=4bits", "v_proj=+1", "v_proj=-2". Errors of the latter: Usage (names the
/// text).
std::string textOf(const RecipeRule& rule);
Result<RecipeRule> parseRule(const std::string& text);
/// "v_proj=6, q_proj=+1"
std::string textOf(const Recipe& recipe);
Result<Recipe> parseRecipe(const std::vector<std::string>& texts);

/// The rule that holds for a matrix of this name; nullptr: none.
const RecipeRule* ruleFor(const Recipe& recipe, const std::string& matrix);

/// The depths that a matrix may have, and how far its depth is from that of the loading order.
struct DepthRange
{
    std::uint32_t least = 0;
    std::uint32_t most = 0;
    std::int64_t offset = 0;
};

/// What a recipe leaves every matrix of a stack: those without a rule everything from the smallest
/// plan on. Errors: Usage (a rule for what the stack has not: named).
Result<std::vector<DepthRange>> rangesOf(const Stack& stack, const Recipe& recipe);

/// The first `count` entries of the order, as far as the ranges allow. More entries never make a
/// matrix less deep.
Plan rangedPlan(const Stack& stack, const std::vector<DepthRange>& ranges, std::size_t count);

} // namespace bs
