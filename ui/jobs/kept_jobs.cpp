#include "ui/jobs/kept_jobs.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSettings>

#include <cerrno>
#include <csignal>

namespace bs::ui {

namespace {

const QString kGroup = QStringLiteral("jobs");
const QString kFree = QStringLiteral("free-"); ///< begins the places whose window has ended

bool isProcess(const QString& number)
{
    const auto pid = static_cast<pid_t>(number.toLongLong());
    return pid > 0 && (::kill(pid, 0) == 0 || errno != ESRCH);
}

/// A place is named by its process and a number within it.
bool isFree(const QString& place)
{
    return place.startsWith(kFree) || !isProcess(place.section(QLatin1Char('-'), 0, 0));
}

QString newPlace()
{
    static int s_last = 0;
    return QStringLiteral("%1-%2").arg(QCoreApplication::applicationPid()).arg(++s_last);
}

} // namespace

KeptJobs::KeptJobs()
    : m_place(newPlace())
{
}

KeptJobs::~KeptJobs()
{
    QSettings kept;
    kept.beginGroup(kGroup);
    const QVariant jobs = kept.value(m_place);
    kept.remove(m_place);
    if (jobs.isValid()) kept.setValue(kFree + m_place, jobs);
}

QList<Job> KeptJobs::takeOver()
{
    QList<Job> jobs;
    QSettings kept;
    kept.beginGroup(kGroup);
    const QStringList places = kept.childKeys();
    for (const QString& place : places) {
        if (!isFree(place)) continue;
        const QJsonArray list =
            QJsonDocument::fromJson(kept.value(place).toString().toUtf8()).array();
        for (const QJsonValue& job : list)
            jobs.append(Job::fromJson(job.toObject()));
        kept.remove(place);
    }
    kept.endGroup();
    if (!jobs.isEmpty()) keep(jobs);
    return jobs;
}

void KeptJobs::keep(const QList<Job>& jobs)
{
    QJsonArray list;
    for (const Job& job : jobs)
        list.append(job.toJson());
    QSettings kept;
    kept.beginGroup(kGroup);
    if (list.isEmpty())
        kept.remove(m_place);
    else
        kept.setValue(m_place,
                      QString::fromUtf8(QJsonDocument(list).toJson(QJsonDocument::Compact)));
    kept.sync(); // the program may be killed any time
}

} // namespace bs::ui
