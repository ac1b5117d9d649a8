#include "ui/models/jobs_model.h"

#include "ui/models/job_words.h"

namespace bs::ui {

namespace {

QString restOf(const Job& job)
{
    if (job.isRunning()) return jobProgressText(job);
    return job.isFinished() ? jobOutcome(job) : jobSettings(job);
}

} // namespace

JobsModel::JobsModel(const JobQueue* queue, QObject* parent)
    : QAbstractListModel(parent)
    , m_queue(queue)
{
    connect(queue, &JobQueue::aboutToInsert, this,
            [this](int row) { beginInsertRows({}, row, row); });
    connect(queue, &JobQueue::inserted, this, [this] { endInsertRows(); });
    connect(queue, &JobQueue::aboutToRemove, this,
            [this](int row) { beginRemoveRows({}, row, row); });
    connect(queue, &JobQueue::removed, this, [this] { endRemoveRows(); });
    connect(queue, &JobQueue::aboutToMove, this, [this](int from, int to) {
        beginMoveRows({}, from, from, {}, to > from ? to + 1 : to);
    });
    connect(queue, &JobQueue::moved, this, [this] { endMoveRows(); });
    connect(queue, &JobQueue::changed, this,
            [this](int row) { Q_EMIT dataChanged(index(row), index(row)); });
}

int JobsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_queue->jobs().size());
}

QVariant JobsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Job& job = m_queue->jobs().at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return jobTitle(job);
    case Qt::ToolTipRole:
    case DetailsRole:
        return jobDetails(job);
    case Qt::AccessibleTextRole:
        return tr("%1, %2, %3").arg(jobTitle(job), jobStateText(job.state), restOf(job));
    case IdRole:
        return job.id;
    case StateRole:
        return jobStateText(job.state);
    case RestRole:
        return restOf(job);
    case ShareRole:
        return job.isRunning() ? job.share() : -1.0;
    default:
        return {};
    }
}

QHash<int, QByteArray> JobsModel::roleNames() const
{
    QHash<int, QByteArray> names = QAbstractListModel::roleNames();
    names.insert(IdRole, "id");
    names.insert(StateRole, "state");
    names.insert(RestRole, "rest");
    names.insert(ShareRole, "share");
    names.insert(DetailsRole, "details");
    return names;
}

} // namespace bs::ui
