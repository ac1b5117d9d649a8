#include "ui/plots/budget_line.h"

#include "ui/plots/plot_style.h"

#include <QCoreApplication>
#include <QPalette>
#include <QWidget>
#include <qcustomplot.h>

#include <cmath>

namespace bs::ui {

void BudgetLine::add(QCustomPlot* plot, const QWidget* widget)
{
    m_line = new QCPItemStraightLine(plot);
    m_label = new QCPItemText(plot);
    const QColor accent = widget->palette().color(QPalette::Highlight);
    m_line->setPen(QPen(accent, 1.5));
    m_label->setColor(accent);
    m_label->setFont(smallerFont(widget->font()));
    m_label->setPadding(QMargins(5, 2, 5, 4));
    m_label->position->setTypeX(QCPItemPosition::ptPlotCoords);
    m_label->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    place({}, std::nullopt);
}

void BudgetLine::place(const SizeAxis& axis, std::optional<qint64> bytes)
{
    if (m_line == nullptr) return;
    m_line->setVisible(bytes.has_value());
    m_label->setVisible(bytes.has_value());
    if (!bytes) return;
    const double x = axis.valueOf(*bytes);
    m_line->point1->setCoords(x, 1);
    m_line->point2->setCoords(x, 2);
    m_label->position->setCoords(x, 0);
    const QCPAxis* const sizes = m_line->parentPlot()->xAxis;
    const QCPRange range = sizes->range();
    const bool leftHalf =
        x < (sizes->scaleType() == QCPAxis::stLogarithmic ? std::sqrt(range.lower * range.upper)
                                                          : range.center());
    m_label->setPositionAlignment(Qt::AlignTop | (leftHalf ? Qt::AlignLeft : Qt::AlignRight));
    m_label->setText(QCoreApplication::translate("BudgetLine", "now %1").arg(axis.text(*bytes)));
}

double BudgetLine::position() const
{
    return m_line != nullptr && m_line->visible() ? m_line->point1->key() : 0;
}

} // namespace bs::ui
