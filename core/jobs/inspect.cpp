#include "core/jobs/inspect.h"

#include "core/jobs/size_choice.h"
#include "core/jobs/weight_bytes.h"

#include <algorithm>
#include <map>

namespace bs {

namespace {

/// The type that holds most of the weights' bytes.
std::optional<std::string> dominantType(const ModelSource& source)
{
    std::map<std::string, std::uint64_t> bytes;
    for (const auto& [name, tensor] : source.tensors)
        bytes[std::string(infoOf(tensor.desc.dtype).name)] += tensor.desc.bytes;
    const auto most =
        std::max_element(bytes.begin(), bytes.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    if (source.container || most == bytes.end()) return std::nullopt;
    return most->first;
}

double gainAt(const Container& container, const StackBlock& block)
{
    return container.blocks[block.matrix][block.index].gain;
}

SizePoint pointAt(const ModelSource& source, WeightBytes& weights, std::size_t count)
{
    const Container& container = *source.container;
    const auto& order = container.stack.order;
    const Plan plan = prefixPlan(container.stack, count);
    SizePoint point;
    point.fileBytes = fileBytesOf(container, plan);
    point.weightBytes = weights.of(&plan);
    std::tie(point.depthMin, point.depthMax) = depthRange(container.stack, plan);
    if (count < order.size()) {
        point.nextBytes =
            container.stack.matrices[order[count].matrix].blockBytes[order[count].index];
        point.nextGain = gainAt(container, order[count]);
    }
    return point;
}

/// Lengths of prefixes of the order, spread evenly over the bytes from the smallest to the largest.
std::vector<std::size_t> prefixLengths(const Stack& stack, std::size_t points)
{
    const std::size_t wanted = std::max<std::size_t>(points, 2);
    std::uint64_t total = 0;
    for (std::size_t i = stack.smallestCount; i < stack.order.size(); ++i)
        total += stack.matrices[stack.order[i].matrix].blockBytes[stack.order[i].index];
    std::vector<std::size_t> lengths{stack.smallestCount};
    std::uint64_t bytes = 0;
    for (std::size_t i = stack.smallestCount; i < stack.order.size(); ++i) {
        bytes += stack.matrices[stack.order[i].matrix].blockBytes[stack.order[i].index];
        const double reached = static_cast<double>(bytes) / static_cast<double>(total) *
                               static_cast<double>(wanted - 1);
        if (reached >= static_cast<double>(lengths.size()) && lengths.size() + 1 < wanted)
            lengths.push_back(i + 1);
    }
    if (lengths.back() != stack.order.size()) lengths.push_back(stack.order.size());
    return lengths;
}

} // namespace

std::pair<std::uint32_t, std::uint32_t> depthRange(const Stack& stack, const Plan& plan)
{
    std::uint32_t least = UINT32_MAX;
    std::uint32_t most = 0;
    for (std::size_t m = 0; m < plan.depth.size(); ++m)
        if (stack.matrices[m].linear) {
            least = std::min(least, plan.depth[m]);
            most = std::max(most, plan.depth[m]);
        }
    return {std::min(least, most), most};
}

Result<ModelCard> describeModel(const ModelSource& source)
{
    ModelCard card;
    card.path = source.path;
    card.format = nameOf(source.format);
    card.config = source.config;
    card.parameters = source.parameters;
    card.bytes = source.bytes;
    card.dtype = dominantType(source);
    card.kvBytesPerToken = source.config.kvBytesPerToken();
    if (source.tokenizer)
        card.tokenizer = source.tokenizer->model + " (" + source.tokenizer->preTokenizer + ")";
    BS_TRY(card.identity, identify(source));
    if (!source.container) return card;
    const Container& container = *source.container;
    card.truncated = container.truncated;
    card.codec = container.codec;
    card.predicted = container.predicted;
    card.sourcePath = provenanceOf(source, "source_path");
    card.stack = ModelCard::StackCard{container.stack.matrices.size(), container.stack.order.size(),
                                      fileBytesOf(container, smallestPlan(container)),
                                      fileBytesOf(container, largestPlan(container))};
    return card;
}

std::vector<SizePoint> sizePoints(const ModelSource& source, std::size_t points)
{
    std::vector<SizePoint> sizes;
    WeightBytes weights(source);
    if (source.container)
        for (const std::size_t length : prefixLengths(source.container->stack, points))
            sizes.push_back(pointAt(source, weights, length));
    return sizes;
}

} // namespace bs
