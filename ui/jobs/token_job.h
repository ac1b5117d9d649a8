#pragma once

#include "ui/jobs/token_record.h"
#include "ui/jobs/worker_client.h"

namespace bs::ui {

/// Looks at a text token by token in a worker of its own, beside the chat; one text at a time. The
/// worker goes with the job: its memory is the chat's to use.
class TokenJob : public QObject
{
    Q_OBJECT

public:
    explicit TokenJob(QObject* parent = nullptr);

    bool isRunning() const { return m_id != 0; }
    /// finished() or failed() follows; nothing happens while one runs.
    void start(const TokenSettings& settings);
    void cancel();

Q_SIGNALS:
    void runningChanged();
    void progressed(const bs::ui::JobProgress& progress);
    void finished(const bs::ui::TokenPointer& record);
    /// Code 130: stopped by the user.
    void failed(const bs::ui::WorkerError& error);

private:
    void end();
    void fail(const WorkerError& error);

    WorkerClient m_worker;
    qint64 m_id = 0;
};

} // namespace bs::ui
