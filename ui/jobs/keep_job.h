#pragma once

#include "ui/jobs/compare_records.h"
#include "ui/jobs/worker_client.h"

namespace bs::ui {

/// Which answer shall stay, and in which stack the smallest size is looked for.
struct KeepSettings
{
    QString path;
    QList<int> promptIds;
    QList<int> ids;
    int tokens = 0;                    ///< only the first so many; 0: all
    std::optional<qint64> budgetBytes; ///< where the search begins; none: at everything
};

/// Looks for the smallest size that keeps an answer, in a worker of its own.
class KeepJob : public QObject
{
    Q_OBJECT

public:
    explicit KeepJob(QObject* parent = nullptr);

    bool isRunning() const { return m_id != 0; }
    const KeepSettings& settings() const { return m_settings; }
    void start(const KeepSettings& settings);
    void cancel();

Q_SIGNALS:
    void runningChanged();
    void progressed(const bs::ui::JobProgress& progress);
    void found(const bs::ui::KeepFound& result);
    /// Code 130: stopped by the user.
    void failed(const bs::ui::WorkerError& error);

private:
    void end();

    WorkerClient m_worker;
    KeepSettings m_settings;
    qint64 m_id = 0;
};

} // namespace bs::ui
