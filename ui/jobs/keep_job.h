#pragma once

#include "ui/jobs/compare_records.h"
#include "ui/jobs/worker_job.h"

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

/// Looks for the smallest size that keeps an answer.
class KeepJob : public WorkerJob
{
    Q_OBJECT

public:
    using WorkerJob::WorkerJob;

    const KeepSettings& settings() const { return m_settings; }
    /// found() or failed() follows; nothing happens while one runs.
    void start(const KeepSettings& settings);

Q_SIGNALS:
    void found(const bs::ui::KeepFound& result);

private:
    KeepSettings m_settings;
};

} // namespace bs::ui
