#include "core/plan/authors_order.h"

#include "core/eval/perplexity.h"

#include <algorithm>
#include <chrono>

namespace bs {

namespace {

std::size_t deepest(const Stack& stack)
{
    std::size_t blocks = 0;
    for (const StackMatrix& m : stack.matrices)
        if (m.linear)
            blocks = std::max(blocks, m.blockBytes.size());
    return blocks;
}

} // namespace

std::vector<StackBlock> orderByTable(const Stack& stack, const SortTable& table)
{
    std::vector<StackBlock> order;
    for (const bool linear : {false, true}) // whole tensors, then everybody's first block
        for (std::uint32_t m = 0; m < stack.matrices.size(); ++m)
            if (stack.matrices[m].linear == linear && !stack.matrices[m].blockBytes.empty())
                order.push_back({m, 0});
    for (std::uint32_t depth = 1; depth < deepest(stack); ++depth) {
        std::vector<std::uint32_t> level;
        for (std::uint32_t m = 0; m < stack.matrices.size(); ++m)
            if (stack.matrices[m].linear && depth < stack.matrices[m].blockBytes.size())
                level.push_back(m);
        std::stable_sort(level.begin(), level.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return table[a][depth - 1] < table[b][depth - 1]; });
        for (const std::uint32_t m : level)
            order.push_back({m, depth});
    }
    return order;
}

Result<SortTable> measureSortTable(Engine& engine, std::span<const std::int32_t> tokens, std::size_t context,
                                   const JobContext& job)
{
    const Stack& stack = *engine.stack();
    SortTable table(stack.matrices.size());
    const std::size_t levels = deepest(stack);
    const double total = static_cast<double>((levels - 1) * stack.matrices.size());
    double done = 0;
    PerplexityOptions options;
    options.context = context;
    options.scored = Scored::All;
    JobContext inner{job.stop, {}};
    const auto start = std::chrono::steady_clock::now();
    for (std::uint32_t depth = 1; depth < levels; ++depth)
        for (std::size_t m = 0; m < stack.matrices.size(); ++m, ++done) {
            if (!stack.matrices[m].linear || depth >= stack.matrices[m].blockBytes.size())
                continue;
            Plan plan = uniformPlan(stack, depth);
            plan.depth[m] = depth + 1;
            BS_CHECK(engine.setPlan(plan, inner));
            BS_TRY(const PerplexityResult measured, measurePerplexity(engine, tokens, options, inner));
            table[m].push_back(measured.perplexity);
            const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            job.report({"sorting blocks by perplexity", done + 1, total, seconds / (done + 1) * (total - done - 1),
                        stack.matrices[m].name});
        }
    return table;
}

} // namespace bs
