#include "ui/pages/token_panel.h"

#include "ui/models/token_model.h"
#include "ui/models/worst_tokens_model.h"
#include "ui/plots/token_plot.h"
#include "ui/widgets/series_button.h"
#include "ui/widgets/two_line_delegate.h"

#include <QAction>
#include <QBoxLayout>
#include <QListView>
#include <QProgressBar>
#include <QTableView>
#include <QToolButton>

namespace bs::ui {

namespace {

constexpr int kBarSteps = 1000;

} // namespace

TokenPanel::TokenPanel(const QList<QAction*>& actions, QWidget* parent)
    : TokenPanel(actions, new TokenModel, parent)
{
}

TokenPanel::TokenPanel(const QList<QAction*>& actions, TokenModel* model, QWidget* parent)
    : TwinPanel(new TokenPlot(model), model, parent)
    , m_model(model)
    , m_plot(static_cast<TokenPlot*>(chart()))
    , m_worst(new WorstTokensModel(this))
    , m_list(new QListView(this))
    , m_bar(new QProgressBar(this))
    , m_cancel(new QToolButton(this))
{
    model->setParent(this);
    m_plot->setObjectName(QStringLiteral("tokenPlot"));
    table()->setObjectName(QStringLiteral("tokenTable"));
    table()->setAccessibleName(tr("Divergence token by token"));
    linkRows(m_plot);
    buildTools(actions);
    buildWorst();
    setRunning(false);
    setSummary(m_model->summary());
}

void TokenPanel::buildTools(const QList<QAction*>& actions)
{
    for (QAction* const action : actions) {
        auto* const button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setText(action->iconText());
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(action->toolTip());
        tools()->addWidget(button);
        m_begin.append(button);
    }
    m_bar->setObjectName(QStringLiteral("tokenProgress"));
    m_bar->setAccessibleName(tr("How far the look at the text is"));
    m_bar->setTextVisible(false);
    m_bar->setMaximumHeight(10);
    m_cancel->setObjectName(QStringLiteral("tokenCancel"));
    m_cancel->setText(tr("Cancel"));
    m_cancel->setToolTip(tr("Stop looking at the text"));
    m_cancel->setAccessibleName(tr("Cancel"));
    m_cancel->setFocusPolicy(Qt::TabFocus);
    tools()->addWidget(m_bar, 1);
    tools()->addWidget(m_cancel);
    tools()->addStretch(1);
    tools()->addWidget(new SeriesButton(m_plot, this));
    addButtons();
    connect(m_cancel, &QToolButton::clicked, this, &TokenPanel::cancelRequested);
}

void TokenPanel::buildWorst()
{
    m_list->setObjectName(QStringLiteral("worstTokens"));
    m_list->setAccessibleName(tr("The tokens farthest from the original"));
    m_list->setModel(m_worst);
    m_list->setItemDelegate(
        new TwoLineDelegate(WorstTokensModel::LeadRole, WorstTokensModel::ChoicesRole, m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAlternatingRowColors(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setMinimumHeight(60);
    addBelow(m_list);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) {
                if (!index.isValid()) return;
                const int row = index.data(WorstTokensModel::PositionRole).toInt();
                if (isTableShown())
                    table()->setCurrentIndex(m_model->index(row, 0));
                else
                    m_plot->goToRow(row);
            });
    connect(m_plot, &PointChart::rowShown, this, [this](int row) {
        if (const int at = m_worst->rowOf(row); at >= 0)
            m_list->setCurrentIndex(m_worst->index(at));
    });
}

void TokenPanel::setRecord(const TokenPointer& record)
{
    m_model->setRecord(record);
    m_plot->zoomAll();
    m_plot->refresh();
    m_worst->setRecord(record);
    m_list->setVisible(m_worst->rowCount() > 0);
    setSummary(m_model->summary());
}

/// What goes, goes first: both at once would widen the panel.
void TokenPanel::setRunning(bool running)
{
    QList<QWidget*> job{m_bar, m_cancel};
    QList<QWidget*> begin(m_begin.begin(), m_begin.end());
    for (QWidget* const part : running ? begin : job)
        part->hide();
    for (QWidget* const part : running ? job : begin)
        part->show();
    m_bar->setRange(0, 0); // until something is known
    m_list->setVisible(m_worst->rowCount() > 0);
}

void TokenPanel::setProgress(const JobProgress& progress)
{
    if (progress.total <= 0) return;
    m_bar->setRange(0, kBarSteps);
    m_bar->setValue(static_cast<int>(kBarSteps * progress.done / progress.total));
}

} // namespace bs::ui
