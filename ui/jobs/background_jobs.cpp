#include "ui/jobs/background_jobs.h"

#include <QJsonArray>

namespace bs::ui {

BackgroundJobs::BackgroundJobs(QObject* parent)
    : QObject(parent)
{
    m_worker.setBackground(true);
    connect(&m_worker, &WorkerClient::notified, this, &BackgroundJobs::onNotified);
    connect(&m_worker, &WorkerClient::died, this, [this](const WorkerClient::Death& death) {
        const WorkerError error{1, death.sentence, death.details};
        if (m_kind != Kind::None)
            fail(error);
        else
            Q_EMIT forecastFailed(error);
    });
}

void BackgroundJobs::forecast(const CompressSettings& settings)
{
    m_worker.request(
        QStringLiteral("forecast"), settings.toJson(),
        [this](const QJsonObject& result) { Q_EMIT forecastReady(Forecast::fromJson(result)); },
        [this](const WorkerError& error) { Q_EMIT forecastFailed(error); });
}

void BackgroundJobs::begin(Kind kind)
{
    m_kind = kind;
    Q_EMIT started();
}

/// The job's worker goes with the job: its memory is the chat's to use.
void BackgroundJobs::end()
{
    m_kind = Kind::None;
    m_id = 0;
    m_worker.stop();
}

void BackgroundJobs::fail(const WorkerError& error)
{
    end();
    Q_EMIT failed(error);
}

void BackgroundJobs::compress(const CompressSettings& settings)
{
    if (m_kind != Kind::None) return;
    m_compress = settings;
    m_id = m_worker.request(
        QStringLiteral("compress"), settings.toJson(),
        [this](const QJsonObject& result) {
            end();
            Q_EMIT compressed(m_compress.output,
                              result.value(QLatin1String("file_bytes")).toInteger(),
                              result.value(QLatin1String("seconds")).toDouble());
        },
        [this](const WorkerError& error) { fail(error); });
    begin(Kind::Compress);
}

void BackgroundJobs::measure(const MeasureSettings& settings)
{
    if (m_kind != Kind::None) return;
    m_measure = settings;
    m_id = m_worker.request(
        QStringLiteral("measure"), settings.toJson(),
        [this](const QJsonObject& result) {
            end();
            const auto points = result.value(QLatin1String("results")).toArray().size();
            Q_EMIT curveFinished(static_cast<int>(points));
        },
        [this](const WorkerError& error) { fail(error); });
    begin(Kind::Measure);
}

void BackgroundJobs::forecastExport(const ExportSettings& settings)
{
    m_worker.request(
        QStringLiteral("export_forecast"), settings.toJson(),
        [this](const QJsonObject& result) {
            Q_EMIT exportForecastReady(result.value(QLatin1String("bytes")).toInteger());
        },
        [this](const WorkerError& error) { Q_EMIT forecastFailed(error); });
}

void BackgroundJobs::exportModel(const ExportSettings& settings)
{
    if (m_kind != Kind::None) return;
    m_export = settings;
    m_id = m_worker.request(
        QStringLiteral("export"), settings.toJson(),
        [this](const QJsonObject& result) {
            end();
            Q_EMIT exported(m_export.output, result.value(QLatin1String("bytes")).toInteger());
        },
        [this](const WorkerError& error) { fail(error); });
    begin(Kind::Export);
}

void BackgroundJobs::cancel()
{
    if (m_id != 0) m_worker.cancel(m_id);
}

void BackgroundJobs::onNotified(const QString& method, qint64 id, const QJsonObject& params)
{
    if (id != m_id || id == 0) return;
    if (method == QLatin1String("progress"))
        Q_EMIT progressed(JobProgress::fromJson(params));
    else if (method == QLatin1String("measured"))
        Q_EMIT measured(params.value(QLatin1String("budget_bytes")).toInteger(),
                        params.value(QLatin1String("value")).toDouble(),
                        params.value(QLatin1String("error")).toDouble());
}

} // namespace bs::ui
