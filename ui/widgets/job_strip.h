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
    /// How many jobs wait for this one.
    void setWaiting(int jobs);
    void setProgress(const JobProgress& progress);
    void end();

Q_SIGNALS:
    void cancelRequested();

private:
    void showTitle();

    QString m_what;
    int m_waiting = 0;
    ElidedLabel* m_title;
    ElidedLabel* m_detail;
    QProgressBar* m_bar;
    QPushButton* m_cancel;
};

} // namespace bs::ui
