#pragma once

#include "ui/jobs/compare_records.h"
#include "ui/jobs/worker_client.h"

#include <QQueue>

namespace bs::ui {

/// A worker that has one model at a time: whatever is asked names the pin it is asked of, which is
/// loaded first if another one is; a size of the same file is only slid to. Asks wait for one
/// another.
class ModelSeat : public QObject
{
    Q_OBJECT

public:
    struct Ask
    {
        Pin pin;
        PinWeight weight;
        QString method;
        QJsonObject params;
        std::function<void()> onBegun; ///< the model is loaded; may be empty
        WorkerClient::ResultHandler onResult;
        WorkerClient::ErrorHandler onError;
    };

    explicit ModelSeat(QObject* parent = nullptr);

    /// Processor threads of the models loaded from now on; 0: all.
    void setThreads(int threads) { m_threads = threads; }
    void ask(Ask ask);
    /// Ends what is under way, which then answers as `cancel` makes it, and drops what waits with
    /// error 130.
    void cancel();
    /// Gives the memory back; nothing of what was asked is answered any more.
    void stop();

Q_SIGNALS:
    void tokenArrived(const bs::ui::TokenPiece& piece);

private:
    void next();
    void load();
    void slideTo();
    void loaded(const Pin& pin);
    void perform();
    Ask take();
    void finish(const QJsonObject& result);
    void fail(const WorkerError& error);

    WorkerClient m_worker;
    QQueue<Ask> m_asks; ///< the first one is under way
    bool m_busy = false;
    bool m_canceled = false; ///< what is under way
    qint64 m_id = 0;
    Pin m_loaded;
    int m_threads = 0;
};

} // namespace bs::ui
