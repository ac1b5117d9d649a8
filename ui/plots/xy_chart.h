#pragma once

#include "ui/plots/chart.h"

#include <QElapsedTimer>
#include <QRectF>

#include <optional>

class QMouseEvent;
class QRubberBand;
class QWheelEvent;

namespace bs::ui {

/// A chart over two axes that can be looked into: dragging draws a frame that is zoomed to,
/// Ctrl and the wheel zoom about the mouse, the middle button or Shift move what is seen, Backspace
/// goes back a step, Home or a double click shows everything.
class XyChart : public Chart
{
    Q_OBJECT

public:
    explicit XyChart(QWidget* parent = nullptr);

    void setLogarithmic(bool on);
    bool isLogarithmic() const { return m_logY; }
    void setLogarithmicX(bool on);
    bool isLogarithmicX() const { return m_logX; }

    bool isZoomed() const { return !m_views.isEmpty(); }
    /// About the middle; above 1 shows less.
    void zoom(double factor);
    void zoomBack();
    void zoomAll();
    /// What is seen: left, lowest value, width, height, in the axes' numbers.
    QRectF view() const;

Q_SIGNALS:
    void zoomChanged();

protected:
    /// Where the points lie.
    struct Extent
    {
        double left = 0;
        double right = 1;
        double low = 0;
        double high = 1;
        bool fromZero = false; ///< the value axis begins at 0, unless it is logarithmic
    };

    /// Of the vertical axis; what stands in brackets is left out where there is no room for it.
    void setValueLabel(const QString& text);
    /// Follows at once unless a part is looked at. Nothing: there is nothing to see.
    void setExtent(const std::optional<Extent>& extent);
    bool isEmpty() const { return !m_extent; }
    /// Moves what is seen as far as that takes.
    void bringIntoView(double x, double y);
    /// Calls setExtent: what has a place depends on the axes' scales.
    virtual void updateExtent() = 0;
    /// Another part is seen.
    virtual void viewChanged() = 0;
    /// Neither a frame nor a move.
    virtual void clickedAt(const QPointF& pixel) = 0;
    /// The mouse is there, and no button is down.
    virtual void hoveredAt(const QPointF& pixel) = 0;

    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    /// Turns of the wheel that follow each other are one step to go back.
    enum class Step { Own, Wheel };

    void press(QMouseEvent* event);
    void move(QMouseEvent* event);
    void release(QMouseEvent* event);
    void turnWheel(QWheelEvent* event);
    void zoomTo(const QRect& frame);
    void zoomAbout(const QPointF& pixel, double factor, Step step);
    void pan(const QPointF& from, const QPointF& to);
    QRectF whole() const;
    void setView(const QRectF& view);
    void remember(Step step = Step::Own);
    void updateScales();

    enum class Drag { None, Pressed, Frame, Pan };

    QRubberBand* m_band;
    Drag m_drag = Drag::None;
    bool m_panned = false; ///< since the button went down
    QPointF m_from;
    QElapsedTimer m_sinceWheel;
    QList<QRectF> m_views; ///< what was seen before, the whole first
    std::optional<Extent> m_extent;
    QString m_valueLabel;
    bool m_logX = false;
    bool m_logY = false;
};

} // namespace bs::ui
