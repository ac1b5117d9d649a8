// Where the mouse is, and what the keys do.
#include "ui/models/chart_roles.h"
#include "ui/plots/heat_map.h"
#include "ui/plots/plot_style.h"

#include <QItemSelectionModel>
#include <QKeyEvent>
#include <qcustomplot.h>

#include <algorithm>

namespace bs::ui {

QPoint HeatMap::positionOf(const QModelIndex& at) const
{
    const double x = isBand(at.column()) ? (m_width - 1) / 2.0 : at.row();
    const double y = static_cast<double>(m_bandRows.size()) - 1 - at.column();
    return {qRound(canvas()->xAxis->coordToPixel(x)), qRound(canvas()->yAxis->coordToPixel(y))};
}

QModelIndex HeatMap::cellAt(const QPointF& position) const
{
    if (m_model == nullptr || !canvas()->axisRect()->rect().contains(position.toPoint())) return {};
    const int columns = static_cast<int>(m_bandRows.size());
    const int x = qRound(canvas()->xAxis->pixelToCoord(position.x()));
    const int column = columns - 1 - qRound(canvas()->yAxis->pixelToCoord(position.y()));
    const bool inside = x >= 0 && x < m_width && column >= 0 && column < columns;
    return inside ? cell(x, column) : QModelIndex();
}

void HeatMap::showCard(const QModelIndex& at)
{
    m_shown = at;
    m_card->setVisible(at.isValid());
    if (at.isValid()) placeCard(m_card, canvas(), positionOf(at), at.data(CardRole).toString());
    setCardText(at.data(CardRole).toString());
    canvas()->replot(QCustomPlot::rpQueuedReplot);
}

/// To the next cell that has a value; at the edge the frame stays.
void HeatMap::step(int rows, int columns)
{
    if (m_bandRows.isEmpty()) return;
    const QModelIndex current = m_selection->currentIndex();
    const int last = static_cast<int>(m_bandRows.size()) - 1;
    int column = current.isValid() ? current.column() : 0;
    if (current.isValid() && !isBand(column)) m_x = current.row();
    QModelIndex next = current;
    if (!current.isValid()) {
        next = cell(m_x = 0, column);
    } else {
        m_x = std::clamp(m_x + rows, 0, m_width - 1);
        column = std::clamp(column + columns, 0, last);
        next = cell(m_x, column);
    }
    if (next.isValid()) m_selection->setCurrentIndex(next, QItemSelectionModel::ClearAndSelect);
}

void HeatMap::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Right:
        return step(1, 0);
    case Qt::Key_Left:
        return step(-1, 0);
    case Qt::Key_Down:
        return step(0, 1);
    case Qt::Key_Up:
        return step(0, -1);
    case Qt::Key_Home:
        return step(-m_width, 0);
    case Qt::Key_End:
        return step(m_width, 0);
    default:
        QWidget::keyPressEvent(event);
    }
}

void HeatMap::focusInEvent(QFocusEvent* event)
{
    if (m_selection != nullptr && event->reason() != Qt::MouseFocusReason)
        showCard(m_selection->currentIndex());
    Chart::focusInEvent(event);
}

void HeatMap::focusOutEvent(QFocusEvent* event)
{
    showCard({});
    Chart::focusOutEvent(event);
}

void HeatMap::leaveEvent(QEvent* event)
{
    showCard({});
    Chart::leaveEvent(event);
}

} // namespace bs::ui
