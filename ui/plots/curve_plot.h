#pragma once

#include "ui/models/curve_series.h"
#include "ui/models/size_unit.h"
#include "ui/plots/budget_line.h"
#include "ui/plots/point_chart.h"

namespace bs::ui {

/// Quality against size, drawn from ready-made series, with the sizes that no other beats. A row is
/// a point, series after series.
class CurvePlot : public PointChart
{
    Q_OBJECT

public:
    explicit CurvePlot(QWidget* parent = nullptr);

    void setSeries(const QList<CurveSeries>& series, CurveMetric metric = CurveMetric::Perplexity);
    const QList<CurveSeries>& series() const { return m_series; }
    CurveMetric metric() const { return m_metric; }
    /// Of all points, series after series, among those that are shown.
    const QList<bool>& front() const { return m_front; }
    /// The vertical line at what is loaded now.
    void setBudget(std::optional<qint64> bytes);
    /// Of the metrics that can be drawn so.
    void setLogarithmic(bool on);
    void setSizeAxis(const SizeAxis& axis);
    QString title() const override { return metricTitle(m_metric); }
    QString yLabel() const;

    using PointChart::positionOf;
    /// Where a point lies, in this widget's coordinates.
    QPoint positionOf(const CurveDot& dot) const;

Q_SIGNALS:
    /// `path`: the file that was measured; `dense`: it has no sizes to choose from.
    void dotChosen(const QString& path, qint64 bytes, bool dense);

protected:
    QString cardOf(int row) const override;
    void addItems() override;
    std::optional<double> alwaysSeenX() const override;
    void viewChanged() override;

private:
    void updateLines();
    PlotLine lineOf(const CurveSeries& series, int colour, int firstRow) const;
    PlotLine farLineOf(const CurveSeries& series, int colour) const;
    void addFront(QList<PlotLine>& lines) const;
    void choose(int row);
    double heightOf(double value) const;
    /// The series of a row, and its place in it.
    std::pair<const CurveSeries*, const CurveDot*> dotOf(int row) const;

    QList<CurveSeries> m_series;
    QList<bool> m_front;
    CurveMetric m_metric = CurveMetric::Perplexity;
    std::optional<qint64> m_budget;
    BudgetLine m_budgetLine;
    bool m_wantsLogarithmic = true;
    SizeAxis m_axis;
};

} // namespace bs::ui
