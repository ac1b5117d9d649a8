#include "ui/jobs/sweep.h"

#include <QFileInfo>

#include <algorithm>

namespace bs::ui {

namespace {

bool isStack(const QString& path)
{
    return path.endsWith(QLatin1String(".bitstack"), Qt::CaseInsensitive);
}

/// Letters, digits and a few signs of a name, for files.
QString forFile(const QString& name)
{
    QString plain;
    for (const QChar c : name)
        plain += c.isLetterOrNumber() || QStringLiteral("-_.").contains(c) ? c : QLatin1Char('-');
    return plain;
}

/// Beside the model, named by what tells it from the other files of the sweep.
QString outputFor(const SweepSettings& s, const CompressSettings& c)
{
    const QFileInfo model(c.path);
    QStringList parts{model.isDir() ? model.fileName() : model.completeBaseName(), forFile(s.name),
                      c.codec};
    if (c.codec == QLatin1String("bitstack"))
        parts.append(QStringLiteral("r%1-b%2").arg(c.rank).arg(c.blocks));
    if (s.calibrationTokens.size() > 1)
        parts.append(QStringLiteral("t%1").arg(c.calibrationTokens));
    return model.absolutePath() + QLatin1Char('/') + parts.join(QLatin1Char('-')) +
           QStringLiteral(".bitstack");
}

QList<CompressSettings> waysOf(const SweepSettings& s, const QString& model)
{
    QList<CompressSettings> ways;
    CompressSettings way;
    way.path = model;
    for (const QString& codec : s.codecs) {
        way.codec = codec;
        const bool bitstack = codec == QLatin1String("bitstack");
        for (const int rank : bitstack ? s.ranks : QList<int>{way.rank})
            for (const int blocks : bitstack ? s.blocks : QList<int>{way.blocks})
                for (const qint64 tokens : s.calibrationTokens) {
                    way.rank = rank;
                    way.blocks = blocks;
                    way.calibrationTokens = tokens;
                    way.output = outputFor(s, way);
                    ways.append(way);
                }
    }
    return ways;
}

void addMeasurements(SweepPlan& plan, const SweepSettings& s, const QString& file, bool dense)
{
    for (const QString& text : s.texts) {
        SweepPlan::Step step;
        MeasureSettings& m = step.measure;
        m.path = file;
        m.text = text;
        m.context = s.context;
        m.chunks = s.chunks;
        m.budgets = s.budgets;
        m.spread = s.spread;
        m.leaveOutSmaller = true;
        m.sweep = s.name;
        m.includeDense = dense;
        m.database = s.database;
        plan.steps.append(step);
    }
}

} // namespace

int SweepPlan::compressions() const
{
    return static_cast<int>(std::count_if(steps.begin(), steps.end(),
                                          [](const Step& step) { return step.compresses; }));
}

int SweepPlan::measurements() const
{
    return static_cast<int>(steps.size()) - compressions();
}

SweepPlan planSweep(const SweepSettings& s)
{
    SweepPlan plan;
    for (const QString& model : s.models) {
        if (isStack(model)) {
            addMeasurements(plan, s, model, true);
            continue;
        }
        bool first = true;
        for (const CompressSettings& way : waysOf(s, model)) {
            if (QFileInfo::exists(way.output)) {
                ++plan.filesThere;
            } else {
                SweepPlan::Step step;
                step.compresses = true;
                step.compress = way;
                plan.steps.append(step);
            }
            addMeasurements(plan, s, way.output, std::exchange(first, false));
        }
    }
    return plan;
}

} // namespace bs::ui
