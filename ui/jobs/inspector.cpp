#include "ui/jobs/inspector.h"

namespace bs::ui {

Inspector::Inspector(QObject* parent)
    : QObject(parent)
{
    connect(&m_worker, &WorkerClient::notified, this,
            [this](const QString& method, qint64 id, const QJsonObject& params) {
                if (method == QLatin1String("progress") && id == m_id && id != 0)
                    Q_EMIT progressed(JobProgress::fromJson(params));
            });
    connect(&m_worker, &WorkerClient::died, this, [this](const WorkerClient::Death& death) {
        m_id = 0;
        Q_EMIT failed(death.error());
    });
}

void Inspector::open(const QString& path)
{
    rest();
    m_path = path;
    if (path.isEmpty()) {
        Q_EMIT listed({});
        return;
    }
    m_worker.request(
        QStringLiteral("tensors"), {{"path", path}},
        [this](const QJsonObject& result) { Q_EMIT listed(TensorListing::fromJson(result)); },
        [this](const WorkerError& error) { Q_EMIT failed(error); });
}

void Inspector::describe(const QString& tensor)
{
    if (m_id != 0) m_worker.cancel(m_id);
    m_id = m_worker.request(
        QStringLiteral("tensor"), {{"path", m_path}, {"name", tensor}},
        [this](const QJsonObject& result) {
            m_id = 0;
            Q_EMIT described(TensorDetails::fromJson(result));
        },
        [this](const WorkerError& error) {
            m_id = 0;
            Q_EMIT failed(error);
        });
}

void Inspector::rest()
{
    m_id = 0;
    m_worker.stop();
}

} // namespace bs::ui
