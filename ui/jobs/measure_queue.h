#pragma once

#include "ui/jobs/background_jobs.h"

#include <QQueue>

namespace bs::ui {

/// Measurements of several files, one job after another; one that fails or is stopped ends the row.
class MeasureQueue : public QObject
{
    Q_OBJECT

public:
    explicit MeasureQueue(BackgroundJobs* jobs, QObject* parent = nullptr);
    void start(const QList<MeasureSettings>& jobs);

private:
    void next();

    BackgroundJobs* m_jobs;
    QQueue<MeasureSettings> m_waiting;
};

} // namespace bs::ui
