#include "ui/plots/curve_plot.h"

#include "ui/plots/axis_ticks.h"
#include "ui/plots/plot_style.h"

#include <QKeyEvent>
#include <QLocale>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace bs::ui {

namespace {

constexpr double kHoverPixels = 14;

} // namespace

CurvePlot::CurvePlot(QWidget* parent)
    : Chart(parent)
{
    setAccessibleName(tr("Perplexity against size"));
    canvas()->axisRect()->insetLayout()->setInsetAlignment(0, Qt::AlignTop | Qt::AlignRight);
    canvas()->xAxis->setNumberFormat(QStringLiteral("g"));
    canvas()->xAxis->setNumberPrecision(12);
    m_emptyText = tr("No measurements yet.");
    connect(canvas(), &QCustomPlot::mouseMove, this,
            [this](QMouseEvent* event) { setHover(spotNear(event->position())); });
    connect(canvas(), &QCustomPlot::mouseRelease, this, [this](QMouseEvent* event) {
        if (event->button() == Qt::LeftButton) choose(spotNear(event->position()));
    });
    rebuild();
}

void CurvePlot::setSeries(const QList<CurveSeries>& series)
{
    m_series = series;
    rebuild();
}

void CurvePlot::setSizeAxis(const SizeAxis& axis)
{
    if (axis == m_axis) return;
    m_axis = axis;
    rebuild();
}

QString CurvePlot::title() const
{
    return tr("Perplexity against size");
}

QString CurvePlot::yLabel() const
{
    const bool relative = std::any_of(m_series.begin(), m_series.end(),
                                      [](const CurveSeries& s) { return s.relative; });
    return relative ? tr("Perplexity over the original's")
                    : tr("Perplexity (lower is better)");
}

void CurvePlot::setBudget(std::optional<qint64> bytes)
{
    if (bytes == m_budget) return;
    m_budget = bytes;
    updateRanges();
    updateBudget();
    canvas()->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::setLogarithmic(bool on)
{
    m_logarithmic = on;
    updateRanges();
    canvas()->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::setEmptyText(const QString& text)
{
    m_emptyText = text;
    rebuild();
}

bool CurvePlot::isEmpty() const
{
    return std::all_of(m_series.begin(), m_series.end(),
                       [](const CurveSeries& s) { return s.dots.isEmpty(); });
}

/// Makes all graphs and items again: a handful of each, so that nothing can be left over.
void CurvePlot::rebuild()
{
    canvas()->clearItems();
    canvas()->clearPlottables();
    m_denseLines.clear();
    m_hover = {};
    setCardText({});
    canvas()->xAxis->setLabel(m_axis.label());
    canvas()->yAxis->setLabel(yLabel());
    int colour = 0;
    for (const CurveSeries& series : m_series) {
        if (series.dense)
            addDense(series);
        else
            addSeries(series, colour++);
    }
    m_hoverRing = canvas()->addGraph();
    m_hoverRing->removeFromLegend();
    m_hoverRing->setLineStyle(QCPGraph::lsNone);
    m_budgetLine = new QCPItemStraightLine(canvas());
    m_budgetLabel = new QCPItemText(canvas());
    m_hoverLabel = new QCPItemText(canvas());
    m_emptyLabel = new QCPItemText(canvas());
    m_emptyLabel->setText(m_emptyText);
    m_emptyLabel->setVisible(isEmpty());
    m_hoverLabel->setVisible(false);
    canvas()->legend->setVisible(!isEmpty());
    applyColours();
    updateRanges();
    updateBudget();
    canvas()->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::addSeries(const CurveSeries& series, int colour)
{
    QList<double> x;
    QList<double> y;
    QList<double> error;
    for (const CurveDot& dot : series.dots) {
        x.append(m_axis.valueOf(dot.bytes));
        y.append(dot.perplexity);
        error.append(dot.error);
    }
    const QColor pen = seriesColour(colour, palette());
    QCPGraph* const graph = canvas()->addGraph();
    graph->setName(series.name);
    graph->setPen(QPen(pen, 2, series.predicted ? Qt::DashLine : Qt::SolidLine));
    graph->setScatterStyle(series.predicted
                               ? QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(pen, 1.5),
                                                 palette().color(QPalette::Base), 7)
                               : QCPScatterStyle(QCPScatterStyle::ssDisc, QPen(pen, 1), pen, 7));
    graph->setData(x, y, true);
    if (series.relative) return; // no errors are known
    auto* const bars = new QCPErrorBars(canvas()->xAxis, canvas()->yAxis);
    bars->removeFromLegend();
    bars->setDataPlottable(graph);
    bars->setPen(QPen(pen, 1.2));
    bars->setWhiskerWidth(6);
    bars->setSymbolGap(0);
    bars->setData(error);
}

void CurvePlot::addDense(const CurveSeries& series)
{
    const QColor pen = quietColour(palette(), 0.6);
    for (const CurveDot& dot : series.dots) {
        QCPGraph* const line = canvas()->addGraph();
        line->setName(series.name);
        line->setPen(QPen(pen, 1.5, Qt::DashLine));
        line->setData({0, 1}, {dot.perplexity, dot.perplexity},
                      true); // updateRanges() stretches it
        m_denseLines.append(line);
        QCPGraph* const mark = canvas()->addGraph();
        mark->removeFromLegend();
        mark->setLineStyle(QCPGraph::lsNone);
        mark->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDiamond, QPen(pen, 1.5), pen, 9));
        mark->setData({m_axis.valueOf(dot.bytes)}, {dot.perplexity}, true);
    }
}

void CurvePlot::updateRanges()
{
    double left = INFINITY;
    double right = -INFINITY;
    double low = INFINITY;
    double high = -INFINITY;
    for (const CurveSeries& series : m_series)
        for (const CurveDot& dot : series.dots) {
            left = std::min(left, m_axis.valueOf(dot.bytes));
            right = std::max(right, m_axis.valueOf(dot.bytes));
            low = std::min(low, std::max(dot.perplexity - dot.error, dot.perplexity * 0.5));
            high = std::max(high, dot.perplexity + dot.error);
        }
    const bool empty = !std::isfinite(left);
    if (empty) {
        left = 0;
        right = 100;
        low = 10;
        high = 100;
    } else if (m_budget) {
        left = std::min(left, m_axis.valueOf(*m_budget));
        right = std::max(right, m_axis.valueOf(*m_budget));
    }
    const double side = std::max((right - left) * 0.06, right * 0.01);
    canvas()->xAxis->setRange(std::max(0.0, left - side), right + side);
    canvas()->yAxis->setScaleType(m_logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    if (m_logarithmic) {
        const double room = std::max(1.04, std::pow(high / low, 0.1));
        canvas()->yAxis->setRange(low / room, high * std::pow(room, 2));
    } else {
        const double room = std::max((high - low) * 0.1, high * 0.02);
        canvas()->yAxis->setRange(std::max(0.0, low - room), high + 2 * room);
    }
    const QCPRange x = canvas()->xAxis->range();
    for (QCPGraph* const line : std::as_const(m_denseLines)) {
        const double value = line->data()->constBegin()->value;
        line->setData({x.lower, x.upper}, {value, value}, true);
    }
    for (QCPAxis* const axis : {canvas()->xAxis, canvas()->yAxis}) {
        axis->setTickLabels(!empty);
        axis->setTicks(!empty);
        axis->grid()->setVisible(!empty);
    }
    updateTicks();
}

void CurvePlot::updateTicks()
{
    if (!m_logarithmic) {
        canvas()->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
        return;
    }
    const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    const QList<double> ticks =
        logarithmicTicks(canvas()->yAxis->range().lower, canvas()->yAxis->range().upper);
    for (const double tick : ticks)
        ticker->addTick(tick, QLocale().toString(tick, 'g', 7));
    canvas()->yAxis->setTicker(ticker);
}

void CurvePlot::updateBudget()
{
    const bool shown = m_budget.has_value() && !isEmpty();
    m_budgetLine->setVisible(shown);
    m_budgetLabel->setVisible(shown);
    if (!shown) return;
    const double x = m_axis.valueOf(*m_budget);
    m_budgetLine->point1->setCoords(x, 1);
    m_budgetLine->point2->setCoords(x, 2);
    m_budgetLabel->position->setTypeX(QCPItemPosition::ptPlotCoords);
    m_budgetLabel->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    m_budgetLabel->position->setCoords(x, 1);
    const bool leftHalf = x < canvas()->xAxis->range().center();
    m_budgetLabel->setPositionAlignment(Qt::AlignBottom |
                                        (leftHalf ? Qt::AlignLeft : Qt::AlignRight));
    m_budgetLabel->setText(tr("now %1").arg(m_axis.text(*m_budget)));
}

void CurvePlot::applyColours()
{
    stylePlot(canvas(), this);
    const QColor accent = palette().color(QPalette::Highlight);
    m_budgetLine->setPen(QPen(accent, 1.5));
    m_budgetLabel->setColor(accent);
    m_budgetLabel->setFont(smallerFont(font()));
    m_budgetLabel->setPadding(QMargins(5, 2, 5, 4));
    styleCard(m_hoverLabel, this);
    styleEmpty(m_emptyLabel, this);
    m_hoverRing->setScatterStyle(QCPScatterStyle(
        QCPScatterStyle::ssCircle, QPen(palette().color(QPalette::Text), 1.6), Qt::NoBrush, 13));
}

QPoint CurvePlot::positionOf(const CurveDot& dot) const
{
    return {qRound(canvas()->xAxis->coordToPixel(m_axis.valueOf(dot.bytes))),
            qRound(canvas()->yAxis->coordToPixel(dot.perplexity))};
}

CurvePlot::Spot CurvePlot::spotNear(const QPointF& position) const
{
    Spot best;
    double nearest = kHoverPixels;
    for (qsizetype s = 0; s < m_series.size(); ++s)
        for (qsizetype d = 0; d < m_series.at(s).dots.size(); ++d) {
            const QPointF at = positionOf(m_series.at(s).dots.at(d));
            const double distance = std::hypot(at.x() - position.x(), at.y() - position.y());
            if (distance < nearest) {
                nearest = distance;
                best = {s, d};
            }
        }
    return best;
}

QString CurvePlot::valuesOf(const CurveSeries& series, const CurveDot& dot) const
{
    const QString value = series.relative
                              ? tr("%1 × the original's perplexity").arg(dot.perplexity, 0, 'f', 3)
                              : tr("perplexity %1").arg(dot.perplexity, 0, 'f', 2);
    QString text =
        series.name + QLatin1Char('\n') + m_axis.text(dot.bytes) + QLatin1Char('\n') + value;
    if (dot.error > 0) text += QStringLiteral(" ± %1").arg(dot.error, 0, 'f', 2);
    return text;
}

void CurvePlot::setHover(Spot spot)
{
    if (spot == m_hover) return;
    m_hover = spot;
    const bool none = spot.series < 0;
    m_hoverLabel->setVisible(!none);
    canvas()->setCursor(none ? Qt::ArrowCursor : Qt::PointingHandCursor);
    if (none) {
        m_hoverRing->setData({}, {});
        setCardText({});
    } else {
        const CurveSeries& series = m_series.at(spot.series);
        const CurveDot& dot = series.dots.at(spot.dot);
        m_hoverRing->setData({m_axis.valueOf(dot.bytes)}, {dot.perplexity}, true);
        const QString text = valuesOf(series, dot);
        placeCard(m_hoverLabel, canvas(), positionOf(dot), text);
        setCardText(text);
    }
    canvas()->replot(QCustomPlot::rpQueuedReplot);
    Q_EMIT pointShown(spots().indexOf(m_hover));
}

void CurvePlot::showPoint(qsizetype number)
{
    setHover(spots().value(number));
}

void CurvePlot::choose(Spot spot)
{
    if (spot.series < 0) return;
    const CurveSeries& series = m_series.at(spot.series);
    Q_EMIT dotChosen(series.path, series.dots.at(spot.dot).bytes, series.dense);
}

/// All points, series after series.
QList<CurvePlot::Spot> CurvePlot::spots() const
{
    QList<Spot> all;
    for (qsizetype s = 0; s < m_series.size(); ++s)
        for (qsizetype d = 0; d < m_series.at(s).dots.size(); ++d)
            all.append({s, d});
    return all;
}

void CurvePlot::stepHover(int by)
{
    const QList<Spot> all = spots();
    if (all.isEmpty()) return;
    const qsizetype now = all.indexOf(m_hover);
    const qsizetype next = now < 0 ? (by > 0 ? 0 : all.size() - 1)
                                   : std::clamp<qsizetype>(now + by, 0, all.size() - 1);
    setHover(all.at(next));
}

void CurvePlot::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Right:
    case Qt::Key_Down:
        stepHover(1);
        return;
    case Qt::Key_Left:
    case Qt::Key_Up:
        stepHover(-1);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        choose(m_hover);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void CurvePlot::focusOutEvent(QFocusEvent* event)
{
    setHover({});
    QWidget::focusOutEvent(event);
}

} // namespace bs::ui
