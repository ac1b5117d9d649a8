#include "ui/widgets/size_ticks.h"

#include "ui/widgets/looks.h"

#include <QHelpEvent>
#include <QPainter>
#include <QSlider>
#include <QStyle>
#include <QToolTip>

#include <algorithm>
#include <cstdlib>

namespace bs::ui {

namespace {

constexpr int kShort = 4;
constexpr int kLabelGap = 6;
constexpr int kBelow = 2;  ///< an underscore may lie below the line
constexpr int kReach = 12; ///< pixels from a tick that still mean it

} // namespace

SizeTicks::SizeTicks(QSlider* slider, QWidget* parent)
    : QWidget(parent)
    , m_slider(slider)
{
    setObjectName(QStringLiteral("sizeTicks"));
    setAccessibleName(tr("Known sizes"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    scaleFont(this, 0.85);
}

void SizeTicks::setTicks(const QList<SizeTick>& ticks)
{
    if (ticks == m_ticks) return;
    m_ticks = ticks;
    QStringList sentences;
    for (const SizeTick& tick : ticks)
        sentences.append(tick.sentence);
    setAccessibleDescription(sentences.join(QLatin1Char(' ')));
    updateGeometry();
    update();
}

QSize SizeTicks::sizeHint() const
{
    return {200, kShort + 2 * fontMetrics().height() + kBelow};
}

int SizeTicks::positionOf(const SizeTick& tick) const
{
    const int handle = style()->pixelMetric(QStyle::PM_SliderLength, nullptr, m_slider);
    return handle / 2 + QStyle::sliderPositionFromValue(m_slider->minimum(), m_slider->maximum(),
                                                        tick.step, width() - handle);
}

void SizeTicks::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setPen(quietText(palette()));
    paintRow(painter, false);
    paintRow(painter, true);
}

/// From the left; a label that would touch the one before it is left out, its line stays.
void SizeTicks::paintRow(QPainter& painter, bool peers) const
{
    const int line = fontMetrics().height();
    const int top = peers ? kShort + line : kShort;
    int taken = -kLabelGap;
    for (const SizeTick& tick : m_ticks) {
        if (tick.peer != peers) continue;
        const int x = positionOf(tick);
        painter.drawLine(x, 0, x, kShort - 1);
        const int wide = fontMetrics().horizontalAdvance(tick.label);
        const int left = std::clamp(x - wide / 2, 0, std::max(0, width() - wide));
        if (left < taken + kLabelGap) continue;
        painter.drawText(QRect(left, top, wide, line + kBelow), Qt::AlignHCenter | Qt::AlignTop,
                         tick.label);
        taken = left + wide;
    }
}

qsizetype SizeTicks::nearest(int x) const
{
    qsizetype best = -1;
    int least = kReach + 1;
    for (qsizetype i = 0; i < m_ticks.size(); ++i)
        if (const int away = std::abs(positionOf(m_ticks[i]) - x); away < least) {
            least = away;
            best = i;
        }
    return best;
}

void SizeTicks::mouseReleaseEvent(QMouseEvent* event)
{
    const qsizetype tick = nearest(event->pos().x());
    if (tick >= 0 && m_slider->isEnabled()) Q_EMIT chosen(static_cast<int>(tick));
}

bool SizeTicks::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* const help = static_cast<QHelpEvent*>(event);
        const qsizetype tick = nearest(help->pos().x());
        if (tick >= 0)
            QToolTip::showText(help->globalPos(), m_ticks[tick].sentence, this);
        else
            QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

} // namespace bs::ui
