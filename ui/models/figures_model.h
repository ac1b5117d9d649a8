#pragma once

#include "ui/jobs/tensor_record.h"

#include <QAbstractTableModel>

namespace bs::ui {

/// Rows of figures that a FigurePlot draws: the bars of a histogram, or a line's points.
class FiguresModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Ranges of values, and how many lie in each.
    void setValues(const TensorDetails& details);
    /// Codes, and how many weights have each.
    void setCodes(const TensorDetails& details);
    /// What is lost at each depth.
    void setResiduals(const TensorDetails& details);
    /// All of it in one sentence.
    const QString& summary() const { return m_summary; }

private:
    struct Cell
    {
        QString text;
        QVariant number; ///< for other programs; invalid: the text
    };
    struct Row
    {
        double x = 0;
        double y = 0;
        QString label; ///< at the axis; empty: the axis counts
        QString card;
        QList<Cell> cells;
    };

    void set(const QStringList& headers, const QList<Row>& rows, const QString& summary);

    QStringList m_headers;
    QList<Row> m_rows;
    QString m_summary;
};

} // namespace bs::ui
