#pragma once

#include "ui/jobs/tensor_record.h"

#include <QAbstractItemModel>

namespace bs::ui {

/// The tensors of a model by layer. FilterRole: all that a find field looks at.
class TensorTreeModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { NameColumn, ShapeColumn, TypeColumn, BytesColumn, ShareColumn, ColumnCount };
    enum Role { FilterRole = Qt::UserRole + 1, TensorRole }; ///< TensorRole: its name; groups: none

    using QAbstractItemModel::QAbstractItemModel;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void setTensors(const QList<TensorInfo>& tensors);

private:
    struct Group
    {
        int layer = -1;
        qint64 bytes = 0;
        QList<TensorInfo> tensors;
    };

    QVariant textOf(const Group& group, int column) const;
    QVariant textOf(const TensorInfo& tensor, int column) const;
    QString shareText(qint64 bytes) const;

    QList<Group> m_groups;
    qint64 m_bytes = 0;
};

} // namespace bs::ui
