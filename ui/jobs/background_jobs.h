#pragma once

#include "ui/jobs/worker_client.h"

namespace bs::ui {

/// Long jobs beside the chat: compressing and measuring run in a worker of their own, one at a
/// time, so that the chat goes on and a job that runs out of memory takes nothing with it.
class BackgroundJobs : public QObject
{
    Q_OBJECT

public:
    enum class Kind { None, Compress, Measure, Export };

    explicit BackgroundJobs(QObject* parent = nullptr);

    Kind running() const { return m_kind; }
    const CompressSettings& compressSettings() const { return m_compress; }
    const MeasureSettings& measureSettings() const { return m_measure; }
    const ExportSettings& exportSettings() const { return m_export; }

    /// What a compression would take; forecastReady() or forecastFailed() follows.
    void forecast(const CompressSettings& settings);
    void compress(const CompressSettings& settings);
    void measure(const MeasureSettings& settings);
    /// How large an export would be; exportForecastReady() or forecastFailed() follows.
    void forecastExport(const ExportSettings& settings);
    void exportModel(const ExportSettings& settings);
    void cancel();

Q_SIGNALS:
    void forecastReady(const bs::ui::Forecast& forecast);
    void forecastFailed(const bs::ui::WorkerError& error);
    void started();
    void progressed(const bs::ui::JobProgress& progress);
    /// A point of the curve lies in the database.
    void measured(qint64 budgetBytes, double perplexity, double error);
    void compressed(const QString& output, qint64 fileBytes, double seconds);
    void curveFinished(int points);
    void exportForecastReady(qint64 bytes);
    void exported(const QString& output, qint64 bytes);
    /// Code 130: stopped by the user.
    void failed(const bs::ui::WorkerError& error);

private:
    void begin(Kind kind);
    void end();
    void fail(const WorkerError& error);
    void onNotified(const QString& method, qint64 id, const QJsonObject& params);

    WorkerClient m_worker;
    Kind m_kind = Kind::None;
    qint64 m_id = 0;
    CompressSettings m_compress;
    MeasureSettings m_measure;
    ExportSettings m_export;
};

} // namespace bs::ui
