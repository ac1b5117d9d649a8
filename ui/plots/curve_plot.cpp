#include "ui/plots/curve_plot.h"

#include "ui/models/words.h"
#include "ui/plots/axis_ticks.h"

#include <QEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QSaveFile>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace bs::ui {

namespace {

constexpr double kMegabyte = 1e6;
constexpr double kHoverPixels = 14;

/// Light and dark theme; told apart also with the common kinds of colour blindness.
constexpr std::array<std::array<unsigned, 2>, 5> kSeriesColours{{{0x1f6fb4, 0x6ab0f0},
                                                                 {0xc8641b, 0xf0a35e},
                                                                 {0x14806b, 0x53c7ae},
                                                                 {0x8a4fbf, 0xc39bf0},
                                                                 {0xb03a5b, 0xf08aa6}}};

bool isDark(const QPalette& palette)
{
    return palette.color(QPalette::Base).lightness() < 128;
}

QColor seriesColour(int index, const QPalette& palette)
{
    const auto& pair = kSeriesColours.at(static_cast<std::size_t>(index) % kSeriesColours.size());
    return QColor(QRgb(pair.at(isDark(palette) ? 1 : 0)));
}

/// Between text and background: for what should not shout.
QColor quiet(const QPalette& palette, double share)
{
    const QColor text = palette.color(QPalette::Text);
    const QColor base = palette.color(QPalette::Base);
    const auto mix = [share](int a, int b) {
        return static_cast<int>(a * share + b * (1 - share));
    };
    return {mix(text.red(), base.red()), mix(text.green(), base.green()),
            mix(text.blue(), base.blue())};
}

double megabytes(qint64 bytes)
{
    return static_cast<double>(bytes) / kMegabyte;
}

QFont smaller(QFont font)
{
    font.setPointSizeF(std::max(7.5, font.pointSizeF() * 0.9));
    return font;
}

QString valuesOf(const CurveSeries& series, const CurveDot& dot)
{
    QString text = series.name + QLatin1Char('\n') + sizeText(dot.bytes) + QLatin1Char('\n') +
                   CurvePlot::tr("perplexity %1").arg(dot.perplexity, 0, 'f', 2);
    if (dot.error > 0) text += QStringLiteral(" ± %1").arg(dot.error, 0, 'f', 2);
    return text;
}

} // namespace

CurvePlot::CurvePlot(QWidget* parent)
    : QWidget(parent)
    , m_plot(new QCustomPlot(this))
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Perplexity against size"));
    m_plot->setFocusProxy(this);
    m_plot->setInteractions(QCP::iNone);
    m_plot->axisRect()->insetLayout()->setInsetAlignment(0, Qt::AlignTop | Qt::AlignRight);
    m_plot->legend->setBorderPen(Qt::NoPen);
    m_plot->xAxis->setLabel(tr("Size (MB)"));
    m_plot->yAxis->setLabel(tr("Perplexity (lower is better)"));
    m_emptyText = tr("No measurements yet.");
    connect(m_plot, &QCustomPlot::mouseMove, this,
            [this](QMouseEvent* event) { setHover(spotNear(event->position())); });
    connect(m_plot, &QCustomPlot::mouseRelease, this, [this](QMouseEvent* event) {
        if (event->button() == Qt::LeftButton) choose(spotNear(event->position()));
    });
    rebuild();
}

void CurvePlot::setSeries(const QList<CurveSeries>& series)
{
    m_series = series;
    m_hover = {};
    m_hoverText.clear();
    rebuild();
}

void CurvePlot::setBudget(std::optional<qint64> bytes)
{
    if (bytes == m_budget) return;
    m_budget = bytes;
    updateRanges();
    updateBudget();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::setLogarithmic(bool on)
{
    m_logarithmic = on;
    updateRanges();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
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
    m_plot->clearItems();
    m_plot->clearPlottables();
    m_denseLines.clear();
    int colour = 0;
    for (const CurveSeries& series : m_series) {
        if (series.dense)
            addDense(series);
        else
            addSeries(series, colour++);
    }
    m_hoverRing = m_plot->addGraph();
    m_hoverRing->removeFromLegend();
    m_hoverRing->setLineStyle(QCPGraph::lsNone);
    m_budgetLine = new QCPItemStraightLine(m_plot);
    m_budgetLabel = new QCPItemText(m_plot);
    m_hoverLabel = new QCPItemText(m_plot);
    m_emptyLabel = new QCPItemText(m_plot);
    m_emptyLabel->position->setType(QCPItemPosition::ptAxisRectRatio);
    m_emptyLabel->position->setCoords(0.5, 0.5);
    m_emptyLabel->setText(m_emptyText);
    m_emptyLabel->setTextAlignment(Qt::AlignCenter);
    m_emptyLabel->setVisible(isEmpty());
    m_hoverLabel->setVisible(false);
    m_plot->legend->setVisible(!isEmpty());
    applyColours();
    updateRanges();
    updateBudget();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::addSeries(const CurveSeries& series, int colour)
{
    QList<double> x;
    QList<double> y;
    QList<double> error;
    for (const CurveDot& dot : series.dots) {
        x.append(megabytes(dot.bytes));
        y.append(dot.perplexity);
        error.append(dot.error);
    }
    const QColor pen = seriesColour(colour, palette());
    QCPGraph* const graph = m_plot->addGraph();
    graph->setName(series.name);
    graph->setPen(QPen(pen, 2));
    graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, QPen(pen, 1), pen, 7));
    graph->setData(x, y, true);
    auto* const bars = new QCPErrorBars(m_plot->xAxis, m_plot->yAxis);
    bars->removeFromLegend();
    bars->setDataPlottable(graph);
    bars->setPen(QPen(pen, 1.2));
    bars->setWhiskerWidth(6);
    bars->setSymbolGap(0);
    bars->setData(error);
}

void CurvePlot::addDense(const CurveSeries& series)
{
    const QColor pen = quiet(palette(), 0.6);
    for (const CurveDot& dot : series.dots) {
        QCPGraph* const line = m_plot->addGraph();
        line->setName(series.name);
        line->setPen(QPen(pen, 1.5, Qt::DashLine));
        line->setData({0, 1}, {dot.perplexity, dot.perplexity},
                      true); // updateRanges() stretches it
        m_denseLines.append(line);
        QCPGraph* const mark = m_plot->addGraph();
        mark->removeFromLegend();
        mark->setLineStyle(QCPGraph::lsNone);
        mark->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDiamond, QPen(pen, 1.5), pen, 9));
        mark->setData({megabytes(dot.bytes)}, {dot.perplexity}, true);
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
            left = std::min(left, megabytes(dot.bytes));
            right = std::max(right, megabytes(dot.bytes));
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
        left = std::min(left, megabytes(*m_budget));
        right = std::max(right, megabytes(*m_budget));
    }
    const double side = std::max((right - left) * 0.06, right * 0.01);
    m_plot->xAxis->setRange(std::max(0.0, left - side), right + side);
    m_plot->yAxis->setScaleType(m_logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    if (m_logarithmic) {
        const double room = std::max(1.04, std::pow(high / low, 0.1));
        m_plot->yAxis->setRange(low / room, high * std::pow(room, 2));
    } else {
        const double room = std::max((high - low) * 0.1, high * 0.02);
        m_plot->yAxis->setRange(std::max(0.0, low - room), high + 2 * room);
    }
    const QCPRange x = m_plot->xAxis->range();
    for (QCPGraph* const line : std::as_const(m_denseLines)) {
        const double value = line->data()->constBegin()->value;
        line->setData({x.lower, x.upper}, {value, value}, true);
    }
    for (QCPAxis* const axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setTickLabels(!empty);
        axis->setTicks(!empty);
        axis->grid()->setVisible(!empty);
    }
    updateTicks();
}

void CurvePlot::updateTicks()
{
    if (!m_logarithmic) {
        m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
        return;
    }
    const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    const QList<double> ticks =
        logarithmicTicks(m_plot->yAxis->range().lower, m_plot->yAxis->range().upper);
    for (const double tick : ticks)
        ticker->addTick(tick, QLocale().toString(tick, 'g', 7));
    m_plot->yAxis->setTicker(ticker);
}

void CurvePlot::updateBudget()
{
    const bool shown = m_budget.has_value() && !isEmpty();
    m_budgetLine->setVisible(shown);
    m_budgetLabel->setVisible(shown);
    if (!shown) return;
    const double x = megabytes(*m_budget);
    m_budgetLine->point1->setCoords(x, 1);
    m_budgetLine->point2->setCoords(x, 2);
    m_budgetLabel->position->setTypeX(QCPItemPosition::ptPlotCoords);
    m_budgetLabel->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    m_budgetLabel->position->setCoords(x, 1);
    const bool leftHalf = x < m_plot->xAxis->range().center();
    m_budgetLabel->setPositionAlignment(Qt::AlignBottom |
                                        (leftHalf ? Qt::AlignLeft : Qt::AlignRight));
    m_budgetLabel->setText(tr("now %1").arg(sizeText(*m_budget)));
}

void CurvePlot::applyColours()
{
    const QPalette p = palette();
    const QColor text = p.color(QPalette::Text);
    const QColor base = p.color(QPalette::Base);
    const QColor frame = quiet(p, 0.35);
    m_plot->setBackground(base);
    for (QCPAxis* const axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setBasePen(QPen(frame));
        axis->setTickPen(QPen(frame));
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelColor(quiet(p, 0.75));
        axis->setLabelColor(quiet(p, 0.75));
        axis->setTickLabelFont(smaller(font()));
        axis->setLabelFont(smaller(font()));
        axis->grid()->setPen(QPen(quiet(p, 0.12)));
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    QColor veil = base;
    veil.setAlpha(220);
    m_plot->legend->setBrush(veil);
    m_plot->legend->setTextColor(text);
    m_plot->legend->setFont(smaller(font()));
    const QColor accent = p.color(QPalette::Highlight);
    m_budgetLine->setPen(QPen(accent, 1.5));
    m_budgetLabel->setColor(accent);
    m_budgetLabel->setFont(smaller(font()));
    m_budgetLabel->setPadding(QMargins(5, 2, 5, 4));
    m_hoverLabel->setColor(text);
    m_hoverLabel->setBrush(base);
    m_hoverLabel->setPen(QPen(frame));
    m_hoverLabel->setFont(smaller(font()));
    m_hoverLabel->setTextAlignment(Qt::AlignLeft);
    m_hoverLabel->setPadding(QMargins(8, 6, 8, 6));
    m_emptyLabel->setColor(quiet(p, 0.6));
    m_emptyLabel->setFont(font());
    m_hoverRing->setScatterStyle(
        QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(text, 1.6), Qt::NoBrush, 13));
}

QPoint CurvePlot::positionOf(const CurveDot& dot) const
{
    return {qRound(m_plot->xAxis->coordToPixel(megabytes(dot.bytes))),
            qRound(m_plot->yAxis->coordToPixel(dot.perplexity))};
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

void CurvePlot::setHover(Spot spot)
{
    if (spot == m_hover) return;
    m_hover = spot;
    const bool none = spot.series < 0;
    m_hoverLabel->setVisible(!none);
    m_plot->setCursor(none ? Qt::ArrowCursor : Qt::PointingHandCursor);
    if (none) {
        m_hoverText.clear();
        m_hoverRing->setData({}, {});
    } else {
        const CurveSeries& series = m_series.at(spot.series);
        const CurveDot& dot = series.dots.at(spot.dot);
        m_hoverText = valuesOf(series, dot);
        m_hoverRing->setData({megabytes(dot.bytes)}, {dot.perplexity}, true);
        placeHoverLabel(dot, m_hoverText);
    }
    setAccessibleDescription(m_hoverText);
    Q_EMIT hoverChanged(m_hoverText);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

/// Beside the point, on the side that has room.
void CurvePlot::placeHoverLabel(const CurveDot& dot, const QString& text)
{
    const QPoint at = positionOf(dot);
    const QRect area = m_plot->axisRect()->rect();
    const bool left = at.x() > area.center().x();
    const bool above = at.y() > area.center().y();
    m_hoverLabel->setText(text);
    m_hoverLabel->setPositionAlignment((left ? Qt::AlignRight : Qt::AlignLeft) |
                                       (above ? Qt::AlignBottom : Qt::AlignTop));
    m_hoverLabel->position->setType(QCPItemPosition::ptAbsolute);
    m_hoverLabel->position->setCoords(at.x() + (left ? -12 : 12), at.y() + (above ? -12 : 12));
}

void CurvePlot::choose(Spot spot)
{
    if (spot.series < 0) return;
    const CurveSeries& series = m_series.at(spot.series);
    Q_EMIT dotChosen(series.path, series.dots.at(spot.dot).bytes, series.dense);
}

/// To the next or previous point, series after series.
void CurvePlot::stepHover(int by)
{
    QList<Spot> all;
    for (qsizetype s = 0; s < m_series.size(); ++s)
        for (qsizetype d = 0; d < m_series.at(s).dots.size(); ++d)
            all.append({s, d});
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

void CurvePlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) rebuild();
    QWidget::changeEvent(event);
}

bool CurvePlot::exportPng(const QString& path, const QSize& size, QString* problem)
{
    m_plot->plotLayout()->insertRow(0);
    QFont titleFont = font();
    titleFont.setPointSizeF(titleFont.pointSizeF() * 1.25);
    auto* const title = new QCPTextElement(m_plot, tr("Perplexity against size"), titleFont);
    title->setTextColor(palette().color(QPalette::Text));
    title->setMargins(QMargins(0, 8, 0, 4));
    m_plot->plotLayout()->addElement(0, 0, title);
    const QPixmap picture = m_plot->toPixmap(size.width(), size.height(), 2);
    m_plot->plotLayout()->remove(title);
    m_plot->plotLayout()->simplify();
    m_plot->replot(QCustomPlot::rpQueuedReplot);

    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !picture.save(&file, "PNG") || !file.commit()) {
        if (problem != nullptr)
            *problem = tr("%1: cannot be written (%2)").arg(path, file.errorString());
        return false;
    }
    return true;
}

} // namespace bs::ui
