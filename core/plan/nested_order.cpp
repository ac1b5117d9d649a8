#include "core/plan/nested_order.h"

#include <algorithm>
#include <limits>

namespace bs {

namespace {

struct Entry
{
    StackBlock block;
    double price;
    double gainPerByte;
};

} // namespace

LoadingOrder orderByPrice(const std::vector<PricedMatrix>& matrices)
{
    LoadingOrder result;
    std::vector<Entry> entries;
    for (std::uint32_t m = 0; m < matrices.size(); ++m) {
        const PricedMatrix& matrix = matrices[m];
        std::vector<double>& gain = result.gain.emplace_back();
        for (std::uint32_t i = 0; i < matrix.bytes.size(); ++i) {
            gain.push_back(matrix.loss[i] - matrix.loss[i + 1]);
            const double price = i == 0 ? std::numeric_limits<double>::infinity() : matrix.price[i];
            entries.push_back({{m, i}, price, gain.back() / static_cast<double>(std::max<std::uint64_t>(1, matrix.bytes[i]))});
        }
        result.smallestCount += matrix.bytes.empty() ? 0 : 1;
    }
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return a.price != b.price ? a.price > b.price : a.gainPerByte > b.gainPerByte;
    });
    for (const Entry& entry : entries)
        result.order.push_back(entry.block);
    return result;
}

} // namespace bs
