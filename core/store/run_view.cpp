#include "core/store/run_view.h"

#include "core/store/folded_text.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace bs {

namespace {

/// Sorts `points` by keys made once for each; `lacks` tells which have none.
template <class Key, class Lacks>
void sortBy(std::vector<std::uint32_t>& points, const std::vector<Key>& keys, const Lacks& lacks,
            bool descending)
{
    std::vector<std::uint32_t> order(points.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        if (lacks(keys[a]) || lacks(keys[b])) return !lacks(keys[a]) && lacks(keys[b]);
        return descending ? keys[b] < keys[a] : keys[a] < keys[b];
    });
    std::vector<std::uint32_t> sorted(points.size());
    std::transform(order.begin(), order.end(), sorted.begin(),
                   [&](std::uint32_t at) { return points[at]; });
    points = std::move(sorted);
}

void sortPoints(const RunTable& table, std::vector<std::uint32_t>& points, RunColumn column,
                bool descending)
{
    if (isNumber(column)) {
        std::vector<std::optional<double>> keys;
        keys.reserve(points.size());
        for (const std::uint32_t point : points)
            keys.push_back(numberOf(table[point], column));
        sortBy(
            points, keys, [](const auto& key) { return !key.has_value(); }, descending);
        return;
    }
    std::vector<std::string> keys;
    keys.reserve(points.size());
    for (const std::uint32_t point : points)
        keys.push_back(foldedText(textOf(table[point], column)));
    sortBy(
        points, keys, [](const auto& key) { return key.empty(); }, descending);
}

bool isSame(const RunPoint& a, const RunPoint& b, RunColumn column)
{
    return isNumber(column) ? numberOf(a, column) == numberOf(b, column)
                            : textOf(a, column) == textOf(b, column);
}

} // namespace

RunView viewOf(const RunTable& table, const RunFilter& filter, RunColumn sortedBy, bool descending)
{
    RunView view;
    for (std::uint32_t i = 0; i < table.size(); ++i)
        if (filter.matches(table[i])) view.points.push_back(i);
    for (int i = 0; i < kRunColumnCount && !view.points.empty(); ++i) {
        const RunPoint& first = table[view.points.front()];
        view.differing[static_cast<std::size_t>(i)] =
            std::ranges::any_of(view.points, [&](std::uint32_t point) {
                return !isSame(first, table[point], static_cast<RunColumn>(i));
            });
    }
    sortPoints(table, view.points, sortedBy, descending);
    return view;
}

} // namespace bs
