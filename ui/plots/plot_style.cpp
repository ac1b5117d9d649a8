#include "ui/plots/plot_style.h"

#include <QPalette>
#include <QWidget>
#include <qcustomplot.h>

#include <algorithm>
#include <array>

namespace bs::ui {

namespace {

/// Light and dark theme.
constexpr std::array<std::array<unsigned, 2>, 5> kSeriesColours{{{0x1f6fb4, 0x6ab0f0},
                                                                 {0xc8641b, 0xf0a35e},
                                                                 {0x14806b, 0x53c7ae},
                                                                 {0x8a4fbf, 0xc39bf0},
                                                                 {0xb03a5b, 0xf08aa6}}};

bool isDark(const QPalette& palette)
{
    return palette.color(QPalette::Base).lightness() < 128;
}

} // namespace

QColor seriesColour(int index, const QPalette& palette)
{
    const auto& pair = kSeriesColours.at(static_cast<std::size_t>(index) % kSeriesColours.size());
    return QColor(QRgb(pair.at(isDark(palette) ? 1 : 0)));
}

QColor quietColour(const QPalette& palette, double share)
{
    const QColor text = palette.color(QPalette::Text);
    const QColor base = palette.color(QPalette::Base);
    const auto mix = [share](int a, int b) {
        return static_cast<int>(a * share + b * (1 - share));
    };
    return {mix(text.red(), base.red()), mix(text.green(), base.green()),
            mix(text.blue(), base.blue())};
}

QFont smallerFont(QFont font)
{
    font.setPointSizeF(std::max(7.5, font.pointSizeF() * 0.9));
    return font;
}

void stylePlot(QCustomPlot* plot, const QWidget* widget)
{
    const QPalette p = widget->palette();
    const QFont small = smallerFont(widget->font());
    const QColor base = p.color(QPalette::Base);
    const QColor frame = quietColour(p, 0.35);
    plot->setBackground(base);
    for (QCPAxis* const axis : {plot->xAxis, plot->yAxis}) {
        axis->setBasePen(QPen(frame));
        axis->setTickPen(QPen(frame));
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelColor(quietColour(p, 0.75));
        axis->setLabelColor(quietColour(p, 0.75));
        axis->setTickLabelFont(small);
        axis->setLabelFont(small);
        axis->grid()->setPen(QPen(quietColour(p, 0.12)));
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    QColor veil = base;
    veil.setAlpha(220);
    plot->legend->setBorderPen(Qt::NoPen);
    plot->legend->setBrush(veil);
    plot->legend->setTextColor(p.color(QPalette::Text));
    plot->legend->setFont(small);
}

void styleCard(QCPItemText* card, const QWidget* widget)
{
    const QPalette p = widget->palette();
    card->setLayer(QStringLiteral("overlay")); // over the axes' numbers, too
    card->setColor(p.color(QPalette::Text));
    card->setBrush(p.color(QPalette::Base));
    card->setPen(QPen(quietColour(p, 0.35)));
    card->setFont(smallerFont(widget->font()));
    card->setTextAlignment(Qt::AlignLeft);
    card->setPadding(QMargins(8, 6, 8, 6));
}

void placeCard(QCPItemText* card, QCustomPlot* plot, const QPointF& at, const QString& text)
{
    constexpr double kGap = 12;
    const QMargins padding = card->padding();
    const QSizeF size = QFontMetricsF(card->font())
                            .boundingRect(QRectF(), Qt::TextDontClip, text)
                            .size()
                            .grownBy(padding);
    const QRectF room = plot->viewport();
    const bool above = at.y() > room.center().y();
    const bool left = at.x() > room.center().x();
    const double x = left ? at.x() - kGap - size.width() : at.x() + kGap;
    const double y = above ? at.y() - kGap - size.height() : at.y() + kGap;
    card->setText(text);
    card->setClipToAxisRect(false);
    card->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
    card->position->setType(QCPItemPosition::ptAbsolute);
    card->position->setCoords(std::max(room.left(), std::min(x, room.right() - size.width() - 1)),
                              std::max(room.top(), std::min(y, room.bottom() - size.height() - 1)));
}

void styleEmpty(QCPItemText* label, const QWidget* widget)
{
    label->position->setType(QCPItemPosition::ptAxisRectRatio);
    label->position->setCoords(0.5, 0.5);
    label->setTextAlignment(Qt::AlignCenter);
    label->setColor(quietColour(widget->palette(), 0.6));
    label->setFont(widget->font());
}

} // namespace bs::ui
