#pragma once

#include "ui/jobs/worker_client.h"

namespace bs::ui {

/// A long request beside the chat, in a worker of its own that goes with it: its memory is the
/// chat's to use. One at a time.
class WorkerJob : public QObject
{
    Q_OBJECT

public:
    explicit WorkerJob(QObject* parent = nullptr);

    bool isRunning() const { return m_id != 0; }
    void cancel();

Q_SIGNALS:
    void runningChanged();
    void progressed(const bs::ui::JobProgress& progress);
    /// Code 130: stopped by the user.
    void failed(const bs::ui::WorkerError& error);

protected:
    /// `onResult` is called when the job is over; without a result failed() says why.
    void begin(const QString& method, const QJsonObject& params,
               WorkerClient::ResultHandler onResult);

private:
    void end();
    void fail(const WorkerError& error);

    WorkerClient m_worker;
    qint64 m_id = 0;
};

} // namespace bs::ui
