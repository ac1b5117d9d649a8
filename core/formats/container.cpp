#include "core/formats/container.h"

#include "core/base/hash.h"
#include "core/base/sizes.h"
#include "core/formats/container_layout.h"

#include <charconv>

namespace bs {

namespace {

constexpr char kSlabMark = '#'; // on disk

std::string figure(std::uint64_t bytes)
{
    return std::to_string(bytes) + " bytes (" + formatSize(bytes) + ")";
}

} // namespace

std::uint64_t layout::dataBytesOf(const Container& container, const Plan& plan)
{
    std::uint64_t bytes = layout::padded(container.configText.size()) +
                          layout::padded(container.packedTokenizer.size());
    bytes += layout::paddedBytes(container.tensors);
    return bytes + blockBytesOf(container.stack, plan);
}

std::uint64_t checksumOf(const ContainerBlock& block, const std::byte* image)
{
    Xxh3 hash;
    for (const TensorDesc& part : block.parts)
        hash.update(std::span(image + part.offset, part.bytes));
    return hash.digest();
}

std::vector<std::string> blockPartNames(const std::string& codec, const StackMatrix& matrix,
                                        std::size_t index)
{
    BS_ASSERT(layout::isKnownCodec(codec));
    const std::string stem = matrix.name + ".blocks." + std::to_string(index);
    if (codec == layout::kNested) return {stem};
    if (!matrix.linear) return {matrix.name + ".weight"};
    return {stem + ".sign", stem + ".u", stem + ".vt"};
}

std::string slabText(const SlabName& slab)
{
    return slab.matrix + kSlabMark + std::to_string(slab.firstRow);
}

SlabName slabOf(const std::string& name)
{
    const std::size_t mark = name.rfind(kSlabMark);
    SlabName slab{name.substr(0, mark), 0};
    if (mark == std::string::npos) return slab;
    const auto [end, failed] =
        std::from_chars(name.data() + mark + 1, name.data() + name.size(), slab.firstRow);
    // Only what slabText writes is a slab: "#007" or "#" is part of a strange name.
    if (failed == std::errc() && slabText(slab) == name) return slab;
    return {name, 0};
}

std::uint64_t fileBytesOf(const Container& container, const Plan& plan)
{
    return layout::headerText(container, plan).size() + layout::dataBytesOf(container, plan);
}

Plan smallestPlan(const Container& container)
{
    return prefixPlan(container.stack, container.stack.smallestCount);
}

Plan largestPlan(const Container& container)
{
    return prefixPlan(container.stack, container.stack.order.size());
}

Result<Plan> planForBudget(const Container& container, std::uint64_t bytes)
{
    const Plan smallest = smallestPlan(container);
    const std::uint64_t smallestBytes = fileBytesOf(container, smallest);
    if (smallestBytes > bytes)
        return Error{ErrorCode::Budget, "the smallest plan takes " + figure(smallestBytes) +
                                            ", asked for were " + figure(bytes)};
    // More blocks never make a smaller file. Counts whose blocks alone are too large are ruled out
    // first, without writing their headers.
    const Stack& stack = container.stack;
    const std::uint64_t smallestHeader = smallestBytes - layout::dataBytesOf(container, smallest);
    std::size_t fits = stack.smallestCount;
    std::size_t tooMany = fits + 1;
    std::uint64_t data = smallestBytes - smallestHeader;
    while (tooMany <= stack.order.size()) {
        const StackBlock& next = stack.order[tooMany - 1];
        data += stack.matrices[next.matrix].blockBytes[next.index];
        if (data > bytes - smallestHeader) break;
        ++tooMany;
    }
    while (tooMany - fits > 1) {
        const std::size_t middle = fits + (tooMany - fits) / 2;
        (fileBytesOf(container, prefixPlan(stack, middle)) <= bytes ? fits : tooMany) = middle;
    }
    return prefixPlan(stack, fits);
}

} // namespace bs
