#include "ui/pages/order_panel.h"

#include "ui/jobs/engine_session.h"
#include "ui/plots/order_plot.h"

#include <QBoxLayout>
#include <QTableView>

namespace bs::ui {

OrderPanel::OrderPanel(EngineSession* session, QWidget* parent)
    : OrderPanel(session, new OrderPlot, new LoadingOrderModel, parent)
{
}

OrderPanel::OrderPanel(EngineSession* session, OrderPlot* plot, LoadingOrderModel* model,
                       QWidget* parent)
    : TwinPanel(plot, model, parent)
    , m_session(session)
    , m_plot(plot)
    , m_model(model)
{
    model->setParent(this);
    plot->setObjectName(QStringLiteral("orderPlot"));
    table()->setObjectName(QStringLiteral("orderTable"));
    table()->setAccessibleName(tr("Loading order"));
    tools()->addStretch(1);
    addButtons();
    plot->setModel(model, table()->selectionModel());
    connect(session, &EngineSession::stackChanged, this, &OrderPanel::readStack);
    connect(session, &EngineSession::stateChanged, this, &OrderPanel::readState);
    readStack();
}

void OrderPanel::readStack()
{
    m_model->setStack(m_session->stack());
    m_plot->setSizeAxis({m_unit, m_model->parameters()});
    readState();
}

void OrderPanel::readState()
{
    const EngineState& state = m_session->state();
    const bool known = state.loaded && m_session->card().stack;
    m_model->setBudget(known ? std::optional(state.fileBytes) : std::nullopt);
    m_plot->updateBudget();
    setSummary(m_model->summary());
}

void OrderPanel::setSizeUnit(SizeUnit unit)
{
    m_unit = unit;
    m_plot->setSizeAxis({m_unit, m_model->parameters()});
}

} // namespace bs::ui
