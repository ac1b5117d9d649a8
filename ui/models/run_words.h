#pragma once

#include "core/store/run_columns.h"

#include <QString>
#include <QVariant>

namespace bs::ui {

/// Head of a column of the run table, and what it means with its name in the filter line.
QString runColumnTitle(RunColumn column);
QString runColumnTip(RunColumn column);
/// A cell for people, its number or text for programs, and what it says in full.
QString runCellText(const RunPoint& point, RunColumn column);
QVariant runCellValue(const RunPoint& point, RunColumn column);
QString runCellTip(const RunPoint& point, RunColumn column);

} // namespace bs::ui
