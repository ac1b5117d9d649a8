#pragma once

#include "core/store/records.h"
#include "ui/jobs/stack_record.h"

#include <QList>
#include <QString>

#include <vector>

namespace bs::ui {

/// A measured size of a model.
struct CurveDot
{
    qint64 bytes = 0;
    double perplexity = 0;
    double error = 0; ///< standard error; 0: unknown
    qint64 tokens = 0;
    bool operator==(const CurveDot&) const = default;
};

/// Points of one file measured in one way, by rising size; ready to be drawn. A dense series is the
/// uncompressed model: one value that the others are held against.
struct CurveSeries
{
    QString name;
    QString path; ///< of the file that was measured
    QString artifactHash;
    bool dense = false;
    QList<CurveDot> dots;
    bool relative = false;  ///< the dots' perplexities are times the original's
    bool predicted = false; ///< nobody measured them
    bool operator==(const CurveSeries&) const = default;
};

/// Sorts measurements into series: one for each (model, file, text, context, scoring, tokens).
/// Names tell apart what differs and say no more. Dense series come first.
QList<CurveSeries> curveSeries(const std::vector<CurvePoint>& points);

/// What a .bitstack file itself says about its sizes, for as long as nobody has measured them: as
/// predicted, and as measured on held-out text when it was made, both as times the original's
/// perplexity. Empty where the file says nothing.
QList<CurveSeries> storedSeries(const StackRecord& stack);

} // namespace bs::ui
