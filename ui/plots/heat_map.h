#pragma once

#include "ui/models/stack_grid_model.h"
#include "ui/plots/chart.h"

#include <QPersistentModelIndex>

class QCPColorMap;
class QCPColorScale;
class QCPItemRect;
class QCPItemText;
class QItemSelectionModel;

namespace bs::ui {

/// Lightness rises with the value, and yellow, teal and indigo stay apart with the common kinds of
/// colour blindness. From 0 to 1.
QColor heatColour(double value);

/// A table as coloured cells: its rows along x, its columns one above the other; a column with one
/// cell fills its line. The arrow keys move a frame from cell to cell, which is the selection's
/// current index; the cell under the mouse, or in the frame, shows its card. Marks stand on their
/// cells (MarkRole).
class HeatMap : public Chart
{
    Q_OBJECT

public:
    explicit HeatMap(QWidget* parent = nullptr);

    /// Both must outlive the chart.
    void setModel(const StackGridModel* model, QItemSelectionModel* selection);
    QString title() const override;

    /// The middle of a cell, in this widget's coordinates.
    QPoint positionOf(const QModelIndex& cell) const;

    QSize minimumSizeHint() const override { return {260, 160}; }

protected:
    void restyle() override;
    void hideCard() override { showCard({}); }
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void rebuild();
    void updateScaleLabel();
    void updateShape();
    void updateColours();
    void updateFrame();
    void updateMarks();
    void showCard(const QModelIndex& cell);
    void step(int rows, int columns);
    bool hasValue(int row, int column) const;
    bool isBand(int column) const { return m_bandRows.value(column, -1) >= 0; }
    QModelIndex cellAt(const QPointF& position) const;
    QModelIndex cell(int x, int column) const;

    const StackGridModel* m_model = nullptr;
    QItemSelectionModel* m_selection = nullptr;
    QCPColorMap* m_map;
    QCPColorScale* m_scale;
    QCPItemRect* m_frame;
    QCPItemText* m_card;
    QCPItemText* m_emptyLabel;
    QList<QCPItemText*> m_marks;
    QList<int> m_bandRows; ///< the only row of a column that fills its line; -1: an ordinary one
    int m_width = 0;       ///< rows that lie side by side
    int m_x = 0;           ///< where the frame was before it came to a band
    QPersistentModelIndex m_shown;
};

} // namespace bs::ui
