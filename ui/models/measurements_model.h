#pragma once

#include "ui/models/curve_series.h"

#include <QAbstractTableModel>

namespace bs::ui {

/// The points of the chart as a table: file, size, perplexity, its standard error, tokens scored.
class MeasurementsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { File, Size, Perplexity, StandardError, Tokens, ColumnCount };
    enum Role { BytesRole = Qt::UserRole, PathRole, DenseRole };

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void setSeries(const QList<CurveSeries>& series);
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

    static QVariant number(const Row& row, int column);

    QList<Row> m_rows;
};

} // namespace bs::ui
