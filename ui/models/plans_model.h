#pragma once

#include "core/store/records.h"

#include <QAbstractTableModel>
#include <QList>

namespace bs::ui {

/// Named plans of a stack, a row each; the name can be edited.
class PlansModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { NameColumn, SizeColumn, RulesColumn, CreatedColumn, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void setPlans(const QList<PlanRecord>& plans);
    /// nullptr: there is no such row.
    const PlanRecord* planAt(int row) const;

Q_SIGNALS:
    /// A person gave a plan another name; the list follows what the database says.
    void renamed(qint64 id, const QString& name);

private:
    QList<PlanRecord> m_plans;
};

} // namespace bs::ui
