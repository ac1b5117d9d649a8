#pragma once

#include "ui/jobs/records.h"

#include <QString>
#include <QStringList>

namespace bs::ui {

/// A job's phase or detail in the person's language: the engine tells both in English. "layer 3 of
/// 30" is "Schicht 3 von 30"; what is not among the engine's own words (a path, a name) stays.
QString progressText(const QString& english);
/// What a job is at, phase before detail, both so; only what the engine says.
QStringList progressParts(const JobProgress& progress);

} // namespace bs::ui
