#pragma once

#include <QDialog>

namespace bs::ui {

/// The end of the log, to be read and copied into a report.
class LogDialog : public QDialog
{
    Q_OBJECT

public:
    explicit LogDialog(QWidget* parent = nullptr);
};

} // namespace bs::ui
