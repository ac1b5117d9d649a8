#include "ui/jobs/job_runner.h"

namespace bs::ui {

JobRunner::JobRunner(QObject* parent)
    : QObject(parent)
{
    m_worker.setBackground(true);
    m_patience.setSingleShot(true);
    m_patience.setInterval(kPatienceMs);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        fail({kCanceledCode, tr("Stopped."), {}}, true);
    });
    connect(&m_worker, &WorkerClient::notified, this, &JobRunner::onNotified);
    connect(&m_worker, &WorkerClient::died, this, [this](const WorkerClient::Death& death) {
        if (m_job != 0) fail(death.error(), true);
    });
}

void JobRunner::run(const Job& job)
{
    m_job = job.id;
    m_mayBeKilled = job.method != QLatin1String("export"); // that one cleans up behind itself
    m_request = m_worker.request(
        job.method, job.params,
        [this](const QJsonObject& result) {
            const qint64 id = end();
            Q_EMIT finished(id, result);
        },
        [this](const WorkerError& error) { fail(error, false); });
}

void JobRunner::cancel()
{
    if (m_job == 0) return;
    if (!m_worker.isReady()) { // it has not begun
        fail({kCanceledCode, tr("Stopped."), {}}, false);
        return;
    }
    m_worker.cancel(m_request);
    if (m_mayBeKilled) m_patience.start();
}

qint64 JobRunner::end()
{
    m_patience.stop();
    m_request = 0;
    m_worker.stop();
    return std::exchange(m_job, 0);
}

void JobRunner::fail(const WorkerError& error, bool died)
{
    const qint64 id = end();
    Q_EMIT failed(id, error, died);
}

void JobRunner::onNotified(const QString& method, qint64 id, const QJsonObject& params)
{
    if (id != m_request || id == 0) return;
    if (method == QLatin1String("progress"))
        Q_EMIT progressed(m_job, JobProgress::fromJson(params));
    else if (method == QLatin1String("measured"))
        Q_EMIT measured(m_job, params.value(QLatin1String("budget_bytes")).toInteger(),
                        params.value(QLatin1String("value")).toDouble(),
                        params.value(QLatin1String("error")).toDouble());
}

} // namespace bs::ui
