#pragma once

#include "ui/jobs/job.h"

#include <QElapsedTimer>
#include <QList>
#include <QObject>

namespace bs::ui {

/// The jobs of a window in the order in which a list shows them: the one that runs, those that wait
/// for it, those left from an earlier start, then what is finished, newest first. Who runs them
/// tells how they fare.
class JobQueue : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    const QList<Job>& jobs() const { return m_jobs; }
    /// nullptr: there is no such job.
    const Job* find(qint64 id) const;
    const Job* running() const;
    const Job* nextWaiting() const;
    int count(Job::State state) const;
    /// Running, waiting and left ones: what the end of the program would cut off.
    QList<Job> unfinished() const;

    /// Behind those that wait; its id.
    qint64 add(const QString& method, const QJsonObject& params);
    void addLeft(const QList<Job>& jobs);
    /// Earlier (negative) or later among those that wait; false: there is no place to go.
    bool move(qint64 id, int by);
    bool canMove(qint64 id, int by) const;
    /// What runs stays.
    void remove(qint64 id);
    void clearFinished();
    /// What is left, stopped or failed waits again, behind the others. A measurement goes on with
    /// the sizes that it has not measured yet.
    void letGoOn(qint64 id);
    void letAllLeftGoOn();

    void begin(qint64 id);
    void setStopping(qint64 id);
    void setProgress(qint64 id, const JobProgress& progress);
    /// A size of a measurement lies in the database.
    void setMeasured(qint64 id, qint64 budgetBytes);
    void finish(qint64 id, const QJsonObject& result);
    void fail(qint64 id, const WorkerError& error);

Q_SIGNALS:
    void aboutToInsert(int row);
    void inserted();
    void aboutToRemove(int row);
    void removed();
    void aboutToMove(int from, int to);
    void moved();
    void changed(int row);
    /// Jobs came or went, or one is in another state.
    void altered();

private:
    int rowOf(qint64 id) const;
    void insert(int row, const Job& job);
    void removeRow(int row);
    void moveRow(int from, int to);
    /// Puts a job where its new state belongs.
    void setState(int row, Job::State state);
    int placeFor(Job::State state) const;

    QList<Job> m_jobs;
    qint64 m_lastId = 0;
    QElapsedTimer m_sincePhase;
    double m_phaseStart = 0; ///< share of the phase when it was first heard of
};

} // namespace bs::ui
