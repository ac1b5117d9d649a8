#include "core/plan/order.h"

#include <algorithm>

namespace bs {

namespace {

double gainPerByte(const RateDistortion& matrix, std::size_t block)
{
    const auto bytes = static_cast<double>(std::max<std::uint64_t>(1, matrix.bytes[block]));
    return (matrix.loss[block] - matrix.loss[block + 1]) / bytes;
}

} // namespace

LoadingOrder orderByLoss(const std::vector<RateDistortion>& matrices, const std::vector<std::uint32_t>& first)
{
    LoadingOrder result;
    std::size_t deepest = 0;
    for (const RateDistortion& m : matrices) {
        deepest = std::max(deepest, m.bytes.size());
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
    for (std::uint32_t level = 0; level < deepest; ++level) {
        std::vector<std::uint32_t> members;
        for (std::uint32_t m = 0; m < matrices.size(); ++m)
            if (!whole[m] && level < matrices[m].bytes.size())
                members.push_back(m);
        std::stable_sort(members.begin(), members.end(), [&](std::uint32_t a, std::uint32_t b) {
            return gainPerByte(matrices[a], level) > gainPerByte(matrices[b], level);
        });
        for (const std::uint32_t m : members)
            result.order.push_back({m, level});
        if (level < kLevelsOfUse)
            result.smallestCount = result.order.size();
    }
    return result;
}

} // namespace bs
