#include "ui/jobs/job_queue.h"

#include <QJsonArray>

#include <algorithm>

namespace bs::ui {

namespace {

/// Rows of one rank stand together.
int rankOf(Job::State state)
{
    switch (state) {
    case Job::State::Running:
    case Job::State::Stopping:
        return 0;
    case Job::State::Waiting:
        return 1;
    case Job::State::Left:
        return 2;
    default:
        return 3;
    }
}

} // namespace

int JobQueue::rowOf(qint64 id) const
{
    const auto at =
        std::find_if(m_jobs.begin(), m_jobs.end(), [id](const Job& job) { return job.id == id; });
    return at == m_jobs.end() ? -1 : static_cast<int>(at - m_jobs.begin());
}

const Job* JobQueue::find(qint64 id) const
{
    const int row = rowOf(id);
    return row < 0 ? nullptr : &m_jobs.at(row);
}

const Job* JobQueue::running() const
{
    return !m_jobs.isEmpty() && m_jobs.first().isRunning() ? &m_jobs.first() : nullptr;
}

const Job* JobQueue::nextWaiting() const
{
    const auto at = std::find_if(m_jobs.begin(), m_jobs.end(),
                                 [](const Job& job) { return job.state == Job::State::Waiting; });
    return at == m_jobs.end() ? nullptr : &*at;
}

int JobQueue::count(Job::State state) const
{
    return static_cast<int>(std::count_if(m_jobs.begin(), m_jobs.end(),
                                          [state](const Job& job) { return job.state == state; }));
}

QList<Job> JobQueue::unfinished() const
{
    QList<Job> found;
    for (const Job& job : m_jobs)
        if (!job.isFinished() && job.state != Job::State::Stopping) found.append(job);
    return found;
}

/// Finished ones begin with the newest, others end with it.
int JobQueue::placeFor(Job::State state) const
{
    const int rank = rankOf(state);
    const bool first = state >= Job::State::Done;
    const auto at = std::find_if(m_jobs.begin(), m_jobs.end(), [&](const Job& job) {
        return first ? rankOf(job.state) >= rank : rankOf(job.state) > rank;
    });
    return static_cast<int>(at - m_jobs.begin());
}

void JobQueue::insert(int row, const Job& job)
{
    Q_EMIT aboutToInsert(row);
    m_jobs.insert(row, job);
    Q_EMIT inserted();
}

void JobQueue::removeRow(int row)
{
    Q_EMIT aboutToRemove(row);
    m_jobs.removeAt(row);
    Q_EMIT removed();
}

void JobQueue::moveRow(int from, int to)
{
    if (from == to) return;
    Q_EMIT aboutToMove(from, to);
    m_jobs.move(from, to);
    Q_EMIT moved();
}

void JobQueue::setState(int row, Job::State state)
{
    if (rankOf(m_jobs.at(row).state) != rankOf(state)) {
        // Its own row does not count when its place is looked for.
        const int place = placeFor(state);
        const int to = place > row ? place - 1 : place;
        moveRow(row, to);
        row = to;
    }
    m_jobs[row].state = state;
    Q_EMIT changed(row);
    Q_EMIT altered();
}

qint64 JobQueue::add(const QString& method, const QJsonObject& params)
{
    Job job;
    job.id = ++m_lastId;
    job.method = method;
    job.params = params;
    insert(placeFor(job.state), job);
    Q_EMIT altered();
    return job.id;
}

void JobQueue::addLeft(const QList<Job>& jobs)
{
    for (Job job : jobs) {
        job.id = ++m_lastId;
        job.state = Job::State::Left;
        insert(placeFor(job.state), job);
    }
    if (!jobs.isEmpty()) Q_EMIT altered();
}

bool JobQueue::canMove(qint64 id, int by) const
{
    const int row = rowOf(id);
    const int to = row + by;
    return row >= 0 && to >= 0 && to < m_jobs.size() &&
           m_jobs.at(row).state == Job::State::Waiting &&
           m_jobs.at(to).state == Job::State::Waiting;
}

bool JobQueue::move(qint64 id, int by)
{
    if (!canMove(id, by)) return false;
    const int row = rowOf(id);
    moveRow(row, row + by);
    Q_EMIT altered();
    return true;
}

void JobQueue::remove(qint64 id)
{
    const int row = rowOf(id);
    if (row < 0 || m_jobs.at(row).isRunning()) return;
    const Job removed = m_jobs.at(row);
    removeRow(row);
    // What was to be measured of a file that will not be made goes with it.
    for (int other = static_cast<int>(m_jobs.size()) - 1; other >= 0; --other)
        if (!removed.output().isEmpty() && removed.state != Job::State::Done &&
            m_jobs.at(other).state == Job::State::Waiting &&
            m_jobs.at(other).path() == removed.output())
            removeRow(other);
    Q_EMIT altered();
}

void JobQueue::clearFinished()
{
    for (int row = static_cast<int>(m_jobs.size()) - 1; row >= 0; --row)
        if (m_jobs.at(row).isFinished()) removeRow(row);
    Q_EMIT altered();
}

void JobQueue::letGoOn(qint64 id)
{
    const int row = rowOf(id);
    if (row < 0 || !m_jobs.at(row).canGoOn()) return;
    Job& job = m_jobs[row];
    job.progress = {};
    job.sharePerSecond = 0;
    job.error = {};
    job.started = {};
    job.ended = {};
    setState(row, Job::State::Waiting);
}

void JobQueue::letAllLeftGoOn()
{
    QList<qint64> left;
    for (const Job& job : m_jobs)
        if (job.state == Job::State::Left) left.append(job.id);
    for (const qint64 id : left)
        letGoOn(id);
}

void JobQueue::begin(qint64 id)
{
    const int row = rowOf(id);
    if (row < 0) return;
    m_jobs[row].started = QDateTime::currentDateTimeUtc();
    m_sincePhase.invalidate();
    setState(row, Job::State::Running);
}

void JobQueue::setStopping(qint64 id)
{
    const int row = rowOf(id);
    if (row >= 0 && m_jobs.at(row).state == Job::State::Running)
        setState(row, Job::State::Stopping);
}

void JobQueue::setProgress(qint64 id, const JobProgress& progress)
{
    const int row = rowOf(id);
    if (row < 0) return;
    Job& job = m_jobs[row];
    const bool newPhase = progress.phase != job.progress.phase || !m_sincePhase.isValid();
    job.progress = progress;
    if (newPhase) {
        m_sincePhase.start();
        m_phaseStart = std::max(0.0, job.share());
        job.sharePerSecond = 0;
    } else if (const double seconds = static_cast<double>(m_sincePhase.elapsed()) / 1000;
               seconds > 0) {
        job.sharePerSecond = std::max(0.0, job.share() - m_phaseStart) / seconds;
    }
    Q_EMIT changed(row);
}

void JobQueue::setMeasured(qint64 id, qint64 budgetBytes)
{
    const int row = rowOf(id);
    if (row < 0) return;
    QJsonArray left = m_jobs.at(row).params.value(QLatin1String("budgets")).toArray();
    for (qsizetype i = 0; i < left.size(); ++i) {
        // Without any size the largest one would be measured: the last one is measured again.
        if (left.at(i).toInteger() != budgetBytes || left.size() == 1) continue;
        left.removeAt(i);
        m_jobs[row].params.insert(QLatin1String("budgets"), left);
        Q_EMIT altered();
        return;
    }
}

void JobQueue::finish(qint64 id, const QJsonObject& result)
{
    const int row = rowOf(id);
    if (row < 0) return;
    m_jobs[row].result = result;
    m_jobs[row].ended = QDateTime::currentDateTimeUtc();
    setState(row, Job::State::Done);
}

void JobQueue::fail(qint64 id, const WorkerError& error)
{
    const int row = rowOf(id);
    if (row < 0) return;
    m_jobs[row].error = error;
    m_jobs[row].ended = QDateTime::currentDateTimeUtc();
    setState(row, error.code == kCanceledCode ? Job::State::Stopped : Job::State::Failed);
}

} // namespace bs::ui
