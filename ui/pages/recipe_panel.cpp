#include "ui/pages/recipe_panel.h"

#include "ui/jobs/recipe_desk.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/looks.h"
#include "ui/widgets/themed_icon.h"

#include <QAction>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace bs::ui {

namespace {

constexpr int kRows = 2; ///< of the rules, before they scroll

} // namespace

RecipePanel::RecipePanel(RecipeDesk* desk, const Actions& actions, QWidget* parent)
    : QWidget(parent)
    , m_desk(desk)
    , m_table(new QTableView(this))
    , m_summary(new QLabel(this))
{
    setObjectName(QStringLiteral("recipePanel"));
    auto* const row = new QHBoxLayout;
    row->setContentsMargins(6, 0, 6, 0);
    row->setSpacing(2);
    for (QAction* const action : actions.edits)
        addButton(row, action, false);
    addButton(row, actions.wholeClass, true);
    row->addStretch(1);
    addButton(row, actions.use, true);
    auto* const more = new QToolButton(this);
    more->setObjectName(QStringLiteral("recipeMore"));
    more->setIcon(themedIcon(QStringLiteral("more")));
    more->setAutoRaise(true);
    more->setFocusPolicy(Qt::TabFocus);
    more->setPopupMode(QToolButton::InstantPopup);
    more->setToolTip(tr("More about the recipe"));
    more->setAccessibleName(tr("More about the recipe"));
    auto* const menu = new QMenu(more);
    menu->addActions(actions.more);
    more->setMenu(menu);
    row->addWidget(more);
    buildTable();
    m_summary->setObjectName(QStringLiteral("recipeSummary"));
    m_summary->setWordWrap(true);
    m_summary->setContentsMargins(10, 0, 10, 6);
    m_summary->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    makeQuiet(m_summary);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addLayout(row);
    auto* const rules = new QHBoxLayout;
    rules->setContentsMargins(8, 0, 8, 0);
    rules->addWidget(m_table);
    column->addLayout(rules);
    column->addWidget(m_summary);
    connect(desk, &RecipeDesk::planChanged, this, &RecipePanel::refresh);
    connect(desk, &RecipeDesk::usedChanged, this, &RecipePanel::refresh);
    connect(desk->model(), &RecipeModel::changed, this, &RecipePanel::refresh);
    refresh();
}

QToolButton* RecipePanel::addButton(QBoxLayout* row, QAction* action, bool text)
{
    QToolButton* const button = actionButton(action, this);
    button->setObjectName(action->objectName() + QStringLiteral("Button"));
    button->setAccessibleName(action->iconText());
    button->setToolButtonStyle(text ? Qt::ToolButtonTextOnly : Qt::ToolButtonIconOnly);
    row->addWidget(button);
    return button;
}

void RecipePanel::buildTable()
{
    m_table->setObjectName(QStringLiteral("recipeRules"));
    m_table->setAccessibleName(tr("Rules of the recipe"));
    m_table->setToolTip(tr("Delete clears the chosen rule"));
    m_table->setModel(m_desk->model());
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->horizontalHeader()->hide();
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setDefaultSectionSize(170);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 6);
    // The same place whatever it holds: the buttons above must not move under the mouse.
    m_table->setFixedHeight(kRows * m_table->verticalHeader()->defaultSectionSize());
    m_table->installEventFilter(this);
}

bool RecipePanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Delete) {
        const int row = m_table->currentIndex().row();
        m_desk->model()->removeRow(row);
        if (m_desk->model()->rowCount() > 0)
            m_table->setCurrentIndex(m_desk->model()->index(
                qBound(0, row, m_desk->model()->rowCount() - 1), RecipeModel::TargetColumn));
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void RecipePanel::refresh()
{
    const int rows = m_desk->model()->rowCount();
    if (rows == 0)
        m_summary->setText(
            tr("Choose a matrix, then raise it, lower it or keep it at a depth. The rest follows "
               "the loading order."));
    else if (m_desk->plan() == nullptr)
        m_summary->setText(tr("Not known yet what this comes to."));
    else
        m_summary->setText(m_desk->plan()->summary());
}

} // namespace bs::ui
