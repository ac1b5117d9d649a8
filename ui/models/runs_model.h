#pragma once

#include "ui/jobs/run_query.h"

#include <QAbstractTableModel>
#include <QHash>

namespace bs::ui {

/// The rows of the run table that a filter let through, in the order they are sorted by; columns
/// are those of RunColumn. A note is edited in place; who stores it listens to noteEdited().
class RunsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Role {
        RunRole = Qt::UserRole, ///< qint64: number of the run
        BytesRole,              ///< qint64: size that was measured; 0: none
        PathRole,               ///< of the file that was measured
        DenseRole,              ///< it is the uncompressed model
    };

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void setView(const RunTablePointer& table, const RunViewPointer& view);
    const RunTablePointer& table() const { return m_table; }
    const RunViewPointer& view() const { return m_view; }
    const RunPoint& point(int row) const;
    /// -1: it is not shown.
    int rowOf(qint64 run, qint64 bytes) const;
    /// A column with the same in every row as words: "codec nested"; empty if that is nothing.
    QString sameText(RunColumn column) const;

Q_SIGNALS:
    void noteEdited(qint64 run, const QString& note);

private:
    QString noteOf(const RunPoint& point) const;

    RunTablePointer m_table;
    RunViewPointer m_view;
    QHash<qint64, QString> m_notes; ///< written since the table was read
};

} // namespace bs::ui
