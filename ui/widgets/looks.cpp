#include "ui/widgets/looks.h"

#include <QFont>
#include <QLabel>
#include <QPalette>

namespace bs::ui {

namespace {

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto mix = [share](int x, int y) {
        return static_cast<int>(x * share + y * (1 - share));
    };
    return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

} // namespace

QColor quietText(const QPalette& palette)
{
    return mixed(palette.color(QPalette::WindowText), palette.color(QPalette::Window), 0.68);
}

QColor accentText(const QPalette& palette)
{
    return mixed(palette.color(QPalette::Highlight), palette.color(QPalette::Text), 0.7);
}

QColor tintedBase(const QPalette& palette)
{
    return mixed(palette.color(QPalette::Highlight), palette.color(QPalette::Base), 0.1);
}

void makeQuiet(QLabel* label)
{
    // PlaceholderText follows the theme by itself.
    label->setForegroundRole(QPalette::PlaceholderText);
    QPalette p = label->palette();
    p.setColor(QPalette::PlaceholderText, quietText(p));
    label->setPalette(p);
}

QColor errorText(const QPalette& palette)
{
    return {palette.color(QPalette::Base).lightness() < 128 ? QColor(0xe0, 0x6c, 0x62)
                                                            : QColor(0xb0, 0x2a, 0x1c)};
}

void makeWarning(QLabel* label)
{
    QPalette p = label->palette();
    p.setColor(QPalette::WindowText, errorText(p));
    label->setPalette(p);
}

void scaleFont(QWidget* widget, double factor, bool bold)
{
    QFont font = widget->font();
    font.setPointSizeF(font.pointSizeF() * factor);
    font.setBold(bold);
    widget->setFont(font);
}

} // namespace bs::ui
