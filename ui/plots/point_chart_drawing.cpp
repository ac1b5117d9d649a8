#include "ui/plots/plot_style.h"
#include "ui/plots/point_chart.h"

#include <qcustomplot.h>

#include <algorithm>
#include <array>

namespace bs::ui {

namespace {

constexpr double kPixelsForMarker = 5;
constexpr double kPixelsForWhisker = 5;
constexpr double kWhiskerWidth = 6;
constexpr int kWiderThanAnyScreen = 1 << 20;
constexpr int kLegendIcon = 18; ///< width

QCPScatterStyle scatterOf(PlotLine::Marker marker, const QColor& colour, const QColor& base)
{
    using Marker = PlotLine::Marker;
    switch (marker) {
    case Marker::None:
        return {};
    case Marker::Disc:
        return {QCPScatterStyle::ssDisc, QPen(colour, 1), colour, 7};
    case Marker::Circle:
        return {QCPScatterStyle::ssCircle, QPen(colour, 1.5), base, 7};
    case Marker::Square:
        return {QCPScatterStyle::ssSquare, QPen(colour, 1), colour, 7};
    case Marker::Triangle:
        return {QCPScatterStyle::ssTriangle, QPen(colour, 1), colour, 9};
    case Marker::Diamond:
        return {QCPScatterStyle::ssDiamond, QPen(colour, 1.5), colour, 9};
    case Marker::Down:
        return {QCPScatterStyle::ssTriangleInverted, QPen(colour, 1.5), base, 8};
    case Marker::Cross:
        return {QCPScatterStyle::ssCross, QPen(colour, 2), colour, 8};
    }
    return {};
}

bool hasWhiskers(const PlotLine& line)
{
    return std::any_of(line.points.begin(), line.points.end(),
                       [](const PlotPoint& p) { return p.low || p.high; });
}

} // namespace

PlotLine::Marker markerOf(int series)
{
    using Marker = PlotLine::Marker;
    constexpr std::array kMarkers{Marker::Disc, Marker::Square, Marker::Triangle, Marker::Diamond,
                                  Marker::Cross};
    return kMarkers.at(static_cast<std::size_t>(series) % kMarkers.size());
}

void PointChart::rebuild()
{
    canvas()->clearItems();
    canvas()->clearPlottables();
    m_drawn.clear();
    m_row = -1;
    setCardText({});
    for (int i = 0; i < m_lines.size(); ++i)
        addLine(i);
    m_ring = canvas()->addGraph();
    m_ring->removeFromLegend();
    m_ring->setLineStyle(QCPGraph::lsNone);
    m_ring->setScatterStyle(QCPScatterStyle(
        QCPScatterStyle::ssCircle, QPen(palette().color(QPalette::Text), 1.6), Qt::NoBrush, 13));
    m_card = new QCPItemText(canvas());
    m_card->setVisible(false);
    m_emptyLabel = new QCPItemText(canvas());
    m_emptyLabel->setText(m_emptyText);
    m_emptyLabel->setVisible(std::all_of(m_lines.begin(), m_lines.end(), [](const PlotLine& line) {
        return line.points.isEmpty();
    }));
    canvas()->legend->setVisible(!m_lines.isEmpty());
    stylePlot(canvas(), this);
    styleCard(m_card, this);
    styleEmpty(m_emptyLabel, this);
    fadeHidden();
    addItems();
    viewChanged();
    canvas()->replot(QCustomPlot::rpQueuedReplot);
}

QColor PointChart::colourOf(const PlotLine& line) const
{
    return line.colour < 0 ? quietColour(palette(), 0.6) : seriesColour(line.colour, palette());
}

void PointChart::addLine(int index)
{
    const PlotLine& line = m_lines.at(index);
    using Style = PlotLine::Style;
    QVector<QCPGraphData> dots;
    dots.reserve(line.points.size());
    for (const PlotPoint& p : line.points)
        dots.append({p.x, p.y});
    Drawn drawn;
    drawn.graph = canvas()->addGraph();
    drawn.graph->setName(line.name);
    if (line.style == Style::Points) drawn.graph->setLineStyle(QCPGraph::lsNone);
    if (line.style == Style::Steps) drawn.graph->setLineStyle(QCPGraph::lsStepLeft);
    drawn.graph->data()->set(dots, true);
    if (line.style == Style::Level) {
        drawn.mark = canvas()->addGraph();
        drawn.mark->removeFromLegend();
        drawn.mark->setLineStyle(QCPGraph::lsNone);
        drawn.mark->data()->set(dots, true);
    }
    const bool first = std::none_of(m_lines.begin(), m_lines.begin() + index,
                                    [&](const PlotLine& l) { return l.name == line.name; });
    if (!first || line.name.isEmpty()) drawn.graph->removeFromLegend();
    const bool shown = isLineShown(line.name);
    drawn.graph->setVisible(shown);
    if (drawn.mark != nullptr) drawn.mark->setVisible(shown);
    m_drawn.append(drawn);
    if (shown && hasWhiskers(line)) addWhiskers(index);
}

void PointChart::addWhiskers(int index)
{
    const PlotLine& line = m_lines.at(index);
    auto* const bars = new QCPErrorBars(canvas()->xAxis, canvas()->yAxis);
    bars->removeFromLegend();
    // Of a level the graph is the line across; its points are the mark's.
    const Drawn& drawn = m_drawn.at(index);
    bars->setDataPlottable(drawn.mark != nullptr ? drawn.mark : drawn.graph);
    bars->setWhiskerWidth(kWhiskerWidth);
    bars->setSymbolGap(0);
    QVector<QCPErrorBarsData> ends;
    ends.reserve(line.points.size());
    for (const PlotPoint& p : line.points)
        ends.append({p.y - p.low.value_or(p.y), p.high.value_or(p.y) - p.y});
    bars->data()->swap(ends);
    bars->setPen(QPen(colourOf(line), 1.4));
    m_drawn[index].bars = bars;
}

/// Markers and whiskers where they do not run into each other, thin lines without smoothing where
/// there are more points than pixels.
void PointChart::updateDetail(int index)
{
    const PlotLine& line = m_lines.at(index);
    Drawn& drawn = m_drawn[index];
    const QCPRange seen = canvas()->xAxis->range();
    const auto& dots = *drawn.graph->data();
    const auto count = static_cast<double>(dots.findEnd(seen.upper) - dots.findBegin(seen.lower));
    const double width = canvas()->width();
    const bool bare = count * kPixelsForMarker > width;
    using Style = PlotLine::Style;
    const QColor colour = colourOf(line);
    const bool dashes = line.style == Style::Dashed || line.style == Style::Level;
    QPen pen(colour, line.colour < 0 ? 1.3 : bare ? 1 : 2, dashes ? Qt::DashLine : Qt::SolidLine);
    if (line.style == Style::Steps) pen.setStyle(Qt::DotLine);
    if (bare) pen.setStyle(Qt::SolidLine);
    drawn.graph->setPen(pen);
    drawn.graph->setAntialiased(!bare);
    const QCPScatterStyle scatter = scatterOf(line.marker, colour, palette().color(QPalette::Base));
    if (line.style == Style::Level) {
        drawn.graph->setScatterStyle({});
        drawn.mark->setScatterStyle(scatter);
        const double height = line.points.isEmpty() ? 0 : line.points.first().y;
        drawn.graph->setData({seen.lower, seen.upper}, {height, height}, true);
    } else if (!bare) {
        drawn.graph->setScatterStyle(scatter);
    } else if (line.style == Style::Points) {
        drawn.graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDot, pen.color(), 1));
    } else {
        drawn.graph->setScatterStyle({});
    }
    if (drawn.bars != nullptr) drawn.bars->setVisible(count * kPixelsForWhisker <= width);
}

/// Under the axes: points may lie in any corner.
void PointChart::putLegendBelow()
{
    QCPLegend* const legend = canvas()->legend;
    canvas()->axisRect()->insetLayout()->take(legend);
    canvas()->plotLayout()->addElement(1, 0, legend);
    canvas()->plotLayout()->setRowStretchFactor(1, 0.001); // as high as it must be
    legend->setFillOrder(QCPLayoutGrid::foColumnsFirst);
    legend->setIconSize(kLegendIcon, 12);
    legend->setRowSpacing(0);
    canvas()->plotLayout()->setRowSpacing(0);
    legend->setMargins(QMargins(8, 0, 8, 8));
    // Without entries it would be no wider than its margins, and the axes above it with it.
    legend->setMaximumSize(kWiderThanAnyScreen, QWIDGETSIZE_MAX);
}

void PointChart::wrapLegend()
{
    QCPLegend* const legend = canvas()->legend;
    const QFontMetrics metrics(legend->font());
    int widest = 1;
    for (const PlotLine& line : std::as_const(m_lines))
        widest = std::max(widest, metrics.horizontalAdvance(line.name));
    constexpr int kAround = kLegendIcon + 24;
    const int columns = std::max(1, canvas()->width() / (widest + kAround));
    if (legend->wrap() == columns) return;
    legend->setWrap(columns);
    legend->setFillOrder(legend->fillOrder(), true);
}

/// Told apart from what is shown without colour, too.
void PointChart::fadeHidden()
{
    for (int i = 0; i < canvas()->legend->itemCount(); ++i) {
        auto* const item = qobject_cast<QCPPlottableLegendItem*>(canvas()->legend->item(i));
        if (item == nullptr || isLineShown(item->plottable()->name())) continue;
        QFont crossed = item->font();
        crossed.setStrikeOut(true);
        item->setFont(crossed);
        item->setTextColor(quietColour(palette(), 0.5));
    }
}

void PointChart::viewChanged()
{
    if (m_row < 0) return;
    if (const QPoint at = positionOf(m_row); canvas()->axisRect()->rect().contains(at))
        placeCard(m_card, canvas(), at, cardOf(m_row));
    else
        showRow(-1);
}

} // namespace bs::ui
