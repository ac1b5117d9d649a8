#pragma once

#include "core/store/records.h"

#include <QAbstractTableModel>
#include <QList>

namespace bs::ui {

/// How fast answers and benchmarks were at their sizes, by rising size.
class SpeedModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { File, Size, Speed, Kind, When, ColumnCount };
    enum Role { BytesRole = Qt::UserRole, PathRole };

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void setSpeeds(const QList<SpeedRecord>& speeds);
    const QList<SpeedRecord>& speeds() const { return m_speeds; }
    static QString fileOf(const SpeedRecord& speed);
    static QString kindOf(const SpeedRecord& speed);
    QString summary() const;

private:
    QList<SpeedRecord> m_speeds;
};

} // namespace bs::ui
