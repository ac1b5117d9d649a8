#pragma once

#include "ui/jobs/tensor_record.h"

#include <QAbstractTableModel>

namespace bs::ui {

/// What a model's file says about itself; long values are cut here, WholeRole has all of it.
class MetadataModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { KeyColumn, ValueColumn, ColumnCount };
    enum Role { WholeRole = Qt::UserRole + 1 };

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void setEntries(const QList<MetadataEntry>& entries);

private:
    QList<MetadataEntry> m_entries;
};

} // namespace bs::ui
