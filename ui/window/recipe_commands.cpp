#include "ui/window/recipe_commands.h"

#include "ui/dialogs/keep_dialog.h"
#include "ui/jobs/engine_session.h"
#include "ui/models/recipe_edit.h"
#include "ui/pages/heat_panel.h"

#include <QAction>
#include <QTableView>

namespace bs::ui {

RecipeCommands::RecipeCommands(const RecipeActions& actions, EngineSession* session,
                               RecipeDesk* desk, HeatPanel* map, Library* library, QWidget* window)
    : QObject(window)
    , m_actions(actions)
    , m_session(session)
    , m_desk(desk)
    , m_map(map)
    , m_library(library)
    , m_window(window)
{
    connectEdits();
    connectPlans();
    connect(m_desk, &RecipeDesk::failed, this, &RecipeCommands::failed);
    connect(m_desk, &RecipeDesk::planChanged, this, &RecipeCommands::showDraft);
    connect(m_desk, &RecipeDesk::usedChanged, this, &RecipeCommands::showDraft);
    connect(m_desk->model(), &RecipeModel::changed, this, &RecipeCommands::showDraft);
    connect(m_session, &EngineSession::phaseChanged, this, &RecipeCommands::updateActions);
    connect(m_session, &EngineSession::stackChanged, this, &RecipeCommands::updateActions);
    connect(m_session, &EngineSession::stateChanged, this, &RecipeCommands::updateActions);
    connect(m_map->table()->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &RecipeCommands::updateActions);
    connect(m_map->model(), &QAbstractItemModel::modelReset, this, &RecipeCommands::updateActions);
    updateActions();
}

void RecipeCommands::connectEdits()
{
    connect(m_actions.raise, &QAction::triggered, this, [this] { step(1); });
    connect(m_actions.lower, &QAction::triggered, this, [this] { step(-1); });
    connect(m_actions.leaveOut, &QAction::triggered, this, [this] {
        set({target(), RecipeRule::Kind::Depth, 0});
    });
    connect(m_actions.keepAt, &QAction::triggered, this, &RecipeCommands::askKeep);
    connect(m_actions.clear, &QAction::triggered, this, [this] {
        m_desk->model()->edit(withoutRule(m_desk->model()->recipe(), target()),
                              tr("clear %1").arg(targetWords(target())));
    });
    connect(m_actions.clearAll, &QAction::triggered, this,
            [this] { m_desk->model()->edit({}, tr("clear all rules")); });
    connect(m_actions.wholeClass, &QAction::toggled, this, &RecipeCommands::updateActions);
    connect(m_actions.use, &QAction::triggered, m_desk, &RecipeDesk::setUsed);
}

const StackCell* RecipeCommands::cell() const
{
    return m_map->model()->cellAt(m_map->table()->currentIndex());
}

std::string RecipeCommands::target() const
{
    const StackCell* const chosen = cell();
    if (chosen == nullptr) return {};
    const std::string name = chosen->name.toStdString();
    return m_actions.wholeClass->isChecked() ? classOf(name) : name;
}

void RecipeCommands::step(int by)
{
    const StackCell* const chosen = cell();
    if (chosen == nullptr) return;
    const QString words = targetWords(target());
    m_desk->model()->edit(withStep(m_desk->model()->recipe(), target(), by, chosen->depthMax),
                          by > 0 ? tr("raise %1").arg(words) : tr("lower %1").arg(words));
}

void RecipeCommands::set(const RecipeRule& rule)
{
    if (rule.target.empty()) return;
    m_desk->model()->edit(withRule(m_desk->model()->recipe(), rule),
                          tr("%1: %2").arg(targetWords(rule.target), ruleWords(rule)));
}

void RecipeCommands::askKeep()
{
    const StackCell* const chosen = cell();
    if (chosen == nullptr) return;
    auto* const dialog = new KeepDialog(target(), chosen->depthMax, chosen->blocks,
                                        chosen->bitsPerWeight(), m_window);
    connect(dialog, &KeepDialog::chosen, this, &RecipeCommands::set);
    dialog->open();
}

/// What is planned and not loaded stands on the map; what is loaded needs no draft.
void RecipeCommands::showDraft()
{
    m_map->setRecipe(m_desk->model()->recipe());
    const RecipePlan* const plan = m_desk->plan();
    m_map->setDraft(plan != nullptr && !m_desk->isUsed() ? std::optional(plan->depths)
                                                         : std::nullopt);
    updateActions();
}

void RecipeCommands::updateActions()
{
    const Recipe& recipe = m_desk->model()->recipe();
    const StackCell* const chosen = cell();
    const bool stack = m_session->stack() != nullptr && m_session->state().loaded;
    const RecipeRule* const rule =
        chosen != nullptr ? ruleFor(recipe, chosen->name.toStdString()) : nullptr;
    const bool out = rule != nullptr && rule->kind == RecipeRule::Kind::Depth && rule->value == 0;
    m_actions.raise->setEnabled(chosen != nullptr && chosen->depthMin < chosen->blocks);
    m_actions.lower->setEnabled(chosen != nullptr && chosen->depthMax > 0);
    m_actions.leaveOut->setEnabled(chosen != nullptr && !out);
    m_actions.keepAt->setEnabled(chosen != nullptr);
    m_actions.clear->setEnabled(withoutRule(recipe, target()) != recipe);
    m_actions.wholeClass->setEnabled(stack);
    m_actions.use->setEnabled(stack && (m_desk->isUsed() || !recipe.empty()));
    m_actions.use->setChecked(m_desk->isUsed());
    for (QAction* const action : {m_actions.clearAll, m_actions.measure})
        action->setEnabled(stack && !recipe.empty());
    for (QAction* const action : {m_actions.savePlan, m_actions.exportPlan})
        action->setEnabled(m_desk->plan() != nullptr);
    for (QAction* const action : {m_actions.plans, m_actions.importPlan})
        action->setEnabled(stack);
}

} // namespace bs::ui
