#pragma once

#include "ui/models/curve_series.h"
#include "ui/models/size_unit.h"
#include "ui/plots/chart.h"

#include <optional>

class QCPErrorBars;
class QCPGraph;
class QCPItemStraightLine;
class QCPItemText;

namespace bs::ui {

/// Perplexity against size, drawn from ready-made series. Hovering or the arrow keys show a point's
/// values; a click or Enter chooses it.
class CurvePlot : public Chart
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

    void setSizeAxis(const SizeAxis& axis);
    QString title() const override;
    QString yLabel() const;

    /// Shows the figures of a point by its place among all of them, series after series; -1: of
    /// none.
    void showPoint(qsizetype number);

    /// Where a point lies, in this widget's coordinates.
    QPoint positionOf(const CurveDot& dot) const;
Q_SIGNALS:
    /// `path`: the file that was measured; `dense`: it has no sizes to choose from.
    void dotChosen(const QString& path, qint64 bytes, bool dense);
    /// The figures of another point are shown; -1: of none.
    void pointShown(qsizetype number);

protected:
    void restyle() override { rebuild(); }
    void hideCard() override { setHover({}); }
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
    QString valuesOf(const CurveSeries& series, const CurveDot& dot) const;
    QList<Spot> spots() const;
    Spot spotNear(const QPointF& position) const;
    void choose(Spot spot);
    void stepHover(int by);
    bool isEmpty() const;

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
    SizeAxis m_axis;
};

} // namespace bs::ui
