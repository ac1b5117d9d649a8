#pragma once

#include "ui/jobs/stack_record.h"

#include <QAbstractTableModel>

#include <optional>

namespace bs::ui {

/// The loading order of a stack: a row for the smallest size, one for each block that follows, and
/// one for each size that was predicted and measured when the stack was made, by rising size.
/// Columns without a figure in the file are left out.
class LoadingOrderModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Size, Loads, BlockSize, Gain, GainLeft, PredictedRise, MeasuredRise };

    struct Row
    {
        qint64 bytes = 0; ///< of the file with this block and all before
        int matrix = -1;  ///< -1: the smallest size, or a measurement
        int depth = 0;    ///< that the matrix then has
        qint64 blockBytes = 0;
        double gain = 0; ///< nats a token
        std::optional<double> gainLeft;
        std::optional<double> predictedRise;
        std::optional<double> measuredRise;
    };

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// nullptr: nothing is open.
    void setStack(StackPointer stack);
    /// What is loaded now: its row stands out.
    void setBudget(std::optional<qint64> bytes);
    std::optional<qint64> budget() const { return m_budget; }

    const QList<Row>& rows() const { return m_rows; }
    qint64 parameters() const { return m_stack ? m_stack->parameters : 0; }
    /// The last row that is loaded; -1 without a budget.
    int currentRow() const { return m_current; }
    QString cardOf(int row) const;
    QString summary() const;

private:
    QString loadsText(const Row& row) const;
    QVariant number(const Row& row, Column column) const;
    int rowAt(std::optional<qint64> bytes) const;

    StackPointer m_stack;
    QList<Row> m_rows;
    QList<Column> m_columns;
    std::optional<qint64> m_budget;
    int m_current = -1;
};

} // namespace bs::ui
