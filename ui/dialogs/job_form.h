#pragma once

#include <QList>

class QDialog;
class QFormLayout;
class QPushButton;
class QWidget;

namespace bs::ui {

/// Where the text that was measured on last is kept.
inline constexpr const char* kMeasureTextKey = "measure/text";

/// The fields of a dialog that starts a job.
QFormLayout* makeJobForm();

/// Puts the dialog together: fields, what stands below them, and the buttons start and Cancel.
void layOutJob(QDialog* dialog, QFormLayout* form, const QList<QWidget*>& below, QPushButton* start,
               int minimumWidth);

} // namespace bs::ui
