#pragma once

#include <QList>
#include <QString>
#include <QWidget>

class QSlider;

namespace bs::ui {

/// A place on a slider that has a name.
struct SizeTick
{
    int step = 0;     ///< of the slider
    QString label;    ///< "3", "Q4_K_M"
    QString sentence; ///< for the tooltip and for screen readers
    bool peer = false;
    bool operator==(const SizeTick&) const = default;
};

/// The scale below a slider: numbers are short lines, names long ones with the name below them, as
/// far as there is room. A click goes to the tick nearest to it.
class SizeTicks : public QWidget
{
    Q_OBJECT

public:
    /// The slider must outlive it, and lie above it at the same width.
    explicit SizeTicks(QSlider* slider, QWidget* parent = nullptr);

    void setTicks(const QList<SizeTick>& ticks);
    const QList<SizeTick>& ticks() const { return m_ticks; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {80, sizeHint().height()}; }
    /// Where a tick stands, from the left.
    int positionOf(const SizeTick& tick) const;

Q_SIGNALS:
    void chosen(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    void paintRow(QPainter& painter, bool peers) const;
    qsizetype nearest(int x) const;

    QSlider* m_slider;
    QList<SizeTick> m_ticks;
};

} // namespace bs::ui
