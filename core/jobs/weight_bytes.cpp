#include "core/jobs/weight_bytes.h"

#include <algorithm>
#include <array>

namespace bs {

namespace {

constexpr std::uint64_t kPage = 4096;

/// Whole pages that the ranges touch; a page that two of them share counts once.
class PageCount
{
public:
    void add(std::uint64_t offset, std::uint64_t bytes)
    {
        if (bytes > 0) m_spans.emplace_back(offset / kPage, (offset + bytes - 1) / kPage + 1);
    }
    std::uint64_t bytes()
    {
        std::sort(m_spans.begin(), m_spans.end());
        std::uint64_t pages = 0;
        std::uint64_t counted = 0;
        for (const auto& [begin, end] : m_spans) {
            const std::uint64_t from = std::max(begin, counted);
            pages += end > from ? end - from : 0;
            counted = std::max(counted, end);
        }
        return pages * kPage;
    }

private:
    std::vector<std::pair<std::uint64_t, std::uint64_t>> m_spans;
};

} // namespace

WeightBytes::WeightBytes(const ModelSource& source)
    : m_source(source)
{
    if (!source.container || source.container->codec != "nested") return;
    for (const auto& blocks : source.container->blocks)
        m_counts.emplace_back(blocks.size());
}

std::uint64_t WeightBytes::of(const Plan* plan)
{
    std::uint64_t bytes = 0;
    std::vector<PageCount> pages(m_source.files.size());
    for (const auto& [name, tensor] : m_source.tensors) {
        if (tensor.desc.shape.size() == 1)
            bytes += tensor.desc.elements() * sizeof(float); // norms are kept as f32
        else
            pages[tensor.file].add(tensor.desc.offset, tensor.desc.bytes);
    }
    if (m_source.container && plan != nullptr)
        for (std::size_t m = 0; m < plan->depth.size(); ++m) {
            for (std::size_t i = 0; i < plan->depth[m]; ++i)
                for (const ByteRange& range : m_source.container->blocks[m][i].ranges)
                    pages.front().add(range.offset, range.bytes);
            bytes += ofLists(m, plan->depth[m]);
        }
    for (PageCount& count : pages)
        bytes += count.bytes();
    return bytes;
}

std::uint64_t WeightBytes::ofLists(std::size_t matrix, std::uint32_t depth)
{
    if (m_counts.empty() || depth == 0) return 0;
    nested::BlockCounts all;
    for (std::uint32_t i = 0; i < depth; ++i) {
        const nested::BlockCounts& own = countsOf(matrix, i);
        all.planes += own.planes;
        all.outliers += own.outliers;
    }
    const StackMatrix& of = m_source.container->stack.matrices[matrix];
    return nested::heldBytes({of.rows, of.cols}, all);
}

const nested::BlockCounts& WeightBytes::countsOf(std::size_t matrix, std::uint32_t block)
{
    std::optional<nested::BlockCounts>& counts = m_counts[matrix][block];
    if (counts) return *counts;
    counts.emplace();
    const std::vector<ByteRange>& ranges = m_source.container->blocks[matrix][block].ranges;
    std::uint64_t bytes = 0;
    for (const ByteRange& range : ranges)
        bytes += range.bytes;
    std::array<std::byte, nested::kCountBytes> head{};
    const StackMatrix& of = m_source.container->stack.matrices[matrix];
    if (bytes >= head.size() && m_source.files.front()->readAt(ranges.front().offset, head))
        *counts = nested::countsOf({of.rows, of.cols}, block, bytes, head);
    return *counts;
}

} // namespace bs
