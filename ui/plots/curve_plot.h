#pragma once

#include "ui/models/curve_series.h"

#include <QWidget>

#include <optional>

class QCPErrorBars;
class QCPGraph;
class QCPItemStraightLine;
class QCPItemText;
class QCustomPlot;

namespace bs::ui {

/// Perplexity against size, drawn from ready-made series. Hovering or the arrow keys show a point's
/// values; a click or Enter chooses it.
class CurvePlot : public QWidget
{
    Q_OBJECT

public:
    explicit CurvePlot(QWidget* parent = nullptr);

    void setSeries(const QList<CurveSeries>& series);
    const QList<CurveSeries>& series() const { return m_series; }
    /// The vertical line at what is loaded now.
    void setBudget(std::optional<qint64> bytes);
    void setLogarithmic(bool on);
    bool isLogarithmic() const { return m_logarithmic; }
    /// What stands there while there is nothing to draw.
    void setEmptyText(const QString& text);

    /// Writes the chart as it is, with a title, `size` points at two pixels a point. False: not
    /// written, and why.
    bool exportPng(const QString& path, const QSize& size, QString* problem);

    /// Where a point lies, in this widget's coordinates.
    QPoint positionOf(const CurveDot& dot) const;
    /// The values shown for the point under the mouse or chosen by keys; empty without one.
    QString hoverText() const { return m_hoverText; }

    QSize sizeHint() const override { return {420, 320}; }
    QSize minimumSizeHint() const override { return {260, 200}; }

Q_SIGNALS:
    /// `path`: the file that was measured; `dense`: it has no sizes to choose from.
    void dotChosen(const QString& path, qint64 bytes, bool dense);
    void hoverChanged(const QString& text);

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    /// A point by its series and its place in it; -1: none.
    struct Spot
    {
        qsizetype series = -1;
        qsizetype dot = -1;
        bool operator==(const Spot&) const = default;
    };

    void rebuild();
    void addSeries(const CurveSeries& series, int colour);
    void addDense(const CurveSeries& series);
    void updateRanges();
    void updateTicks();
    void updateBudget();
    void applyColours();
    void setHover(Spot spot);
    void placeHoverLabel(const CurveDot& dot, const QString& text);
    Spot spotNear(const QPointF& position) const;
    void choose(Spot spot);
    void stepHover(int by);
    bool isEmpty() const;

    QCustomPlot* m_plot;
    QCPItemStraightLine* m_budgetLine = nullptr;
    QCPItemText* m_budgetLabel = nullptr;
    QCPItemText* m_hoverLabel = nullptr;
    QCPItemText* m_emptyLabel = nullptr;
    QCPGraph* m_hoverRing = nullptr;
    QList<QCPGraph*> m_denseLines; ///< span the whole width, whatever the range
    QList<CurveSeries> m_series;
    std::optional<qint64> m_budget;
    bool m_logarithmic = true;
    QString m_emptyText;
    Spot m_hover;
    QString m_hoverText;
};

} // namespace bs::ui
