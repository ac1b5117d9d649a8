#include "ui/plots/xy_chart.h"

#include <QApplication>
#include <QKeyEvent>
#include <QRubberBand>
#include <qcustomplot.h>

#include <cmath>

namespace bs::ui {

namespace {

constexpr double kWheelStep = 1.25;
constexpr int kLeastFrame = 12; ///< pixels; a narrower frame keeps that axis as it is

} // namespace

void XyChart::zoomTo(const QRect& frame)
{
    QRectF v = view();
    if (frame.width() >= kLeastFrame) {
        v.setLeft(canvas()->xAxis->pixelToCoord(frame.left()));
        v.setRight(canvas()->xAxis->pixelToCoord(frame.right()));
    }
    if (frame.height() >= kLeastFrame) {
        v.setTop(canvas()->yAxis->pixelToCoord(frame.bottom()));
        v.setBottom(canvas()->yAxis->pixelToCoord(frame.top()));
    }
    if (v == view()) return;
    remember();
    setView(v);
}

void XyChart::pan(const QPointF& from, const QPointF& to)
{
    const auto moved = [](const QCPAxis* axis, double pixels) {
        const QCPRange seen = axis->range();
        return std::pair(axis->pixelToCoord(axis->coordToPixel(seen.lower) - pixels),
                         axis->pixelToCoord(axis->coordToPixel(seen.upper) - pixels));
    };
    const auto [left, right] = moved(canvas()->xAxis, to.x() - from.x());
    const auto [low, high] = moved(canvas()->yAxis, to.y() - from.y());
    setView({QPointF(left, low), QPointF(right, high)});
}

void XyChart::press(QMouseEvent* event)
{
    m_from = event->position();
    m_panned = false;
    const bool panning =
        event->button() == Qt::MiddleButton ||
        (event->button() == Qt::LeftButton && event->modifiers().testFlag(Qt::ShiftModifier));
    if (panning && !isEmpty()) {
        m_drag = Drag::Pan;
        canvas()->setCursor(Qt::ClosedHandCursor);
    } else if (event->button() == Qt::LeftButton) {
        m_drag = Drag::Pressed;
    }
}

void XyChart::move(QMouseEvent* event)
{
    const QPointF at = event->position();
    if (m_drag == Drag::Pressed && !isEmpty() &&
        canvas()->axisRect()->rect().contains(m_from.toPoint()) &&
        (at - m_from).manhattanLength() >= QApplication::startDragDistance()) {
        m_drag = Drag::Frame;
        m_band->show();
    }
    switch (m_drag) {
    case Drag::None:
        hoveredAt(at);
        break;
    case Drag::Pressed:
        break;
    case Drag::Frame:
        m_band->setGeometry(QRect(m_from.toPoint(), at.toPoint()).normalized() &
                            canvas()->axisRect()->rect());
        break;
    case Drag::Pan:
        if (!std::exchange(m_panned, true)) remember();
        pan(m_from, at);
        m_from = at;
        break;
    }
}

void XyChart::release(QMouseEvent* event)
{
    const Drag drag = std::exchange(m_drag, Drag::None);
    m_band->hide();
    if (drag == Drag::Pan) canvas()->setCursor(Qt::ArrowCursor);
    if (drag == Drag::Frame) zoomTo(m_band->geometry());
    if (drag == Drag::Pressed) clickedAt(event->position());
}

void XyChart::turnWheel(QWheelEvent* event)
{
    if (!event->modifiers().testFlag(Qt::ControlModifier)) return;
    const double turns = event->angleDelta().y() / 120.0;
    if (turns != 0) zoomAbout(event->position(), std::pow(kWheelStep, turns), Step::Wheel);
}

void XyChart::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Backspace:
    case Qt::Key_Back:
        return zoomBack();
    case Qt::Key_Home:
        return zoomAll();
    default:
        Chart::keyPressEvent(event);
    }
}

void XyChart::leaveEvent(QEvent* event)
{
    if (m_drag == Drag::None && !hasFocus()) hideCard();
    Chart::leaveEvent(event);
}

} // namespace bs::ui
