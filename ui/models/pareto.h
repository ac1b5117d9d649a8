#pragma once

#include "ui/models/curve_series.h"

#include <QSet>

namespace bs::ui {

/// Whether no other point beats a point: none is at most as large and at least as good, and better
/// in one of the two. For all points, series after series. Points are held against each other only
/// where they were measured in the same way; predictions and hidden series are not counted.
QList<bool> paretoFront(const QList<CurveSeries>& series, CurveMetric metric,
                        const QSet<QString>& hidden = {});

} // namespace bs::ui
