#pragma once

#include "ui/jobs/line_framer.h"
#include "ui/jobs/records.h"

#include <QHash>
#include <QObject>
#include <QProcess>

#include <functional>

namespace bs::ui {

/// One worker process and the requests sent to it (core/jobs/PROTOCOL.md). Nothing here waits:
/// answers, notifications and the process's end come as calls on the event loop. A request silences
/// an older one of the same method: its handlers are dropped, its notifications too.
class WorkerClient : public QObject
{
    Q_OBJECT

public:
    using ResultHandler = std::function<void(const QJsonObject&)>;
    using ErrorHandler = std::function<void(const WorkerError&)>;

    /// How a worker came to its end without being asked.
    struct Death
    {
        int signal = 0; ///< 0: it ended by itself with `exitCode`
        int exitCode = 0;
        bool killed = false; ///< by SIGKILL: what the system does when memory runs out
        QString sentence;    ///< for people
        QString details;     ///< the last lines of its standard error

        WorkerError error() const { return {1, sentence, details}; }
    };

    explicit WorkerClient(QObject* parent = nullptr);
    ~WorkerClient() override;

    /// The program to start: BITSTACK_WORKER, or `bitstack` beside this executable, or in the path.
    static QString workerProgram();

    /// How many threads the workers compute with that are started from now on; 0: all.
    static void setThreads(int threads);
    /// What the models run on that are loaded from now on, by an id of PROTOCOL.md's "device":
    /// every request that loads one and names no device itself is sent with this one.
    static void setDevice(const QString& id);

    /// Whether its processes step back for everything else on the machine.
    void setBackground(bool on) { m_background = on; }

    /// Starts the process and shakes hands; ready() or died() follows. Nothing happens while it
    /// runs.
    void start();
    /// Ends the process without died(); handlers of open requests are dropped.
    void stop();
    bool isRunning() const { return m_process != nullptr; }
    bool isReady() const { return m_ready; }
    qint64 processId() const { return m_process != nullptr ? m_process->processId() : 0; }

    /// Sends a request, after the handshake if that is still to come, and returns its id. Starts
    /// the process if there is none.
    qint64 request(const QString& method, const QJsonObject& params, ResultHandler onResult,
                   ErrorHandler onError);
    /// Greets a worker that is ready once more: what it says of the machine changes.
    void hello(ResultHandler onResult);
    /// Asks the worker to end a request; its own answer follows.
    void cancel(qint64 id);
    /// Drops a request's handlers and notifications.
    void forget(qint64 id) { m_pending.remove(id); }

Q_SIGNALS:
    void ready(const QJsonObject& hello);
    /// A notification; `id` is the request it belongs to, 0 if to none.
    void notified(const QString& method, qint64 id, const QJsonObject& params);
    void died(const bs::ui::WorkerClient::Death& death);

private:
    struct Pending
    {
        QString method;
        ResultHandler onResult;
        ErrorHandler onError;
    };

    void send(const QJsonObject& message);
    void readOutput();
    void handleLine(const QByteArray& line);
    void handleAnswer(const QJsonObject& message);
    void failAll(const QString& sentence);
    void handleHello(const QJsonObject& hello);
    void onFinished(int exitCode, QProcess::ExitStatus status);
    void onStartError(QProcess::ProcessError error);
    void fail(const QString& sentence);
    void end(Death death);
    void dropProcess();

    QProcess* m_process = nullptr;
    bool m_ready = false;
    bool m_background = false;
    qint64 m_nextId = 1;
    QHash<qint64, Pending> m_pending;
    QList<QJsonObject> m_waiting; ///< sent once the handshake is done
    LineFramer m_framer;
    QByteArray m_standardError;
    QString m_verdict; ///< why we ended it ourselves
};

} // namespace bs::ui
