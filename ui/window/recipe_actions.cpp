#include "ui/window/recipe_actions.h"

#include "ui/window/make_action.h"

#include <QAction>
#include <QMenu>

namespace bs::ui {

namespace {

constexpr auto kKeys = Qt::CTRL | Qt::ALT;

} // namespace

RecipeActions::RecipeActions(QWidget* p)
    : raise(makeAction(p, "actionRecipeRaise", tr("&Raise"),
                       tr("One block more for the chosen matrix, whatever the size is"),
                       kKeys | Qt::Key_Equal, "raise"))
    , lower(makeAction(p, "actionRecipeLower", tr("&Lower"),
                       tr("One block fewer for the chosen matrix, whatever the size is"),
                       kKeys | Qt::Key_Minus, "lower"))
    , leaveOut(makeAction(p, "actionRecipeLeaveOut", tr("Leave &out"),
                          tr("Load nothing of the chosen matrix; it counts as zero"),
                          kKeys | Qt::Key_0, "leave-out"))
    , keepAt(makeAction(p, "actionRecipeKeepAt", tr("&Keep at..."),
                        tr("Keep the chosen matrix at so many blocks or bits a weight"),
                        kKeys | Qt::Key_D, "pin"))
    , clear(makeAction(p, "actionRecipeClear", tr("&Clear rule"),
                       tr("The chosen matrix as the loading order has it"),
                       kKeys | Qt::Key_Backspace, "erase"))
    , wholeClass(makeAction(p, "actionRecipeWholeClass", tr("Edit the &whole class"),
                            tr("Rules are for the same matrix of every layer"), kKeys | Qt::Key_W))
    , clearAll(makeAction(p, "actionRecipeClearAll", tr("Clear &all rules"),
                          tr("An empty recipe; it can be undone")))
    , use(makeAction(p, "actionRecipeUse", tr("&Use the recipe"),
                     tr("Load by these rules; the slider goes on under them"), kKeys | Qt::Key_R))
    , measure(makeAction(p, "actionRecipeMeasure", tr("&Measure the recipe..."),
                         tr("Measure perplexity under these rules, beside the chat"),
                         kKeys | Qt::SHIFT | Qt::Key_M))
    , plans(makeAction(p, "actionRecipePlans", tr("&Plans..."),
                       tr("Recipes of this file that were given a name"), kKeys | Qt::Key_P))
    , savePlan(makeAction(p, "actionRecipeSave", tr("&Save as plan..."),
                          tr("Give this recipe a name and keep it"), kKeys | Qt::SHIFT | Qt::Key_S))
    , importPlan(makeAction(p, "actionRecipeImport", tr("&Import plan file..."),
                            tr("Take the rules of a plan file")))
    , exportPlan(makeAction(p, "actionRecipeExport", tr("&Export plan file..."),
                            tr("Write a file that --plan of the command line reads")))
{
    wholeClass->setCheckable(true);
    use->setCheckable(true);
    wholeClass->setIconText(tr("Whole class"));
    keepAt->setIconText(tr("Keep at"));
    use->setIconText(tr("Use"));
}

void RecipeActions::fill(QMenu* menu) const
{
    menu->addActions({raise, lower, leaveOut, keepAt, clear, wholeClass});
    menu->addSeparator();
    menu->addActions({use, measure, clearAll});
    menu->addSeparator();
    menu->addActions({savePlan, plans, importPlan, exportPlan});
}

} // namespace bs::ui
