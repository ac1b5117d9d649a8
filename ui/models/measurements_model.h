#pragma once

#include "ui/models/curve_series.h"

#include <QAbstractTableModel>

namespace bs::ui {

/// The points of the chart as a table, a row each; columns without a figure are left out.
class MeasurementsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { File, Size, Value, StandardError, Quartiles, Far, Tokens, Front };
    enum Role { BytesRole = Qt::UserRole, PathRole, DenseRole };

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// `front`: whether no other point beats a point, series after series.
    void setSeries(const QList<CurveSeries>& series, CurveMetric metric, const QList<bool>& front);
    void setFront(const QList<bool>& front);
    int columnOf(Column column) const { return static_cast<int>(m_columns.indexOf(column)); }
    /// All of it in one sentence.
    QString summary() const;

private:
    struct Row
    {
        QString file;
        QString path;
        bool dense = false;
        bool relative = false;
        CurveDot dot;
    };

    QString textOf(const Row& row, Column column) const;
    QVariant numberOf(const Row& row, Column column) const;
    QString titleOf(Column column) const;
    QString keyOf(Column column) const;
    QString frontText(int row) const;

    QList<Column> m_columns{File, Size, Value, StandardError, Tokens, Front};
    QList<Row> m_rows;
    QList<bool> m_front;
    CurveMetric m_metric = CurveMetric::Perplexity;
};

} // namespace bs::ui
