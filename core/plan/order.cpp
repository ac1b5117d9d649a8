#include "core/plan/order.h"

#include <algorithm>

namespace bs {

namespace {

/// Consecutive blocks of one matrix that only pay together.
struct Segment
{
    std::uint32_t matrix;
    std::uint32_t firstBlock;
    std::uint32_t lastBlock; // exclusive
    double gainPerByte;
};

double slope(const RateDistortion& m, std::uint32_t from, std::uint32_t to)
{
    std::uint64_t bytes = 0;
    for (std::uint32_t i = from; i < to; ++i)
        bytes += m.bytes[i];
    return (m.loss[from] - m.loss[to]) / static_cast<double>(std::max<std::uint64_t>(1, bytes));
}

/// The hull's segments from `begin` on: each reaches to where the mean gain per byte is largest.
void addSegments(const RateDistortion& m, std::uint32_t matrix, std::uint32_t begin, std::vector<Segment>& segments)
{
    const auto blocks = static_cast<std::uint32_t>(m.bytes.size());
    while (begin < blocks) {
        std::uint32_t best = begin + 1;
        for (std::uint32_t end = begin + 2; end <= blocks; ++end)
            if (slope(m, begin, end) > slope(m, begin, best))
                best = end;
        segments.push_back({matrix, begin, best, slope(m, begin, best)});
        begin = best;
    }
}

} // namespace

LoadingOrder orderByLoss(const std::vector<RateDistortion>& matrices, const std::vector<std::uint32_t>& first)
{
    LoadingOrder result;
    for (const RateDistortion& m : matrices) {
        std::vector<double>& gain = result.gain.emplace_back();
        for (std::size_t i = 0; i < m.bytes.size(); ++i)
            gain.push_back(m.loss[i] - m.loss[i + 1]);
    }
    std::vector<bool> whole(matrices.size(), false);
    for (const std::uint32_t m : first) {
        whole[m] = true;
        for (std::uint32_t i = 0; i < matrices[m].bytes.size(); ++i)
            result.order.push_back({m, i});
    }
    std::vector<Segment> firstBlocks;
    std::vector<Segment> segments;
    for (std::uint32_t m = 0; m < matrices.size(); ++m) {
        if (whole[m] || matrices[m].bytes.empty())
            continue;
        firstBlocks.push_back({m, 0, 1, slope(matrices[m], 0, 1)});
        addSegments(matrices[m], m, 1, segments);
    }
    auto byGain = [](const Segment& a, const Segment& b) { return a.gainPerByte > b.gainPerByte; };
    std::stable_sort(firstBlocks.begin(), firstBlocks.end(), byGain);
    std::stable_sort(segments.begin(), segments.end(), byGain);
    result.smallestCount = result.order.size() + firstBlocks.size();
    firstBlocks.insert(firstBlocks.end(), segments.begin(), segments.end());
    for (const Segment& segment : firstBlocks)
        for (std::uint32_t i = segment.firstBlock; i < segment.lastBlock; ++i)
            result.order.push_back({segment.matrix, i});
    return result;
}

} // namespace bs
