#pragma once

#include "ui/jobs/records.h"

#include <QFrame>

class QProgressBar;
class QPushButton;

namespace bs::ui {

class ElidedLabel;

/// The job that runs beside the chat: what, how far, how long still, and a way to stop it.
class JobStrip : public QFrame
{
    Q_OBJECT

public:
    explicit JobStrip(QWidget* parent = nullptr);

    void begin(const QString& title);
    void setProgress(const JobProgress& progress);
    void end();

Q_SIGNALS:
    void cancelRequested();

private:
    ElidedLabel* m_title;
    ElidedLabel* m_detail;
    QProgressBar* m_bar;
    QPushButton* m_cancel;
};

} // namespace bs::ui
