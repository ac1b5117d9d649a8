#pragma once

#include "ui/models/compare_figures.h"

#include <QAbstractTableModel>

namespace bs::ui {

/// A and B, a row each, and what is known about them. The better value of a pair is bold and has a
/// mark before it, and screen readers are told; for each figure it is said what would be better.
class CompareSummaryModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Perplexity, Divergence, SameTop, Disk, Memory, Speed, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// `sameWay`: what was measured of both can be held against each other. `speedNote`: how the
    /// answers were timed.
    void setFigures(const Both<CompareFigures>& figures, bool sameWay, const QString& speedNote);
    /// Whether something that could be measured was not, of a side that is known.
    bool lacksMeasurements(Side side) const;
    /// The table as Markdown.
    QString markdown() const;

private:
    QString text(Side side, int column) const;
    QString hint(int column) const;
    std::optional<double> value(Side side, int column) const;
    bool isBetter(Side side, int column) const;

    Both<CompareFigures> m_figures;
    bool m_sameWay = false;
    QString m_speedNote;
};

} // namespace bs::ui
