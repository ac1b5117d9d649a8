#pragma once

#include "ui/models/loading_order_model.h"
#include "ui/models/size_unit.h"
#include "ui/plots/budget_line.h"
#include "ui/plots/chart.h"

class QCPGraph;
class QCPItemText;
class QItemSelectionModel;

namespace bs::ui {

/// What is still to be gained, and what was predicted and measured when the file was made, against
/// the size of the file as its blocks load one after another. The arrow keys go along the order;
/// the current index of the selection has a ring and shows its card.
class OrderPlot : public Chart
{
    Q_OBJECT

public:
    explicit OrderPlot(QWidget* parent = nullptr);

    /// Both must outlive the chart.
    void setModel(const LoadingOrderModel* model, QItemSelectionModel* selection);
    void setSizeAxis(const SizeAxis& axis);
    /// The line at what the model says is loaded now.
    void updateBudget();
    QString title() const override;

    /// Where a row lies, in this widget's coordinates; (-1, -1) if it has nothing that can be
    /// drawn.
    QPoint positionOf(int row) const;
    /// Names of what is drawn.
    const QStringList& seriesNames() const { return m_names; }
    /// Where the budget line stands on the axis; 0 without one.
    double budgetPosition() const;

protected:
    void restyle() override { rebuild(); }
    void hideCard() override { showRow(-1); }
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    using Figure = std::optional<double> LoadingOrderModel::Row::*;

    void rebuild();
    void addSeries(const QString& name, Figure figure, int colour);
    void updateRanges();
    void showRow(int row);
    void step(int by);
    int rowNear(const QPointF& position) const;
    static double heightOf(const LoadingOrderModel::Row& row);

    const LoadingOrderModel* m_model = nullptr;
    QItemSelectionModel* m_selection = nullptr;
    SizeAxis m_axis;
    QStringList m_names;
    QCPGraph* m_ring = nullptr;
    BudgetLine m_budgetLine;
    QCPItemText* m_card = nullptr;
    QCPItemText* m_emptyLabel = nullptr;
};

} // namespace bs::ui
