#include "core/stack/stack.h"

#include <algorithm>

namespace bs {

Result<void> validate(const Stack& stack)
{
    std::vector<std::uint32_t> seen(stack.matrices.size(), 0);
    for (std::size_t i = 0; i < stack.order.size(); ++i) {
        const StackBlock& block = stack.order[i];
        const std::string place = "loading order entry " + std::to_string(i) + ": ";
        if (block.matrix >= stack.matrices.size())
            return Error{ErrorCode::Format, place + "matrix number " + std::to_string(block.matrix) +
                                                ", the stack has " + std::to_string(stack.matrices.size())};
        const StackMatrix& matrix = stack.matrices[block.matrix];
        if (block.index != seen[block.matrix])
            return Error{ErrorCode::Format, place + matrix.name + " block " + std::to_string(block.index) +
                                                ", but block " + std::to_string(seen[block.matrix]) + " comes next"};
        if (block.index >= matrix.blockBytes.size())
            return Error{ErrorCode::Format, place + matrix.name + " block " + std::to_string(block.index) +
                                                ", the matrix has " + std::to_string(matrix.blockBytes.size())};
        ++seen[block.matrix];
    }
    for (std::size_t m = 0; m < stack.matrices.size(); ++m)
        if (seen[m] != stack.matrices[m].blockBytes.size())
            return Error{ErrorCode::Format, "the loading order names " + std::to_string(seen[m]) + " blocks of " +
                                                stack.matrices[m].name + ", the file holds " +
                                                std::to_string(stack.matrices[m].blockBytes.size())};
    if (stack.smallestCount > stack.order.size())
        return Error{ErrorCode::Format, "the smallest plan is " + std::to_string(stack.smallestCount) +
                                            " blocks, the loading order has " + std::to_string(stack.order.size())};
    return {};
}

Result<void> checkPlan(const Stack& stack, const Plan& plan)
{
    if (plan.depth.size() != stack.matrices.size())
        return Error{ErrorCode::Usage, "the plan is for " + std::to_string(plan.depth.size()) +
                                           " matrices, the stack has " + std::to_string(stack.matrices.size())};
    for (std::size_t m = 0; m < plan.depth.size(); ++m)
        if (plan.depth[m] > stack.matrices[m].blockBytes.size())
            return Error{ErrorCode::Usage, "the plan asks for " + std::to_string(plan.depth[m]) + " blocks of " +
                                               stack.matrices[m].name + ", the stack has " +
                                               std::to_string(stack.matrices[m].blockBytes.size())};
    return {};
}

Plan prefixPlan(const Stack& stack, std::size_t count)
{
    Plan plan;
    plan.depth.resize(stack.matrices.size());
    for (std::size_t i = 0; i < std::min(count, stack.order.size()); ++i)
        plan.depth[stack.order[i].matrix] = stack.order[i].index + 1;
    return plan;
}

Plan uniformPlan(const Stack& stack, std::uint32_t depth)
{
    Plan plan;
    for (const StackMatrix& matrix : stack.matrices) {
        const auto all = static_cast<std::uint32_t>(matrix.blockBytes.size());
        plan.depth.push_back(matrix.linear ? std::min(depth, all) : all);
    }
    return plan;
}

std::uint64_t blockBytesOf(const Stack& stack, const Plan& plan)
{
    std::uint64_t bytes = 0;
    for (std::size_t m = 0; m < stack.matrices.size(); ++m)
        for (std::uint32_t i = 0; i < plan.depth[m]; ++i)
            bytes += stack.matrices[m].blockBytes[i];
    return bytes;
}

} // namespace bs
