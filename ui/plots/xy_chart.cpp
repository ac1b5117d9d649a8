#include "ui/plots/xy_chart.h"

#include "ui/plots/tickers.h"

#include <QRubberBand>

#include <algorithm>
#include <cmath>

namespace bs::ui {

namespace {

constexpr int kWheelMs = 600;
constexpr int kMostViews = 100;
constexpr double kSmallestShare = 1e-7; ///< of a number: the axis can tell no more apart

QRectF spanned(double left, double right, double low, double high)
{
    return {QPointF(left, low), QPointF(right, high)};
}

/// From `lower` to `upper`, made `factor` times narrower about `about`.
std::pair<double, double> scaled(double lower, double upper, double about, double factor, bool log)
{
    if (!log) return {about + (lower - about) / factor, about + (upper - about) / factor};
    return {about * std::pow(lower / about, 1 / factor),
            about * std::pow(upper / about, 1 / factor)};
}

bool canBeShown(double lower, double upper, bool log)
{
    return std::isfinite(lower) && std::isfinite(upper) && (!log || lower > 0) &&
           upper - lower > kSmallestShare * std::max(std::abs(lower), std::abs(upper));
}

} // namespace

XyChart::XyChart(QWidget* parent)
    : Chart(parent)
    , m_band(new QRubberBand(QRubberBand::Rectangle, canvas()))
{
    canvas()->xAxis->setNumberFormat(QStringLiteral("g"));
    canvas()->xAxis->setNumberPrecision(12);
    connect(canvas(), &QCustomPlot::afterLayout, this, [this] {
        QCPAxis* const axis = canvas()->yAxis;
        const bool fits = QFontMetrics(axis->labelFont()).horizontalAdvance(m_valueLabel) <=
                          canvas()->axisRect()->height();
        axis->setLabel(fits ? m_valueLabel : m_valueLabel.section(QStringLiteral(" ("), 0, 0));
    });
    connect(canvas(), &QCustomPlot::mousePress, this, &XyChart::press);
    connect(canvas(), &QCustomPlot::mouseMove, this, &XyChart::move);
    connect(canvas(), &QCustomPlot::mouseRelease, this, &XyChart::release);
    connect(canvas(), &QCustomPlot::mouseWheel, this, &XyChart::turnWheel);
    connect(canvas(), &QCustomPlot::mouseDoubleClick, this, &XyChart::zoomAll);
}

void XyChart::setValueLabel(const QString& text)
{
    m_valueLabel = text;
    canvas()->yAxis->setLabel(text);
}

void XyChart::setLogarithmic(bool on)
{
    if (on == m_logY) return;
    m_logY = on;
    updateScales();
}

void XyChart::setLogarithmicX(bool on)
{
    if (on == m_logX) return;
    m_logX = on;
    updateScales();
}

/// A part of one scale is hardly one of the other: everything is seen again.
void XyChart::updateScales()
{
    const auto apply = [](QCPAxis* axis, bool log) {
        axis->setScaleType(log ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
        axis->setTicker(log ? QSharedPointer<QCPAxisTicker>(new LogTicker)
                            : QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
    };
    apply(canvas()->xAxis, m_logX);
    apply(canvas()->yAxis, m_logY);
    m_views.clear();
    updateExtent();
    Q_EMIT zoomChanged();
}

void XyChart::setExtent(const std::optional<Extent>& extent)
{
    m_extent = extent;
    for (QCPAxis* const axis : {canvas()->xAxis, canvas()->yAxis}) {
        axis->setTickLabels(extent.has_value());
        axis->setTicks(extent.has_value());
        axis->grid()->setVisible(extent.has_value());
    }
    if (!extent && isZoomed()) {
        m_views.clear();
        Q_EMIT zoomChanged();
    }
    if (isZoomed())
        m_views.first() = whole();
    else
        setView(whole());
}

/// Everything, with some room around it.
QRectF XyChart::whole() const
{
    if (!m_extent) return spanned(m_logX ? 1 : 0, 100, m_logY ? 10 : 0, 100);
    const Extent& e = *m_extent;
    double left = e.left;
    double right = e.right;
    if (m_logX) {
        const double side = std::max(1.02, std::pow(right / left, 0.05));
        left /= side;
        right *= side;
    } else {
        const double side = right > left ? (right - left) * 0.06 : std::max(right * 0.01, 1e-9);
        left = std::max(0.0, left - side);
        right += side;
    }
    if (m_logY) {
        const double room = std::max(1.04, std::pow(e.high / e.low, 0.1));
        return spanned(left, right, e.low / room, e.high * room * room);
    }
    const double room = std::max({(e.high - e.low) * 0.1, std::abs(e.high) * 0.02, 1e-9});
    const double low = e.fromZero ? 0 : std::max(0.0, e.low - room);
    return spanned(left, right, low, e.high + 2 * room);
}

QRectF XyChart::view() const
{
    const QCPRange x = canvas()->xAxis->range();
    const QCPRange y = canvas()->yAxis->range();
    return spanned(x.lower, x.upper, y.lower, y.upper);
}

void XyChart::setView(const QRectF& view)
{
    if (!canBeShown(view.left(), view.right(), m_logX) ||
        !canBeShown(view.top(), view.bottom(), m_logY))
        return;
    canvas()->xAxis->setRange(view.left(), view.right());
    canvas()->yAxis->setRange(view.top(), view.bottom());
    viewChanged();
    canvas()->replot(QCustomPlot::rpQueuedReplot);
}

/// Zooming back comes to what is seen now.
void XyChart::remember(Step step)
{
    const bool goesOn = step == Step::Wheel && !m_views.isEmpty() && m_sinceWheel.isValid() &&
                        m_sinceWheel.elapsed() < kWheelMs;
    if (step == Step::Wheel)
        m_sinceWheel.start();
    else
        m_sinceWheel.invalidate();
    if (goesOn) return;
    const bool first = m_views.isEmpty();
    m_views.append(first ? whole() : view());
    if (m_views.size() > kMostViews) m_views.remove(1);
    if (first) Q_EMIT zoomChanged();
}

void XyChart::zoomBack()
{
    if (m_views.isEmpty()) return;
    const QRectF before = m_views.takeLast();
    setView(before);
    if (m_views.isEmpty()) Q_EMIT zoomChanged();
}

void XyChart::zoomAll()
{
    if (m_views.isEmpty()) return;
    m_views.clear();
    setView(whole());
    Q_EMIT zoomChanged();
}

void XyChart::zoom(double factor)
{
    zoomAbout(QRectF(canvas()->axisRect()->rect()).center(), factor, Step::Own);
}

void XyChart::zoomAbout(const QPointF& pixel, double factor, Step step)
{
    if (isEmpty()) return;
    const QRectF v = view();
    const auto [left, right] =
        scaled(v.left(), v.right(), canvas()->xAxis->pixelToCoord(pixel.x()), factor, m_logX);
    const auto [low, high] =
        scaled(v.top(), v.bottom(), canvas()->yAxis->pixelToCoord(pixel.y()), factor, m_logY);
    if (!canBeShown(left, right, m_logX) || !canBeShown(low, high, m_logY)) return;
    // Nothing lies outside.
    if (spanned(left, right, low, high).contains(whole())) return zoomAll();
    remember(step);
    setView(spanned(left, right, low, high));
}

void XyChart::bringIntoView(double x, double y)
{
    QRectF v = view();
    if (v.contains(QPointF(x, y))) return;
    if (m_logX || m_logY) return zoomAll();
    if (x < v.left() || x > v.right()) v.moveLeft(x - v.width() / 2);
    if (y < v.top() || y > v.bottom()) v.moveTop(std::max(0.0, y - v.height() / 2));
    remember();
    setView(v);
}

} // namespace bs::ui
