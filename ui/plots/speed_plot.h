#pragma once

#include "ui/models/size_unit.h"
#include "ui/plots/budget_line.h"
#include "ui/plots/point_chart.h"

namespace bs::ui {

class SpeedModel;

/// Tokens a second against size: a point for every answer and benchmark, and a line through the
/// middle of those of one file at each size.
class SpeedPlot : public PointChart
{
    Q_OBJECT

public:
    /// The model must outlive the chart.
    explicit SpeedPlot(const SpeedModel* model, QWidget* parent = nullptr);

    QString title() const override { return tr("Speed against size"); }
    void refresh();
    void setBudget(std::optional<qint64> bytes);
    void setSizeAxis(const SizeAxis& axis);

protected:
    QString cardOf(int row) const override;
    bool beginsAtZero() const override { return true; }
    void addItems() override { m_budgetLine.add(canvas(), this); }
    std::optional<double> alwaysSeenX() const override;
    void viewChanged() override;

private:
    const SpeedModel* m_model;
    BudgetLine m_budgetLine;
    std::optional<qint64> m_budget;
    SizeAxis m_axis;
};

} // namespace bs::ui
