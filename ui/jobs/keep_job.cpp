#include "ui/jobs/keep_job.h"

namespace bs::ui {

KeepJob::KeepJob(QObject* parent)
    : QObject(parent)
{
    connect(&m_worker, &WorkerClient::notified, this,
            [this](const QString& method, qint64 id, const QJsonObject& params) {
                if (method == QLatin1String("progress") && id == m_id)
                    Q_EMIT progressed(JobProgress::fromJson(params));
            });
    connect(&m_worker, &WorkerClient::died, this, [this](const WorkerClient::Death& death) {
        end();
        Q_EMIT failed({1, death.sentence, death.details});
    });
}

void KeepJob::start(const KeepSettings& settings)
{
    if (isRunning()) return;
    m_settings = settings;
    m_id = m_worker.request(
        QStringLiteral("keep"),
        {{"path", settings.path},
         {"prompt_ids", numbersJson(settings.promptIds)},
         {"ids", numbersJson(settings.ids)},
         {"tokens", settings.tokens},
         {"budget_bytes", settings.budgetBytes ? QJsonValue(*settings.budgetBytes) : QJsonValue()}},
        [this](const QJsonObject& result) {
            end();
            Q_EMIT found(KeepFound::fromJson(result));
        },
        [this](const WorkerError& error) {
            end();
            Q_EMIT failed(error);
        });
    Q_EMIT runningChanged();
}

void KeepJob::cancel()
{
    if (m_id != 0) m_worker.cancel(m_id);
}

/// The memory goes with the job.
void KeepJob::end()
{
    m_id = 0;
    m_worker.stop();
    Q_EMIT runningChanged();
}

} // namespace bs::ui
