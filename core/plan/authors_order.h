#pragma once

#include "core/base/progress.h"
#include "core/infer/engine.h"
#include "core/stack/stack.h"

#include <span>
#include <vector>

namespace bs {

/// Perplexities behind the published order: [matrix][depth - 1] is the model's perplexity with that matrix
/// one block deeper than `depth` and all others at `depth`.
using SortTable = std::vector<std::vector<double>>;

/// The published loading order from its table: depth by depth, within a depth by rising perplexity (ties:
/// the matrix that comes first). Matrices are the stack's linear ones; whole tensors and first blocks come
/// before. Source: BitStack (arXiv 2410.23918), section 3.3, and the authors' code.
std::vector<StackBlock> orderByTable(const Stack& stack, const SortTable& table);

/// Measures the table: (blocks - 1) x matrices perplexity passes over `tokens`, in windows of `context`.
/// Errors: as measurePerplexity and Engine::setPlan.
Result<SortTable> measureSortTable(Engine& engine, std::span<const std::int32_t> tokens, std::size_t context,
                                   const JobContext& job);

} // namespace bs
