#include "ui/jobs/background_jobs.h"

namespace bs::ui {

namespace {

constexpr int kAskedEnoughMs = 20'000;

} // namespace

BackgroundJobs::BackgroundJobs(QObject* parent)
    : QObject(parent)
{
    m_askedEnough.setSingleShot(true);
    m_askedEnough.setInterval(kAskedEnoughMs);
    connect(&m_askedEnough, &QTimer::timeout, &m_asked, &WorkerClient::stop);
    connect(&m_asked, &WorkerClient::died, this,
            [this](const WorkerClient::Death& death) { Q_EMIT forecastFailed(death.error()); });
    // Queued: what adds a job, or hears of the end of one, is done with it first.
    connect(&m_queue, &JobQueue::altered, this, &BackgroundJobs::startNext, Qt::QueuedConnection);
    connect(&m_runner, &JobRunner::progressed, this,
            [this](qint64 job, const JobProgress& progress) {
                m_queue.setProgress(job, progress);
                Q_EMIT progressed(progress);
            });
    connect(&m_runner, &JobRunner::measured, this,
            [this](qint64 job, qint64 budgetBytes, double value, double error) {
                m_queue.setMeasured(job, budgetBytes);
                Q_EMIT measured(budgetBytes, value, error);
            });
    connect(&m_runner, &JobRunner::finished, this, &BackgroundJobs::onFinished);
    connect(&m_runner, &JobRunner::failed, this, &BackgroundJobs::onFailed);
}

void BackgroundJobs::ask(const QString& method, const QJsonObject& params,
                         const WorkerClient::ResultHandler& onResult)
{
    m_askedEnough.start();
    m_asked.request(method, params, onResult,
                    [this](const WorkerError& error) { Q_EMIT forecastFailed(error); });
}

void BackgroundJobs::forecast(const CompressSettings& settings)
{
    ask(QStringLiteral("forecast"), settings.toJson(),
        [this](const QJsonObject& result) { Q_EMIT forecastReady(Forecast::fromJson(result)); });
}

void BackgroundJobs::forecastExport(const ExportSettings& settings)
{
    ask(QStringLiteral("export_forecast"), settings.toJson(), [this](const QJsonObject& result) {
        Q_EMIT exportForecastReady(result.value(QLatin1String("bytes")).toInteger());
    });
}

void BackgroundJobs::compress(const CompressSettings& settings)
{
    m_queue.add(QStringLiteral("compress"), settings.toJson());
}

void BackgroundJobs::measure(const MeasureSettings& settings)
{
    m_queue.add(QStringLiteral("measure"), settings.toJson());
}

void BackgroundJobs::exportModel(const ExportSettings& settings)
{
    m_queue.add(QStringLiteral("export"), settings.toJson());
}

void BackgroundJobs::startNext()
{
    const Job* const next = m_queue.nextWaiting();
    if (m_runner.isBusy() || next == nullptr) return;
    const qint64 id = next->id;
    m_queue.begin(id);
    m_runner.run(*m_queue.find(id));
    Q_EMIT started(*m_queue.find(id));
}

void BackgroundJobs::cancel()
{
    if (!m_runner.isBusy()) return;
    m_queue.setStopping(m_runner.job());
    m_runner.cancel();
}

void BackgroundJobs::onFinished(qint64 id, const QJsonObject& result)
{
    m_queue.finish(id, result);
    Q_EMIT finished(*m_queue.find(id));
}

void BackgroundJobs::onFailed(qint64 id, const WorkerError& error, bool died)
{
    m_queue.fail(id, error);
    Q_EMIT failed(*m_queue.find(id), died);
}

} // namespace bs::ui
