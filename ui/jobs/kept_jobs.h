#pragma once

#include "ui/jobs/job.h"

#include <QList>
#include <QString>

namespace bs::ui {

/// What a window still had to do, so that the next start can offer to go on with it. It lies in the
/// settings and not in the database: only a window has a queue, and its jobs are not results. Each
/// window writes a place of its own as soon as anything changes, so that a crash loses nothing and
/// two windows do not overwrite each other; what the places of ended ones hold is taken over by the
/// next window that starts.
class KeptJobs
{
public:
    KeptJobs();
    /// What is kept is free to be taken over.
    ~KeptJobs();
    KeptJobs(const KeptJobs&) = delete;
    KeptJobs& operator=(const KeptJobs&) = delete;

    /// Of windows that are gone; they are this window's from now on.
    QList<Job> takeOver();
    void keep(const QList<Job>& jobs);

private:
    QString m_place;
};

} // namespace bs::ui
