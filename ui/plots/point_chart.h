#pragma once

#include "ui/plots/plot_line.h"
#include "ui/plots/xy_chart.h"

#include <QSet>

class QCPErrorBars;
class QCPGraph;
class QCPItemText;

namespace bs::ui {

/// Points and the lines through them, each point a row of a table. Hovering or the arrow keys show
/// a point's figures, a click or Enter chooses it; lines are hidden in the legend or by name.
/// Markers and whiskers are drawn where there is room for them; a hundred thousand points are.
class PointChart : public XyChart
{
    Q_OBJECT

public:
    explicit PointChart(QWidget* parent = nullptr);

    /// What stands there while there is nothing to draw.
    void setEmptyText(const QString& text);
    const QList<PlotLine>& lines() const { return m_lines; }
    /// Of the legend: lines of one name are shown and hidden together.
    QStringList lineNames() const;
    bool isLineShown(const QString& name) const { return !m_hidden.contains(name); }
    void setLineShown(const QString& name, bool on);
    const QSet<QString>& hiddenLines() const { return m_hidden; }

    /// Shows the figures of a row; -1: of none.
    void showRow(int row);
    /// The same, and moves the chart to where it can be seen.
    void goToRow(int row);
    int shownRow() const { return m_row; }
    /// Where a row lies, in this widget's coordinates; (-1, -1) if it is not drawn.
    QPoint positionOf(int row) const;
    /// Middle of a legend entry, in this widget's coordinates.
    QPoint legendPosition(const QString& name) const;

Q_SIGNALS:
    void rowShown(int row);
    void rowChosen(int row);
    /// Other names, or others of them are hidden.
    void linesChanged();

protected:
    void setLines(const QList<PlotLine>& lines);
    /// Names and figures of a row, a line each.
    virtual QString cardOf(int row) const = 0;
    /// Items that are not points, made again with everything else.
    virtual void addItems() {}
    /// Of what is always to be seen, beside the points.
    virtual std::optional<double> alwaysSeenX() const { return std::nullopt; }
    virtual bool beginsAtZero() const { return false; }
    /// Makes all graphs and items again: a handful, so that nothing can be left over.
    void rebuild();
    void updateExtent() override;

    void viewChanged() override;
    void clickedAt(const QPointF& pixel) override;
    void hoveredAt(const QPointF& pixel) override { showRow(rowNear(pixel)); }
    void hideCard() override { showRow(-1); }
    void restyle() override { rebuild(); }
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    /// A point by its line and its place in it.
    struct Spot
    {
        int line = -1;
        int point = -1;
    };
    struct Drawn
    {
        QCPGraph* graph = nullptr;
        QCPErrorBars* bars = nullptr;
        QCPGraph* mark = nullptr; ///< of a level
    };

    void addLine(int index);
    void addWhiskers(int index);
    void updateDetail(int index);
    QColor colourOf(const PlotLine& line) const;
    void putLegendBelow();
    /// As many columns as fit.
    void wrapLegend();
    void fadeHidden();
    int rowNear(const QPointF& pixel) const;
    void step(int by);
    const PlotPoint* pointOf(int row) const;

    QString m_emptyText;
    QList<PlotLine> m_lines;
    QSet<QString> m_hidden;
    QList<Spot> m_spots; ///< of the rows
    QList<Drawn> m_drawn;
    QCPGraph* m_ring = nullptr;
    QCPItemText* m_card = nullptr;
    QCPItemText* m_emptyLabel = nullptr;
    int m_row = -1;
};

} // namespace bs::ui
