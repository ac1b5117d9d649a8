#include "ui/jobs/worker_job.h"

#include <utility>

namespace bs::ui {

WorkerJob::WorkerJob(QObject* parent)
    : QObject(parent)
{
    connect(&m_worker, &WorkerClient::notified, this,
            [this](const QString& method, qint64 id, const QJsonObject& params) {
                if (id == m_id && id != 0 && method == QLatin1String("progress"))
                    Q_EMIT progressed(JobProgress::fromJson(params));
            });
    connect(&m_worker, &WorkerClient::died, this,
            [this](const WorkerClient::Death& death) { fail(death.error()); });
}

void WorkerJob::begin(const QString& method, const QJsonObject& params,
                      WorkerClient::ResultHandler onResult)
{
    m_id = m_worker.request(
        method, params,
        [this, onResult = std::move(onResult)](const QJsonObject& result) {
            end();
            onResult(result);
        },
        [this](const WorkerError& error) { fail(error); });
    Q_EMIT runningChanged();
}

void WorkerJob::cancel()
{
    if (isRunning()) m_worker.cancel(m_id);
}

void WorkerJob::end()
{
    m_id = 0;
    m_worker.stop();
    Q_EMIT runningChanged();
}

void WorkerJob::fail(const WorkerError& error)
{
    end();
    Q_EMIT failed(error);
}

} // namespace bs::ui
