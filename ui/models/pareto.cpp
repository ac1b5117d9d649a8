#include "ui/models/pareto.h"

#include <QMap>

#include <algorithm>
#include <cmath>

namespace bs::ui {

namespace {

struct Candidate
{
    qint64 bytes = 0;
    double badness = 0; ///< lower is better
    qsizetype number = 0;
};

/// By size, then by quality: a point is on the front if it is better than all before it.
void markFront(QList<Candidate> candidates, QList<bool>& front)
{
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return a.bytes != b.bytes ? a.bytes < b.bytes : a.badness < b.badness;
    });
    double best = INFINITY;
    qint64 bytesOfBest = -1;
    for (const Candidate& c : std::as_const(candidates)) {
        // The same point measured in two files is beaten by neither.
        const bool same = c.badness == best && c.bytes == bytesOfBest;
        if (!(c.badness < best) && !same) continue;
        best = c.badness;
        bytesOfBest = c.bytes;
        front[c.number] = true;
    }
}

} // namespace

QList<bool> paretoFront(const QList<CurveSeries>& series, CurveMetric metric,
                        const QSet<QString>& hidden)
{
    QMap<QString, QList<Candidate>> ways;
    qsizetype number = 0;
    for (const CurveSeries& s : series)
        for (const CurveDot& dot : s.dots) {
            if (!s.predicted && !hidden.contains(s.name))
                ways[s.way].append(
                    {dot.bytes, higherIsBetter(metric) ? -dot.value : dot.value, number});
            ++number;
        }
    QList<bool> front(number, false);
    for (const QList<Candidate>& candidates : std::as_const(ways))
        markFront(candidates, front);
    return front;
}

} // namespace bs::ui
