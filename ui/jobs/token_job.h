#pragma once

#include "ui/jobs/token_record.h"
#include "ui/jobs/worker_job.h"

namespace bs::ui {

/// Looks at a text token by token.
class TokenJob : public WorkerJob
{
    Q_OBJECT

public:
    using WorkerJob::WorkerJob;

    /// finished() or failed() follows; nothing happens while one runs.
    void start(const TokenSettings& settings);

Q_SIGNALS:
    void finished(const bs::ui::TokenPointer& record);
};

} // namespace bs::ui
