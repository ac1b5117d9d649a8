#pragma once

#include <QString>

namespace bs::ui {

/// What the curve shows of a size.
enum class CurveMetric {
    Perplexity,
    KlMean,   ///< divergence from the original, with its standard error
    KlMedian, ///< the same with its quartiles and the value that 1 % lie above
    SameTop,  ///< share of tokens with the original's first choice
};

/// In a list of choices.
QString metricName(CurveMetric metric);
/// On the axis; `relative`: values are times the original's.
QString metricLabel(CurveMetric metric, bool relative);
/// Over the chart in a file.
QString metricTitle(CurveMetric metric);
/// A value with its name, for cards and sentences.
QString metricText(CurveMetric metric, double value, bool relative);
/// A value in a table.
QString metricNumber(CurveMetric metric, double value);
/// In the database and in files.
QString metricKey(CurveMetric metric);
bool higherIsBetter(CurveMetric metric);
/// Shares of a whole are not told apart on a logarithmic axis.
inline bool canBeLogarithmic(CurveMetric metric)
{
    return metric != CurveMetric::SameTop;
}

} // namespace bs::ui
