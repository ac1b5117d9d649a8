#include "core/jobs/stack_report.h"

#include "core/jobs/size_choice.h"
#include "core/stack/matrix_name.h"

#include <algorithm>

namespace bs {

namespace {

constexpr std::size_t kExactSizes = 32;

StackReport::Matrix matrixOf(const StackMatrix& matrix, const std::vector<ContainerBlock>& blocks)
{
    StackReport::Matrix result{matrix.name, layerOf(matrix.name), classOf(matrix.name), matrix.rows,
                               matrix.cols, matrix.linear,        matrix.blockBytes,   {}};
    for (const ContainerBlock& block : blocks)
        result.gains.push_back(block.gain);
    return result;
}

std::uint64_t bytesOf(const Stack& stack, const StackBlock& block)
{
    return stack.matrices[block.matrix].blockBytes[block.index];
}

/// A header takes as long to write as some thousand of these additions, so that only some are
/// written.
std::vector<std::uint64_t> fileSizes(const Container& container)
{
    const Stack& stack = container.stack;
    const std::size_t steps = stack.order.size() - stack.smallestCount;
    std::vector<std::uint64_t> sizes{fileBytesOf(container, smallestPlan(container))};
    for (std::size_t piece = 1; piece <= kExactSizes && steps > 0; ++piece) {
        const std::size_t end = steps * piece / kExactSizes;
        const std::size_t begin = sizes.size() - 1;
        if (end == begin) continue;
        const std::uint64_t from = sizes.back();
        const std::uint64_t to =
            fileBytesOf(container, prefixPlan(stack, stack.smallestCount + end));
        std::uint64_t blocks = 0;
        for (std::size_t i = begin; i < end; ++i)
            blocks += bytesOf(stack, stack.order[stack.smallestCount + i]);
        const std::uint64_t header = to - from - std::min(blocks, to - from);
        blocks = 0;
        for (std::size_t i = begin; i < end; ++i) {
            blocks += bytesOf(stack, stack.order[stack.smallestCount + i]);
            sizes.push_back(from + blocks + header * (i + 1 - begin) / (end - begin));
        }
        sizes.back() = to;
    }
    return sizes;
}

/// From the back, so that the last is 0 and not what rounding leaves of a difference.
std::vector<double> gainsLeft(const Container& container)
{
    const Stack& stack = container.stack;
    std::vector<double> left{0};
    for (std::size_t i = stack.order.size(); i-- > stack.smallestCount;)
        left.push_back(left.back() +
                       container.blocks[stack.order[i].matrix][stack.order[i].index].gain);
    std::reverse(left.begin(), left.end());
    return left;
}

} // namespace

Result<StackReport> reportStack(const ModelSource& source)
{
    BS_TRY(const Container* const container, needStack(source, "stack"));
    const Stack& stack = container->stack;
    StackReport report;
    report.path = source.path;
    report.codec = container->codec;
    report.parameters = source.parameters;
    report.layers = source.config.layers;
    for (std::size_t m = 0; m < stack.matrices.size(); ++m) {
        report.matrices.push_back(matrixOf(stack.matrices[m], container->blocks[m]));
        const std::vector<double>& gains = report.matrices.back().gains;
        report.hasGains = report.hasGains || std::any_of(gains.begin(), gains.end(),
                                                         [](double gain) { return gain != 0; });
    }
    report.order = stack.order;
    report.smallestCount = stack.smallestCount;
    report.fileBytes = fileSizes(*container);
    report.gainLeft = gainsLeft(*container);
    report.predicted = container->predicted;
    return report;
}

} // namespace bs
