#include "ui/pages/model_panel.h"

#include "ui/widgets/looks.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>

#include <algorithm>

namespace bs::ui {

namespace {

constexpr int kSmallestContext = 64;
constexpr int kLargestContext = 1 << 20;

} // namespace

ModelPanel::ModelPanel(EngineSession* session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_table(new QTableView(this))
    , m_context(new QSpinBox(this))
    , m_apply(new QPushButton(tr("Apply"), this))
    , m_empty(new QLabel(tr("No model is open."), this))
    , m_contextRow(new QWidget(this))
{
    m_table->setObjectName(QStringLiteral("cardTable"));
    m_table->setAccessibleName(tr("Model card"));
    m_table->setModel(&m_cardModel);
    m_table->horizontalHeader()->hide();
    m_table->verticalHeader()->hide();
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setFocusPolicy(Qt::TabFocus);
    m_table->setTextElideMode(Qt::ElideMiddle);
    m_table->setWordWrap(false);
    m_table->viewport()->setAutoFillBackground(false);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setMinimumSectionSize(108);
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 7);
    m_context->setObjectName(QStringLiteral("contextSpin"));
    m_context->setRange(kSmallestContext, kLargestContext);
    m_context->setSingleStep(256);
    m_context->setValue(static_cast<int>(EngineSession::kDefaultContext));
    m_context->setAccessibleName(tr("Context length"));
    m_context->setToolTip(
        tr("How many tokens of the conversation the model sees; its KV cache is shown above"));
    m_apply->setObjectName(QStringLiteral("contextApply"));
    m_apply->setToolTip(tr("Load the model again with this context length"));
    makeQuiet(m_empty);

    auto* const row = new QHBoxLayout(m_contextRow);
    row->setContentsMargins(3, 0, 0, 0);
    auto* const label = new QLabel(tr("Context len&gth"), this);
    label->setBuddy(m_context);
    row->addWidget(label);
    row->addWidget(m_context, 1);
    row->addWidget(m_apply);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(8, 6, 8, 8);
    column->addWidget(m_empty);
    column->addWidget(m_table);
    column->addWidget(m_contextRow);
    column->addStretch(1);

    connect(session, &EngineSession::cardChanged, this, &ModelPanel::updateCard);
    connect(m_context, &QSpinBox::valueChanged, this, &ModelPanel::updateCache);
    connect(m_apply, &QPushButton::clicked, this, [this] { m_session->reopen(); });
    updateCard();
}

void ModelPanel::setContextLength(qint64 tokens)
{
    m_context->setValue(static_cast<int>(std::min<qint64>(tokens, kLargestContext)));
}

void ModelPanel::updateCard()
{
    const ModelCard& card = m_session->card();
    const bool open = !card.path.isEmpty();
    if (open) {
        const QSignalBlocker quiet(m_context);
        if (card.contextLength > 0)
            m_context->setMaximum(
                static_cast<int>(std::min<qint64>(card.contextLength, kLargestContext)));
        m_context->setValue(static_cast<int>(m_session->context()));
    }
    m_empty->setVisible(!open);
    m_table->setVisible(open);
    m_contextRow->setVisible(open);
    updateCache();
}

void ModelPanel::updateCache()
{
    m_session->setContext(m_context->value());
    m_cardModel.setCard(m_session->card(), m_context->value());
    m_apply->setEnabled(!m_session->path().isEmpty() && m_context->value() != m_session->context());
    fitTable();
}

void ModelPanel::fitTable()
{
    m_table->setFixedHeight(m_table->verticalHeader()->length() + 2);
}

} // namespace bs::ui
