#include "ui/dialogs/measure_dialog.h"
#include "ui/pages/heat_panel.h"
#include "ui/pages/recipe_panel.h"
#include "ui/plots/heat_map.h"
#include "ui/widgets/message_bar.h"
#include "ui/window/main_window.h"
#include "ui/window/recipe_commands.h"

#include <QAction>
#include <QMenu>
#include <QTableView>

namespace bs::ui {

void MainWindow::buildRecipeMenu(QMenu* menu)
{
    QUndoStack* const history = m_recipe.model()->history();
    const auto step = [&](QAction* action, const char* name, const QString& tip, Qt::Key key,
                          Qt::KeyboardModifiers shift) {
        action->setObjectName(QLatin1String(name));
        action->setToolTip(tip);
        action->setShortcut(Qt::CTRL | Qt::ALT | shift | key);
        menu->addAction(action);
    };
    step(history->createUndoAction(this), "actionUndoRecipe",
         tr("The recipe as it was before the last edit"), Qt::Key_U, {});
    step(history->createRedoAction(this), "actionRedoRecipe", tr("The edit that was undone again"),
         Qt::Key_U, Qt::ShiftModifier);
    menu->addSeparator();
    m_actions.recipe.fill(menu);
}

void MainWindow::connectRecipe()
{
    const RecipeActions& actions = m_actions.recipe;
    auto* const commands =
        new RecipeCommands(actions, &m_session, &m_recipe, m_heatPanel, &m_library, this);
    connect(commands, &RecipeCommands::done, m_message, &MessageBar::showDone);
    connect(commands, &RecipeCommands::failed, m_message, &MessageBar::showError);
    connect(actions.measure, &QAction::triggered, this, &MainWindow::showMeasureRecipe);

    const QList<QAction*> edits{actions.raise, actions.lower, actions.leaveOut, actions.keepAt,
                                actions.clear};
    auto* const panel = new RecipePanel(&m_recipe,
                                        {edits,
                                         actions.wholeClass,
                                         actions.use,
                                         {findChild<QAction*>(QStringLiteral("actionUndoRecipe")),
                                          findChild<QAction*>(QStringLiteral("actionRedoRecipe")),
                                          actions.clearAll, actions.measure, actions.savePlan,
                                          actions.plans, actions.importPlan, actions.exportPlan}},
                                        m_heatPanel);
    m_heatPanel->addBelow(panel);
    for (QWidget* const twin : {static_cast<QWidget*>(m_heatPanel->chart()),
                                static_cast<QWidget*>(m_heatPanel->table())}) {
        QAction* const first = twin->actions().isEmpty() ? nullptr : twin->actions().first();
        auto* const line = new QAction(twin);
        line->setSeparator(true);
        twin->insertActions(first, edits + QList<QAction*>{actions.wholeClass, line});
    }
}

/// What the rules are worth, at the size that is set.
void MainWindow::showMeasureRecipe()
{
    if (!m_session.card().stack) return;
    MeasureDialog* const dialog = makeMeasureDialog();
    dialog->setRecipe(m_recipe.model()->texts(), m_recipe.budget());
    dialog->open();
}

} // namespace bs::ui
