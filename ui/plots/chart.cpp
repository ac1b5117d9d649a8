#include "ui/plots/chart.h"

#include "ui/plots/picture.h"

#include <QEvent>
#include <QVBoxLayout>
#include <qcustomplot.h>

namespace bs::ui {

Chart::Chart(QWidget* parent)
    : QWidget(parent)
    , m_plot(new QCustomPlot(this))
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);
    setFocusPolicy(Qt::StrongFocus);
    m_plot->setFocusProxy(this);
    m_plot->setInteractions(QCP::iNone);
    // QCustomPlot keeps mouse events to itself, and with them the one that asks for the menu.
    m_plot->setAttribute(Qt::WA_NoMousePropagation, false);
}

void Chart::setSummary(const QString& sentence)
{
    m_summary = sentence;
    if (m_cardText.isEmpty()) setAccessibleDescription(m_summary);
}

void Chart::setCardText(const QString& text)
{
    if (text == m_cardText) return;
    m_cardText = text;
    setAccessibleDescription(text.isEmpty() ? m_summary : text);
    Q_EMIT cardChanged(text);
}

bool Chart::isSeen() const
{
    return !m_plot->visibleRegion().isEmpty(); // it covers this widget
}

bool Chart::savePicture(const QString& path, const Picture& how, QString* problem)
{
    hideCard(); // it stands at a pixel, which is another place in the picture
    return writePicture(m_plot, {title(), font(), palette().color(QPalette::Text)}, how, path,
                        problem);
}

void Chart::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) restyle();
    QWidget::changeEvent(event);
}

} // namespace bs::ui
