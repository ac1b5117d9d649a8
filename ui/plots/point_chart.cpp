#include "ui/plots/point_chart.h"

#include "ui/plots/plot_style.h"

#include <QKeyEvent>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace bs::ui {

namespace {

constexpr double kHoverPixels = 14;
constexpr int kPageStep = 50;
/// A logarithmic axis reaches this far below its largest value.
constexpr double kLogSpan = 1e7;
/// A level's own point counts up to so many times the largest other.
constexpr double kFarAway = 2;

} // namespace

PointChart::PointChart(QWidget* parent)
    : XyChart(parent)
{
    putLegendBelow();
    connect(canvas(), &QCustomPlot::beforeReplot, this, [this] {
        wrapLegend();
        for (int i = 0; i < m_drawn.size(); ++i)
            updateDetail(i);
    });
}

void PointChart::setEmptyText(const QString& text)
{
    if (text == m_emptyText) return;
    m_emptyText = text;
    rebuild();
}

void PointChart::setLines(const QList<PlotLine>& lines)
{
    const QStringList before = lineNames();
    m_lines = lines;
    m_spots.clear();
    for (int l = 0; l < m_lines.size(); ++l)
        for (int p = 0; p < m_lines.at(l).points.size(); ++p) {
            const int row = m_lines.at(l).points.at(p).row;
            if (row < 0) continue;
            if (row >= m_spots.size()) m_spots.resize(row + 1);
            if (m_spots.at(row).line < 0) m_spots[row] = {l, p};
        }
    updateExtent();
    rebuild();
    if (lineNames() != before) Q_EMIT linesChanged();
}

QStringList PointChart::lineNames() const
{
    QStringList names;
    for (const PlotLine& line : m_lines)
        if (!names.contains(line.name)) names.append(line.name);
    return names;
}

void PointChart::setLineShown(const QString& name, bool on)
{
    if (on == isLineShown(name)) return;
    if (on)
        m_hidden.remove(name);
    else
        m_hidden.insert(name);
    updateExtent();
    rebuild();
    Q_EMIT linesChanged();
}

/// Of everything that is shown; on a logarithmic axis only what is above 0 has a place. A level is
/// seen wherever one looks: its own point does not push the others together.
void PointChart::updateExtent()
{
    double left = INFINITY;
    double right = -INFINITY;
    double low = INFINITY;
    double high = -INFINITY;
    QList<double> levels;
    for (const PlotLine& line : std::as_const(m_lines)) {
        // Steps lead through points that are counted already.
        if (!isLineShown(line.name) || line.style == PlotLine::Style::Steps) continue;
        const bool level = line.style == PlotLine::Style::Level;
        for (const PlotPoint& p : line.points) {
            if ((isLogarithmic() && p.y <= 0) || (isLogarithmicX() && p.x <= 0)) continue;
            const double bottom = p.low.value_or(p.y);
            if (level) levels.append(p.x);
            left = level ? left : std::min(left, p.x);
            right = level ? right : std::max(right, p.x);
            low = std::min(low, isLogarithmic() && bottom <= p.y / 2 ? p.y / 2 : bottom);
            high = std::max(high, p.high.value_or(p.y));
        }
    }
    const bool alone = !std::isfinite(left);
    for (const double x : std::as_const(levels)) {
        if (!alone && x > kFarAway * right) continue;
        left = std::min(left, x);
        right = std::max(right, x);
    }
    if (!std::isfinite(left)) return setExtent(std::nullopt);
    if (isLogarithmic()) low = std::max(low, high / kLogSpan);
    if (const std::optional<double> seen = alwaysSeenX()) {
        left = std::min(left, *seen);
        right = std::max(right, *seen);
    }
    setExtent(Extent{left, right, low, high, beginsAtZero()});
}

const PlotPoint* PointChart::pointOf(int row) const
{
    if (row < 0 || row >= m_spots.size() || m_spots.at(row).line < 0) return nullptr;
    const PlotLine& line = m_lines.at(m_spots.at(row).line);
    return isLineShown(line.name) ? &line.points.at(m_spots.at(row).point) : nullptr;
}

QPoint PointChart::positionOf(int row) const
{
    const PlotPoint* const p = pointOf(row);
    if (p == nullptr) return {-1, -1};
    return {qRound(canvas()->xAxis->coordToPixel(p->x)),
            qRound(canvas()->yAxis->coordToPixel(p->y))};
}

/// Points lie by rising x: only those in reach are looked at.
int PointChart::rowNear(const QPointF& pixel) const
{
    const QCPAxis* const xAxis = canvas()->xAxis;
    const double first = xAxis->pixelToCoord(pixel.x() - kHoverPixels);
    const double last = xAxis->pixelToCoord(pixel.x() + kHoverPixels);
    int best = -1;
    double nearest = kHoverPixels;
    for (const PlotLine& line : m_lines) {
        if (!isLineShown(line.name)) continue;
        auto p = std::partition_point(line.points.begin(), line.points.end(),
                                      [first](const PlotPoint& q) { return q.x < first; });
        for (; p != line.points.end() && p->x <= last; ++p) {
            if (p->row < 0) continue;
            const double distance = std::hypot(xAxis->coordToPixel(p->x) - pixel.x(),
                                               canvas()->yAxis->coordToPixel(p->y) - pixel.y());
            if (distance < nearest) {
                nearest = distance;
                best = p->row;
            }
        }
    }
    return best;
}

void PointChart::showRow(int row)
{
    const PlotPoint* const p = pointOf(row);
    const int shown = p == nullptr ? -1 : row;
    if (shown == m_row) return;
    m_row = shown;
    m_card->setVisible(p != nullptr);
    canvas()->setCursor(p == nullptr ? Qt::ArrowCursor : Qt::PointingHandCursor);
    if (p == nullptr) {
        m_ring->setData({}, {});
        setCardText({});
    } else {
        m_ring->setData({p->x}, {p->y}, true);
        const QString card = cardOf(row);
        placeCard(m_card, canvas(), positionOf(row), card);
        setCardText(card);
    }
    canvas()->replot(QCustomPlot::rpQueuedReplot);
    Q_EMIT rowShown(m_row);
}

void PointChart::goToRow(int row)
{
    if (const PlotPoint* const p = pointOf(row)) bringIntoView(p->x, p->y);
    showRow(row);
}

void PointChart::clickedAt(const QPointF& pixel)
{
    for (int i = 0; i < canvas()->legend->itemCount(); ++i) {
        auto* const item = qobject_cast<QCPPlottableLegendItem*>(canvas()->legend->item(i));
        if (item == nullptr || !canvas()->legend->visible() ||
            !item->outerRect().contains(pixel.toPoint()))
            continue;
        const QString name = item->plottable()->name();
        return setLineShown(name, !isLineShown(name));
    }
    if (const int row = rowNear(pixel); row >= 0) Q_EMIT rowChosen(row);
}

QPoint PointChart::legendPosition(const QString& name) const
{
    for (int i = 0; i < canvas()->legend->itemCount(); ++i) {
        auto* const item = qobject_cast<QCPPlottableLegendItem*>(canvas()->legend->item(i));
        if (item != nullptr && item->plottable()->name() == name) return item->outerRect().center();
    }
    return {-1, -1};
}

void PointChart::step(int by)
{
    const auto count = static_cast<int>(m_spots.size());
    int row = m_row < 0 ? (by > 0 ? 0 : count - 1) : std::clamp(m_row + by, 0, count - 1);
    const int way = by > 0 ? 1 : -1;
    while (row >= 0 && row < count && pointOf(row) == nullptr)
        row += way;
    if (row >= 0 && row < count) goToRow(row);
}

void PointChart::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Right:
    case Qt::Key_Down:
        return step(1);
    case Qt::Key_Left:
    case Qt::Key_Up:
        return step(-1);
    case Qt::Key_PageDown:
        return step(kPageStep);
    case Qt::Key_PageUp:
        return step(-kPageStep);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_row >= 0) Q_EMIT rowChosen(m_row);
        return;
    default:
        XyChart::keyPressEvent(event);
    }
}

void PointChart::focusOutEvent(QFocusEvent* event)
{
    showRow(-1);
    XyChart::focusOutEvent(event);
}

} // namespace bs::ui
