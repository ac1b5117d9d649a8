#pragma once

#include "ui/jobs/job_queue.h"
#include "ui/jobs/job_runner.h"

namespace bs::ui {

/// Long jobs beside the chat: what is asked for waits in a queue and runs one after another. What a
/// job would take is answered at once, by a worker of its own, whatever runs.
class BackgroundJobs : public QObject
{
    Q_OBJECT

public:
    explicit BackgroundJobs(QObject* parent = nullptr);

    JobQueue* queue() { return &m_queue; }
    const JobQueue* queue() const { return &m_queue; }
    qint64 workerProcessId() const { return m_runner.workerProcessId(); }

    /// What a compression would take; forecastReady() or forecastFailed() follows.
    void forecast(const CompressSettings& settings);
    /// How large an export would be; exportForecastReady() or forecastFailed() follows.
    void forecastExport(const ExportSettings& settings);

    void compress(const CompressSettings& settings);
    void measure(const MeasureSettings& settings);
    void exportModel(const ExportSettings& settings);
    /// Stops the job that runs.
    void cancel();

Q_SIGNALS:
    void forecastReady(const bs::ui::Forecast& forecast);
    void exportForecastReady(qint64 bytes);
    void forecastFailed(const bs::ui::WorkerError& error);
    void started(const bs::ui::Job& job);
    void progressed(const bs::ui::JobProgress& progress);
    /// A point of the curve lies in the database.
    void measured(qint64 budgetBytes, double perplexity, double error);
    void finished(const bs::ui::Job& job);
    /// `died`: without an answer, so that what it had begun stands as it was.
    void failed(const bs::ui::Job& job, bool died);

private:
    void ask(const QString& method, const QJsonObject& params,
             const WorkerClient::ResultHandler& onResult);
    void startNext();
    void onFinished(qint64 id, const QJsonObject& result);
    void onFailed(qint64 id, const WorkerError& error, bool died);

    JobQueue m_queue;
    JobRunner m_runner;
    WorkerClient m_asked; ///< forecasts; ended a while after the last one
    QTimer m_askedEnough;
};

} // namespace bs::ui
