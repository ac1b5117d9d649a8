#pragma once

#include "ui/models/size_unit.h"

#include <optional>

class QCPItemStraightLine;
class QCPItemText;
class QCustomPlot;
class QWidget;

namespace bs::ui {

/// The vertical line of a chart over sizes, at what is loaded now.
class BudgetLine
{
public:
    /// Makes its items anew, as whenever a chart's items were cleared.
    void add(QCustomPlot* plot, const QWidget* widget);
    /// Nothing: it is not shown.
    void place(const SizeAxis& axis, std::optional<qint64> bytes);
    /// On the axis; 0 while it is not shown.
    double position() const;

private:
    QCPItemStraightLine* m_line = nullptr;
    QCPItemText* m_label = nullptr;
};

} // namespace bs::ui
