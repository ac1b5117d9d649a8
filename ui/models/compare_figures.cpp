#include "ui/models/compare_figures.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace bs::ui {

namespace {

/// What must be the same for numbers to be comparable.
using Way = std::tuple<std::string, std::uint64_t, std::string, std::uint64_t>;

Way wayOf(const CurvePoint& point)
{
    return {point.dataHash, point.context, point.scored, point.n};
}

/// Of one way, what was measured of one pin.
struct Row
{
    std::int64_t run = 0;
    std::optional<Measured> perplexity;
    std::optional<Measured> divergence;
    std::optional<Measured> sameTop;
};

using Rows = std::map<Way, Row>;

Rows rowsOf(const QList<CurvePoint>& points, const MeasuredPin& pin)
{
    Rows rows;
    for (const CurvePoint& p : points) {
        if (p.artifactHash != pin.artifactHash.toStdString() ||
            p.fileBytes != static_cast<std::uint64_t>(pin.fileBytes))
            continue;
        Row& row = rows[wayOf(p)];
        row.run = std::max(row.run, p.run);
        const Measured measured{p.value, p.error.value_or(0)};
        if (p.metric == "perplexity") row.perplexity = measured;
        if (p.metric == "kld_mean") row.divergence = measured;
        if (p.metric == "same_top") row.sameTop = measured;
    }
    return rows;
}

Rows::const_iterator newest(const Rows& rows)
{
    return std::max_element(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
        return a.second.run < b.second.run;
    });
}

void take(const Row& row, CompareFigures& figures)
{
    figures.perplexity = row.perplexity;
    figures.divergence = row.divergence;
    figures.sameTop = row.sameTop;
}

} // namespace

bool takeMeasurements(const QList<CurvePoint>& points, const Both<MeasuredPin>& pins,
                      Both<CompareFigures>& figures)
{
    Both<Rows> rows;
    for (const Side side : kSides)
        rows[side] = rowsOf(points, pins[side]);
    Rows shared;
    for (const auto& [way, row] : rows[Side::A])
        if (const auto other = rows[Side::B].find(way); other != rows[Side::B].end())
            shared[way].run = std::min(row.run, other->second.run);
    for (const Side side : kSides) {
        const auto row =
            shared.empty() ? newest(rows[side]) : rows[side].find(newest(shared)->first);
        if (row != rows[side].end()) take(row->second, figures[side]);
    }
    return !shared.empty();
}

} // namespace bs::ui
