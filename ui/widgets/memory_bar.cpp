#include "ui/widgets/memory_bar.h"

#include "ui/models/words.h"
#include "ui/widgets/looks.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>

namespace bs::ui {

namespace {

// Okabe and Ito's palette: told apart with every kind of colour blindness.
constexpr std::array<QRgb, 3> kParts{0xFF0072B2, 0xFF56B4E9, 0xFF999999};
constexpr QRgb kAmber = 0xFFE69F00;
constexpr QRgb kRed = 0xFFD55E00;
constexpr int kGap = 4;
/// What holds something is seen, however little it is.
constexpr double kLeastWidth = 2;

} // namespace

MemoryBar::MemoryBar(QWidget* parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("memoryBar"));
    setAccessibleName(tr("Memory"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    hide();
}

void MemoryBar::setParts(const MemoryParts& parts)
{
    m_parts = parts;
    const QString sentence = parts.sentence();
    setToolTip(sentence);
    setAccessibleDescription(sentence);
    setVisible(!parts.parts.isEmpty());
    update();
}

QSize MemoryBar::sizeHint() const
{
    return {220, barHeight() + kGap + 2 * fontMetrics().lineSpacing()};
}

QSize MemoryBar::minimumSizeHint() const
{
    return {120, sizeHint().height()};
}

int MemoryBar::barHeight() const
{
    return fontMetrics().height() * 2 / 3;
}

QColor MemoryBar::colourOf(qsizetype part) const
{
    if (part == 0 && m_parts.level() == MemoryParts::Level::Critical) return QColor(kRed);
    if (part == 0 && m_parts.level() == MemoryParts::Level::Scarce) return QColor(kAmber);
    return QColor(kParts.at(static_cast<std::size_t>(part)));
}

void MemoryBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF bar(.5, .5, width() - 1, barHeight() - 1);
    QPainterPath outline;
    outline.addRoundedRect(bar, 3, 3);
    painter.fillPath(outline, palette().color(QPalette::Base));
    const auto all = static_cast<double>(m_parts.used + m_parts.free);
    painter.save();
    painter.setClipPath(outline);
    double at = bar.left();
    for (qsizetype i = 0; all > 0 && i < m_parts.parts.size(); ++i) {
        const auto bytes = static_cast<double>(m_parts.parts[i].bytes);
        if (bytes <= 0) continue;
        const double wide = std::max(kLeastWidth, bar.width() * bytes / all);
        painter.fillRect(QRectF(at, bar.top(), wide, bar.height()), colourOf(i));
        at += wide;
    }
    painter.restore();
    painter.setPen(quietText(palette()));
    painter.drawPath(outline);
    if (!m_parts.parts.isEmpty()) paintLegend(painter);
}

/// Swatch, name and size of each part, from left to right, on as many lines as there are.
void MemoryBar::paintLegend(QPainter& painter) const
{
    const int line = fontMetrics().lineSpacing();
    const int swatch = fontMetrics().ascent() * 2 / 3;
    QPoint at(0, barHeight() + kGap);
    const auto draw = [&](const QColor& colour, const QString& text) {
        const int wide = swatch + kGap + fontMetrics().horizontalAdvance(text);
        if (at.x() > 0 && at.x() + wide > width()) at = {0, at.y() + line};
        const QRect box(at.x(), at.y() + (line - swatch) / 2, swatch, swatch);
        painter.fillRect(box, colour);
        painter.setPen(quietText(palette()));
        painter.drawRect(box);
        painter.drawText(QRect(box.right() + 1 + kGap, at.y(), width(), line),
                         Qt::AlignLeft | Qt::AlignVCenter, text);
        at.rx() += wide + 3 * kGap;
    };
    for (qsizetype i = 0; i < m_parts.parts.size(); ++i)
        if (const MemoryPart& part = m_parts.parts[i]; part.bytes > 0)
            draw(colourOf(i), part.name + QLatin1Char(' ') + sizeText(part.bytes));
    draw(palette().color(QPalette::Base), tr("Free %1").arg(sizeText(m_parts.free)));
}

} // namespace bs::ui
