#pragma once

#include "ui/jobs/job_queue.h"

#include <QAbstractListModel>

namespace bs::ui {

/// The queue as a list: what each job is, how far it is, what came of it.
class JobsModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        IdRole = Qt::UserRole, ///< qint64
        StateRole,             ///< "waiting", "running"
        RestRole,              ///< how far it is, what came of it, or what it will do
        ShareRole,             ///< double, 0 to 1: how much is done; negative: no bar
        DetailsRole,           ///< everything, a line each
    };

    explicit JobsModel(const JobQueue* queue, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

private:
    const JobQueue* m_queue;
};

} // namespace bs::ui
