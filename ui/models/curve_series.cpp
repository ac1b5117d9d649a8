#include "ui/models/curve_series.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>
#include <QMap>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

namespace bs::ui {

namespace {

/// Dense before stacks, then file, then how it was measured.
using Key = std::tuple<bool, std::string, std::string, std::string, std::uint64_t, std::string,
                       std::uint64_t>;

Key keyOf(const CurvePoint& p)
{
    return {!p.dense(), p.modelHash, p.artifactHash, p.dataHash, p.context, p.scored, p.n};
}

QString fileName(const CurvePoint& p)
{
    const std::string& path = p.artifactPath.empty() ? p.modelPath : p.artifactPath;
    return QFileInfo(QString::fromStdString(path)).completeBaseName();
}

QString nameOf(const CurvePoint& p, bool severalModels, bool severalWays)
{
    QString name;
    if (!p.dense())
        name = fileName(p);
    else if (severalModels)
        name = QCoreApplication::translate("CurveSeries", "%1, uncompressed").arg(fileName(p));
    else
        name = QCoreApplication::translate("CurveSeries", "uncompressed");
    if (severalWays)
        name += QCoreApplication::translate("CurveSeries", " (%1 tokens, text %2)")
                    .arg(QLocale().toString(static_cast<qulonglong>(p.n)),
                         QString::fromStdString(p.dataHash.substr(0, 4)));
    return name;
}

} // namespace

QList<CurveSeries> curveSeries(const std::vector<CurvePoint>& points)
{
    std::set<std::string> models;
    std::set<std::tuple<std::string, std::uint64_t, std::string, std::uint64_t>> ways;
    for (const CurvePoint& p : points) {
        models.insert(p.modelHash);
        ways.insert({p.dataHash, p.context, p.scored, p.n});
    }
    QMap<Key, CurveSeries> sorted;
    for (const CurvePoint& p : points) {
        CurveSeries& series = sorted[keyOf(p)];
        if (series.dots.isEmpty()) {
            series.name = nameOf(p, models.size() > 1, ways.size() > 1);
            series.path = QString::fromStdString(p.artifactPath);
            series.artifactHash = QString::fromStdString(p.artifactHash);
            series.dense = p.dense();
        }
        series.dots.append({static_cast<qint64>(p.fileBytes), p.value, p.error.value_or(0),
                            static_cast<qint64>(p.n)});
    }
    for (CurveSeries& series : sorted)
        std::stable_sort(series.dots.begin(), series.dots.end(),
                         [](const CurveDot& a, const CurveDot& b) { return a.bytes < b.bytes; });
    return sorted.values();
}

QList<CurveSeries> storedSeries(const StackRecord& stack)
{
    if (stack.predicted.isEmpty()) return {};
    CurveSeries predicted;
    predicted.name = QCoreApplication::translate("CurveSeries", "predicted");
    predicted.path = stack.path;
    predicted.relative = true;
    CurveSeries measured = predicted;
    predicted.predicted = true;
    measured.name = QCoreApplication::translate("CurveSeries", "measured when it was made");
    for (const StackRecord::Prediction& p : stack.predicted) {
        predicted.dots.append({p.bytes, std::exp(p.predictedRise), 0, 0});
        measured.dots.append({p.bytes, std::exp(p.measuredRise), 0, 0});
    }
    return {predicted, measured};
}

} // namespace bs::ui
