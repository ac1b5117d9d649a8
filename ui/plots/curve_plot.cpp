#include "ui/plots/curve_plot.h"

#include "ui/models/pareto.h"
#include "ui/models/words.h"

#include <qcustomplot.h>

#include <algorithm>
#include <utility>

namespace bs::ui {

CurvePlot::CurvePlot(QWidget* parent)
    : PointChart(parent)
{
    setAccessibleName(title());
    setEmptyText(tr("No measurements yet."));
    XyChart::setLogarithmic(true);
    connect(this, &PointChart::rowChosen, this, &CurvePlot::choose);
    // What is hidden beats nothing.
    connect(this, &PointChart::linesChanged, this, [this] {
        if (paretoFront(m_series, m_metric, hiddenLines()) != m_front) updateLines();
    });
    updateLines();
}

void CurvePlot::setSeries(const QList<CurveSeries>& series, CurveMetric metric)
{
    m_series = series;
    const bool another = std::exchange(m_metric, metric) != metric;
    if (another) setAccessibleName(title());
    updateLines();
    if (!another) return;
    setLogarithmic(m_wantsLogarithmic); // after: a scale asks where the points lie
    zoomAll();
}

void CurvePlot::setSizeAxis(const SizeAxis& axis)
{
    if (axis == m_axis) return;
    m_axis = axis;
    zoomAll(); // what was seen was so much of another unit
    updateLines();
}

QString CurvePlot::yLabel() const
{
    const bool relative = std::any_of(m_series.begin(), m_series.end(),
                                      [](const CurveSeries& s) { return s.relative; });
    return metricLabel(m_metric, relative);
}

void CurvePlot::setLogarithmic(bool on)
{
    m_wantsLogarithmic = on;
    XyChart::setLogarithmic(on && canBeLogarithmic(m_metric));
}

void CurvePlot::setBudget(std::optional<qint64> bytes)
{
    if (bytes == m_budget) return;
    m_budget = bytes;
    updateExtent();
    viewChanged();
    canvas()->replot(QCustomPlot::rpQueuedReplot);
}

double CurvePlot::heightOf(double value) const
{
    return m_metric == CurveMetric::SameTop ? 100 * value : value;
}

void CurvePlot::updateLines()
{
    m_front = paretoFront(m_series, m_metric, hiddenLines());
    QList<PlotLine> lines;
    int colour = 0;
    int row = 0;
    for (const CurveSeries& series : std::as_const(m_series)) {
        lines.append(lineOf(series, series.dense ? -1 : colour, row));
        if (m_metric == CurveMetric::KlMedian && !series.dense)
            lines.append(farLineOf(series, colour));
        if (!series.dense) ++colour;
        row += static_cast<int>(series.dots.size());
    }
    addFront(lines);
    canvas()->xAxis->setLabel(m_axis.label());
    setValueLabel(yLabel());
    setLines(lines);
}

PlotLine CurvePlot::lineOf(const CurveSeries& series, int colour, int firstRow) const
{
    PlotLine line;
    line.name = series.name;
    line.colour = colour;
    line.style = series.dense       ? PlotLine::Style::Level
                 : series.predicted ? PlotLine::Style::Dashed
                                    : PlotLine::Style::Curve;
    line.marker = series.dense       ? PlotLine::Marker::Diamond
                  : series.predicted ? PlotLine::Marker::Circle
                                     : markerOf(colour);
    line.points.reserve(series.dots.size());
    for (const CurveDot& dot : series.dots) {
        PlotPoint point{m_axis.valueOf(dot.bytes), heightOf(dot.value), {}, {}, firstRow++};
        if (dot.low) point.low = heightOf(*dot.low);
        if (dot.high) point.high = heightOf(*dot.high);
        if (dot.error > 0) {
            point.low = heightOf(dot.value - dot.error);
            point.high = heightOf(dot.value + dot.error);
        }
        line.points.append(point);
    }
    return line;
}

/// What the worst tokens come to, over the points they belong to.
PlotLine CurvePlot::farLineOf(const CurveSeries& series, int colour) const
{
    PlotLine line;
    line.name = tr("%1, 99 %").arg(series.name);
    line.style = PlotLine::Style::Points;
    line.marker = PlotLine::Marker::Down;
    line.colour = colour;
    for (const CurveDot& dot : series.dots)
        if (dot.far) line.points.append({m_axis.valueOf(dot.bytes), *dot.far, {}, {}, -1});
    return line;
}

/// A step line for each way of measuring; a front of one series alone says nothing new.
void CurvePlot::addFront(QList<PlotLine>& lines) const
{
    QMap<QString, PlotLine> ways;
    QMap<QString, int> series;
    qsizetype number = 0;
    for (const CurveSeries& s : m_series) {
        if (!s.predicted && !hiddenLines().contains(s.name) && !s.dots.isEmpty()) ++series[s.way];
        for (const CurveDot& dot : s.dots)
            if (m_front.at(number++))
                ways[s.way].points.append(
                    {m_axis.valueOf(dot.bytes), heightOf(dot.value), {}, {}, -1});
    }
    for (auto way = ways.begin(); way != ways.end(); ++way) {
        if (series.value(way.key()) < 2) continue;
        way->name = tr("Pareto front");
        way->style = PlotLine::Style::Steps;
        std::sort(way->points.begin(), way->points.end(),
                  [](const PlotPoint& a, const PlotPoint& b) { return a.x < b.x; });
        lines.append(*way);
    }
}

void CurvePlot::addItems()
{
    m_budgetLine.add(canvas(), this);
}

std::optional<double> CurvePlot::alwaysSeenX() const
{
    return m_budget ? std::optional(m_axis.valueOf(*m_budget)) : std::nullopt;
}

void CurvePlot::viewChanged()
{
    PointChart::viewChanged();
    m_budgetLine.place(m_axis, isEmpty() ? std::nullopt : m_budget);
}

std::pair<const CurveSeries*, const CurveDot*> CurvePlot::dotOf(int row) const
{
    for (const CurveSeries& series : m_series) {
        if (row < series.dots.size()) return {&series, &series.dots.at(row)};
        row -= static_cast<int>(series.dots.size());
    }
    return {nullptr, nullptr};
}

QPoint CurvePlot::positionOf(const CurveDot& dot) const
{
    return {qRound(canvas()->xAxis->coordToPixel(m_axis.valueOf(dot.bytes))),
            qRound(canvas()->yAxis->coordToPixel(heightOf(dot.value)))};
}

QString CurvePlot::cardOf(int row) const
{
    const auto [series, dot] = dotOf(row);
    QString text = series->name + QLatin1Char('\n') + m_axis.text(dot->bytes) + QLatin1Char('\n') +
                   metricText(m_metric, dot->value, series->relative);
    if (dot->error > 0)
        text += QStringLiteral(" ± ") + (m_metric == CurveMetric::Perplexity
                                             ? numberText(dot->error, 'f', 2)
                                             : metricNumber(m_metric, dot->error));
    if (dot->low && dot->high)
        text += QLatin1Char('\n') +
                tr("half of the tokens: %1 to %2")
                    .arg(metricNumber(m_metric, *dot->low), metricNumber(m_metric, *dot->high));
    if (dot->far)
        text += QLatin1Char('\n') +
                tr("one token in 100: above %1").arg(metricNumber(m_metric, *dot->far));
    return text;
}

void CurvePlot::choose(int row)
{
    const auto [series, dot] = dotOf(row);
    if (series != nullptr) Q_EMIT dotChosen(series->path, dot->bytes, series->dense);
}

} // namespace bs::ui
