#pragma once

#include <QList>

namespace bs::ui {

/// Round numbers for a logarithmic axis from `lower` to `upper` (both > 0): as few as give at least
/// four, also where the axis spans less than a decade, and no more than eight of many decades.
QList<double> logarithmicTicks(double lower, double upper);

} // namespace bs::ui
