#include "ui/pages/heat_panel.h"

#include "ui/jobs/engine_session.h"
#include "ui/plots/heat_map.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QSignalBlocker>
#include <QTableView>

namespace bs::ui {

HeatPanel::HeatPanel(EngineSession* session, QWidget* parent)
    : HeatPanel(session, new HeatMap, new StackGridModel, parent)
{
}

HeatPanel::HeatPanel(EngineSession* session, HeatMap* map, StackGridModel* model, QWidget* parent)
    : TwinPanel(map, model, parent)
    , m_session(session)
    , m_model(model)
    , m_value(new QComboBox(this))
{
    model->setParent(this);
    map->setObjectName(QStringLiteral("heatMap"));
    map->setModel(model, table()->selectionModel());
    table()->setObjectName(QStringLiteral("heatTable"));
    table()->setAccessibleName(tr("Blocks by layer and matrix"));
    // A cell is chosen, not a row; the row's head names its layer.
    table()->setSelectionBehavior(QAbstractItemView::SelectItems);
    table()->verticalHeader()->show();
    m_value->setObjectName(QStringLiteral("heatValue"));
    m_value->setAccessibleName(tr("What the colours show"));
    m_value->setToolTip(tr("What the colours show"));
    auto* const label = new QLabel(tr("&Show"), this);
    label->setBuddy(m_value);
    tools()->addWidget(label);
    tools()->addWidget(m_value, 1);
    addButtons();
    connect(m_value, &QComboBox::currentIndexChanged, this, [this] {
        m_model->setValue(m_value->currentData().value<StackGridModel::Value>());
        fitColumns();
        readState();
    });
    connect(session, &EngineSession::stackChanged, this, &HeatPanel::readStack);
    connect(session, &EngineSession::stateChanged, this, &HeatPanel::readState);
    readStack();
}

void HeatPanel::readStack()
{
    m_model->setPlan(m_draft.value_or(m_session->state().plan));
    m_model->setStack(m_session->stack());
    offerValues();
    readState();
}

void HeatPanel::readState()
{
    m_model->setPlan(m_draft.value_or(m_session->state().plan));
    setSummary(m_draft ? tr("Planned, not loaded. %1").arg(m_model->summary())
                       : m_model->summary());
}

void HeatPanel::addBelow(QWidget* widget)
{
    layout()->addWidget(widget);
}

void HeatPanel::setDraft(const std::optional<QList<int>>& plan)
{
    if (plan == m_draft) return;
    m_draft = plan;
    readState();
}

/// What the file has figures for; the one that is shown stays if it can.
void HeatPanel::offerValues()
{
    using Value = StackGridModel::Value;
    const QSignalBlocker quiet(m_value);
    m_value->clear();
    for (const Value value : {Value::Depth, Value::BitsPerWeight, Value::GainLeft, Value::NextGain})
        if (m_model->offers(value))
            m_value->addItem(StackGridModel::nameOf(value), QVariant::fromValue(value));
    m_value->setCurrentIndex(m_value->findData(QVariant::fromValue(m_model->value())));
    m_value->setEnabled(m_session->stack() != nullptr);
}

} // namespace bs::ui
