#pragma once

#include "core/store/records.h"
#include "ui/jobs/stack_record.h"
#include "ui/models/curve_metric.h"

#include <QList>
#include <QString>

#include <optional>
#include <vector>

namespace bs::ui {

/// A measured size of a model.
struct CurveDot
{
    qint64 bytes = 0;
    double value = 0; ///< of the metric that is shown
    double error = 0; ///< standard error; 0: unknown
    qint64 tokens = 0;
    std::optional<double> low = std::nullopt; ///< quartiles, of CurveMetric::KlMedian
    std::optional<double> high = std::nullopt;
    std::optional<double> far = std::nullopt; ///< 1 % of the tokens lie above
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
    QString way = {};       ///< text, context, scoring and tokens: only equal ones can be compared
    bool operator==(const CurveSeries&) const = default;
};

/// Measurements of a metric, and of CurveMetric::KlMedian what lies around them.
struct MeasuredPoints
{
    CurveMetric metric = CurveMetric::Perplexity;
    std::vector<CurvePoint> values;
    std::vector<CurvePoint> quarters; ///< 25 %
    std::vector<CurvePoint> threeQuarters;
    std::vector<CurvePoint> far; ///< 99 %
};

/// Sorts measurements into series: one for each (model, file, text, context, scoring, tokens).
/// Names tell apart what differs and say no more. Dense series come first; a divergence of 0, as
/// the original has from itself, is left out.
QList<CurveSeries> curveSeries(const MeasuredPoints& points);

/// What a .bitstack file itself says about its sizes, for as long as nobody has measured them: as
/// predicted, and as measured on held-out text when it was made, both as times the original's
/// perplexity. Empty where the file says nothing.
QList<CurveSeries> storedSeries(const StackRecord& stack);

} // namespace bs::ui
