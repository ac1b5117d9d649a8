#pragma once

#include "ui/jobs/job.h"
#include "ui/jobs/worker_client.h"

#include <QTimer>

namespace bs::ui {

/// Runs one job at a time in a worker of its own, which goes with the job: its memory is the chat's
/// to use, and a job that runs out of memory takes nothing with it.
class JobRunner : public QObject
{
    Q_OBJECT

public:
    /// A job that can go on later has so long to stop by itself; then its worker is ended.
    static constexpr int kPatienceMs = 700;

    explicit JobRunner(QObject* parent = nullptr);

    bool isBusy() const { return m_job != 0; }
    qint64 job() const { return m_job; } ///< 0: none runs
    qint64 workerProcessId() const { return m_worker.processId(); }

    /// Nothing may run. finished() or failed() follows.
    void run(const Job& job);
    void cancel();

Q_SIGNALS:
    void progressed(qint64 job, const bs::ui::JobProgress& progress);
    void measured(qint64 job, qint64 budgetBytes, double value, double error);
    void finished(qint64 job, const QJsonObject& result);
    /// Code 130: stopped by the user. `died`: the worker is gone without an answer.
    void failed(qint64 job, const bs::ui::WorkerError& error, bool died);

private:
    qint64 end();
    void fail(const WorkerError& error, bool died);
    void onNotified(const QString& method, qint64 id, const QJsonObject& params);

    WorkerClient m_worker;
    QTimer m_patience;
    qint64 m_job = 0;
    qint64 m_request = 0;
    bool m_mayBeKilled = false;
};

} // namespace bs::ui
