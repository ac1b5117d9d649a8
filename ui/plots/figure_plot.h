#pragma once

#include "ui/plots/chart.h"

class QAbstractItemModel;
class QCPBars;
class QCPGraph;
class QCPItemText;
class QItemSelectionModel;
class QModelIndex;

namespace bs::ui {

/// Rows of a model (PlaceRole, ValueRole, LabelRole, CardRole) as bars or as a line with points.
/// The row under the mouse, or chosen by keys, stands out and shows its card.
class FigurePlot : public Chart
{
    Q_OBJECT

public:
    enum class Style { Bars, Line };

    struct Titles
    {
        QString title;
        QString x;
        QString y;
        QString empty; ///< what is said where there is nothing
    };

    FigurePlot(Style style, const Titles& titles, QWidget* parent = nullptr);

    /// Both must outlive the chart.
    void setModel(const QAbstractItemModel* model, QItemSelectionModel* selection);
    QString title() const override { return m_titles.title; }
    /// Where a row is drawn, in this widget's coordinates.
    QPoint positionOf(int row) const;

protected:
    void restyle() override;
    void hideCard() override { showRow(-1); }
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void rebuild();
    void updateTicks();
    void showRow(int row);
    void step(int by);
    void choose(int row);
    int rowNear(const QPointF& position) const;
    double valueOf(int row, int role) const;

    Style m_style;
    Titles m_titles;
    const QAbstractItemModel* m_model = nullptr;
    QItemSelectionModel* m_selection = nullptr;
    QCPBars* m_bars = nullptr;
    QCPBars* m_chosenBar = nullptr;
    QCPGraph* m_line = nullptr;
    QCPGraph* m_chosenPoint = nullptr;
    QCPItemText* m_card;
    QCPItemText* m_emptyLabel;
};

} // namespace bs::ui
