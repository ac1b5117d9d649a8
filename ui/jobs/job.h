#pragma once

#include "ui/jobs/records.h"

#include <QDateTime>
#include <QJsonObject>
#include <QString>

namespace bs::ui {

/// A long request to a worker, and what became of it.
struct Job
{
    /// In the order in which a list shows them.
    enum class State {
        Running,
        Stopping, ///< it was asked to
        Waiting,
        Left, ///< of an earlier start of the program: waits until a person lets it go on
        Done,
        Stopped,
        Failed,
    };

    qint64 id = 0;
    QString method;     ///< of PROTOCOL.md: "compress", "measure", "export"
    QJsonObject params; ///< of the request
    State state = State::Waiting;
    JobProgress progress;
    double sharePerSecond = 0; ///< of the phase; 0: unknown
    QDateTime started;
    QDateTime ended;
    QJsonObject result; ///< of a job that is done
    WorkerError error;  ///< of one that failed

    bool isRunning() const { return state == State::Running || state == State::Stopping; }
    bool isFinished() const { return state >= State::Done; }
    /// It would go on where it was, or at least begin again.
    bool canGoOn() const { return state == State::Left || state > State::Done; }
    QString path() const { return params.value(QLatin1String("path")).toString(); }
    QString output() const { return params.value(QLatin1String("output")).toString(); }
    /// How much of the phase is done, 0 to 1; negative: unknown.
    double share() const;

    /// What another start of the program needs to go on with it.
    QJsonObject toJson() const;
    static Job fromJson(const QJsonObject& json);
};

} // namespace bs::ui
