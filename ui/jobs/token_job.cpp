#include "ui/jobs/token_job.h"

namespace bs::ui {

TokenJob::TokenJob(QObject* parent)
    : QObject(parent)
{
    connect(&m_worker, &WorkerClient::notified, this,
            [this](const QString& method, qint64 id, const QJsonObject& params) {
                if (id == m_id && id != 0 && method == QLatin1String("progress"))
                    Q_EMIT progressed(JobProgress::fromJson(params));
            });
    connect(&m_worker, &WorkerClient::died, this, [this](const WorkerClient::Death& death) {
        fail({1, death.sentence, death.details});
    });
}

void TokenJob::start(const TokenSettings& settings)
{
    if (isRunning()) return;
    m_id = m_worker.request(
        QStringLiteral("token_divergence"), settings.toJson(),
        [this](const QJsonObject& result) {
            const TokenPointer record = TokenRecord::fromJson(result);
            if (record == nullptr)
                return fail(
                    {1, tr("what the engine says about the tokens does not fit together"), {}});
            end();
            Q_EMIT finished(record);
        },
        [this](const WorkerError& error) { fail(error); });
    Q_EMIT runningChanged();
}

void TokenJob::cancel()
{
    if (isRunning()) m_worker.cancel(m_id);
}

void TokenJob::end()
{
    m_id = 0;
    m_worker.stop();
    Q_EMIT runningChanged();
}

void TokenJob::fail(const WorkerError& error)
{
    end();
    Q_EMIT failed(error);
}

} // namespace bs::ui
