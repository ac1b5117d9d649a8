#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bs {

/// One matrix of a stack: how many bytes each of its blocks takes, in its own order.
struct StackMatrix
{
    std::string name;                       ///< "model.layers.0.self_attn.q_proj"
    std::uint64_t rows = 0;
    std::uint64_t cols = 0;
    bool linear = true;                     ///< false: a whole tensor (embedding, head), one block
    std::vector<std::uint64_t> blockBytes;  ///< of the parts that are read, padding included
};

/// The `index`-th block of matrix number `matrix`.
struct StackBlock
{
    std::uint32_t matrix = 0;
    std::uint32_t index = 0;
};

/// All blocks of a model in loading order. A prefix of `order` is a model; the first `smallestCount`
/// entries always load.
struct Stack
{
    std::vector<StackMatrix> matrices;
    std::vector<StackBlock> order;
    std::size_t smallestCount = 0;
};

/// How many blocks of each matrix are loaded (0 allowed: the matrix counts as zero).
struct Plan
{
    std::vector<std::uint32_t> depth; ///< one per Stack::matrices
    bool operator==(const Plan&) const = default;
};

/// Checks that `order` holds every block of every matrix exactly once, a matrix's blocks in their own
/// order, and that the mark lies within it. Errors: Format (names the entry).
Result<void> validate(const Stack& stack);

/// Checks that a plan is one of this stack: a depth for every matrix, none deeper than the matrix has
/// blocks. Errors: Usage (names the matrix and both numbers).
Result<void> checkPlan(const Stack& stack, const Plan& plan);

/// The plan that the first `count` entries of the order make.
Plan prefixPlan(const Stack& stack, std::size_t count);

/// Every linear matrix at `depth` blocks, or all it has; everything else whole.
Plan uniformPlan(const Stack& stack, std::uint32_t depth);

/// Bytes of the blocks a plan loads (blocks only).
std::uint64_t blockBytesOf(const Stack& stack, const Plan& plan);

} // namespace bs
