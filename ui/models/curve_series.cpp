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

/// The rules that its sizes were planned by, as the engine names its method; empty: the loading
/// order.
QString recipeOf(const CurvePoint& p)
{
    constexpr int kShown = 40;
    const QString rules = QString::fromStdString(p.method).section(QStringLiteral(" recipe "), 1);
    return rules.size() > kShown ? rules.left(kShown) + QStringLiteral(" ...") : rules;
}

/// What there is more than one of.
struct Differs
{
    bool models = false;
    bool texts = false;
    bool contexts = false;
    bool scored = false;
    bool tokens = false;
};

QString nameOf(const CurvePoint& p, const Differs& differs)
{
    QString name;
    const QString recipe = recipeOf(p);
    if (!recipe.isEmpty())
        name = QCoreApplication::translate("CurveSeries", "%1, recipe %2").arg(fileName(p), recipe);
    else if (!p.dense())
        name = fileName(p);
    else if (differs.models)
        name = QCoreApplication::translate("CurveSeries", "%1, uncompressed").arg(fileName(p));
    else
        name = QCoreApplication::translate("CurveSeries", "uncompressed");
    QStringList way;
    if (differs.tokens)
        way.append(QCoreApplication::translate("CurveSeries", "%1 tokens")
                       .arg(QLocale().toString(static_cast<qulonglong>(p.n))));
    if (differs.contexts)
        way.append(QCoreApplication::translate("CurveSeries", "context %1").arg(p.context));
    if (differs.scored) way.append(QString::fromStdString(p.scored));
    if (differs.texts)
        way.append(QCoreApplication::translate("CurveSeries", "text %1")
                       .arg(QString::fromStdString(p.dataHash.substr(0, 4))));
    if (!way.isEmpty()) name += QStringLiteral(" (%1)").arg(way.join(QStringLiteral(", ")));
    return name;
}

/// What two measurements must share to be held against each other.
QString wayOf(const CurvePoint& p)
{
    return QStringLiteral("%1 %2 %3 %4")
        .arg(QString::fromStdString(p.dataHash))
        .arg(p.context)
        .arg(QString::fromStdString(p.scored))
        .arg(p.n);
}

/// Where one of them tells all apart, the others go without saying.
Differs differencesOf(const std::vector<CurvePoint>& points)
{
    std::set<std::string> models;
    std::set<QString> ways;
    std::set<std::uint64_t> tokens;
    std::set<std::uint64_t> contexts;
    std::set<std::string> scored;
    std::set<std::string> texts;
    for (const CurvePoint& p : points) {
        models.insert(p.modelHash);
        ways.insert(wayOf(p));
        tokens.insert(p.n);
        contexts.insert(p.context);
        scored.insert(p.scored);
        texts.insert(p.dataHash);
    }
    Differs differs;
    differs.models = models.size() > 1;
    if (ways.size() < 2) return differs;
    const auto all = ways.size();
    if (tokens.size() == all)
        differs.tokens = true;
    else if (texts.size() == all)
        differs.texts = true;
    else
        differs = {differs.models, texts.size() > 1, contexts.size() > 1, scored.size() > 1,
                   tokens.size() > 1};
    return differs;
}

/// Values of another metric by what they were measured on.
class Beside
{
public:
    explicit Beside(const std::vector<CurvePoint>& points)
    {
        for (const CurvePoint& p : points)
            m_values.insert({keyOf(p), p.fileBytes}, p.value);
    }

    std::optional<double> operator()(const CurvePoint& p) const
    {
        const auto found = m_values.constFind({keyOf(p), p.fileBytes});
        return found == m_values.constEnd() ? std::nullopt : std::optional(*found);
    }

private:
    QMap<std::pair<Key, std::uint64_t>, double> m_values;
};

/// Files of one name in two folders are two lines all the same.
QList<CurveSeries> withNamesOfTheirOwn(QList<CurveSeries> all)
{
    QMap<QString, int> seen;
    for (CurveSeries& series : all)
        if (const int times = ++seen[series.name]; times > 1)
            series.name += QStringLiteral(" (%1)").arg(times);
    return all;
}

bool isDivergence(CurveMetric metric)
{
    return metric == CurveMetric::KlMean || metric == CurveMetric::KlMedian;
}

} // namespace

QList<CurveSeries> curveSeries(const MeasuredPoints& points)
{
    const Differs differs = differencesOf(points.values);
    const Beside low(points.quarters);
    const Beside high(points.threeQuarters);
    const Beside far(points.far);
    QMap<Key, CurveSeries> sorted;
    for (const CurvePoint& p : points.values) {
        if (isDivergence(points.metric) && p.value <= 0) continue;
        CurveSeries& series = sorted[keyOf(p)];
        if (series.dots.isEmpty()) {
            series.name = nameOf(p, differs);
            series.path = QString::fromStdString(p.artifactPath);
            series.artifactHash = QString::fromStdString(p.artifactHash);
            series.dense = p.dense();
            series.way = wayOf(p);
        }
        series.dots.append({static_cast<qint64>(p.fileBytes), p.value, p.error.value_or(0),
                            static_cast<qint64>(p.n), low(p), high(p), far(p)});
    }
    for (CurveSeries& series : sorted)
        std::stable_sort(series.dots.begin(), series.dots.end(),
                         [](const CurveDot& a, const CurveDot& b) { return a.bytes < b.bytes; });
    return withNamesOfTheirOwn(sorted.values());
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
        predicted.dots.append({p.bytes, std::exp(p.predictedRise)});
        measured.dots.append({p.bytes, std::exp(p.measuredRise)});
    }
    return {predicted, measured};
}

} // namespace bs::ui
