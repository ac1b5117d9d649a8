#include "ui/jobs/measure_queue.h"

namespace bs::ui {

MeasureQueue::MeasureQueue(BackgroundJobs* jobs, QObject* parent)
    : QObject(parent)
    , m_jobs(jobs)
{
    // Queued: whoever else is told that a job ended is told before the next one begins.
    connect(jobs, &BackgroundJobs::curveFinished, this, &MeasureQueue::next, Qt::QueuedConnection);
    connect(jobs, &BackgroundJobs::failed, this, [this] { m_waiting.clear(); });
}

void MeasureQueue::start(const QList<MeasureSettings>& jobs)
{
    for (const MeasureSettings& job : jobs)
        m_waiting.enqueue(job);
    next();
}

void MeasureQueue::next()
{
    if (!m_waiting.isEmpty() && m_jobs->running() == BackgroundJobs::Kind::None)
        m_jobs->measure(m_waiting.dequeue());
}

} // namespace bs::ui
