#include "ui/widgets/looks.h"

#include <QEvent>
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

/// Gives a label a colour made from its surroundings' palette, again whenever that changes.
class ColourKeeper : public QObject
{
public:
    using Colour = QColor (*)(const QPalette&);

    ColourKeeper(QLabel* label, Colour colour)
        : QObject(label)
        , m_label(label)
        , m_colour(colour)
    {
        // A role of its own: WindowText stays the surroundings', and is what the colour is made
        // from.
        label->setForegroundRole(QPalette::PlaceholderText);
        label->installEventFilter(this);
        update();
    }

    bool eventFilter(QObject*, QEvent* event) override
    {
        if (event->type() == QEvent::PaletteChange) update();
        return false;
    }

private:
    void update()
    {
        QPalette palette = m_label->palette();
        const QColor wanted = m_colour(palette);
        if (palette.color(QPalette::PlaceholderText) == wanted) return;
        palette.setColor(QPalette::PlaceholderText, wanted);
        m_label->setPalette(palette);
    }

    QLabel* m_label;
    Colour m_colour;
};

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

QColor errorText(const QPalette& palette)
{
    return {palette.color(QPalette::Base).lightness() < 128 ? QColor(0xe0, 0x6c, 0x62)
                                                            : QColor(0xb0, 0x2a, 0x1c)};
}

void makeQuiet(QLabel* label)
{
    new ColourKeeper(label, &quietText);
}

void makeWarning(QLabel* label)
{
    new ColourKeeper(label, &errorText);
}

void scaleFont(QWidget* widget, double factor, bool bold)
{
    QFont font = widget->font();
    font.setPointSizeF(font.pointSizeF() * factor);
    font.setBold(bold);
    widget->setFont(font);
}

} // namespace bs::ui
