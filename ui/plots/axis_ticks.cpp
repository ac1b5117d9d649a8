#include "ui/plots/axis_ticks.h"

#include <cmath>
#include <vector>

namespace bs::ui {

namespace {

constexpr int kEnough = 4;
constexpr int kMost = 8;

QList<double> decadeTicks(double lower, double upper, const std::vector<double>& mantissas)
{
    QList<double> ticks;
    for (double decade = std::pow(10, std::floor(std::log10(lower))); decade <= upper; decade *= 10)
        for (const double m : mantissas)
            if (m * decade >= lower && m * decade <= upper) ticks.append(m * decade);
    return ticks;
}

QList<double> linearTicks(double lower, double upper)
{
    const double rough = (upper - lower) / (kEnough + 1);
    const double decade = std::pow(10, std::floor(std::log10(rough)));
    double step = decade;
    for (const double m : {2.0, 5.0, 10.0})
        if (step < rough) step = m * decade;
    QList<double> ticks;
    for (double k = std::ceil(lower / step); k * step <= upper; ++k)
        ticks.append(k * step);
    return ticks;
}

/// Of many decades every second or third.
QList<double> thinned(const QList<double>& ticks)
{
    const qsizetype every = (ticks.size() + kMost - 1) / kMost;
    QList<double> kept;
    for (qsizetype i = 0; i < ticks.size(); i += every)
        kept.append(ticks.at(i));
    return kept;
}

} // namespace

QList<double> logarithmicTicks(double lower, double upper)
{
    if (!(lower > 0) || !(upper > lower) || !std::isfinite(upper)) return {};
    static const std::vector<std::vector<double>> kSets{
        {1}, {1, 3}, {1, 2, 5}, {1, 1.5, 2, 3, 5, 7}, {1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8}};
    for (const std::vector<double>& set : kSets)
        if (const QList<double> ticks = decadeTicks(lower, upper, set); ticks.size() >= kEnough)
            return thinned(ticks);
    return linearTicks(lower, upper);
}

} // namespace bs::ui
