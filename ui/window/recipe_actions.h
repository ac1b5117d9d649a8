#pragma once

#include <QCoreApplication>

class QAction;
class QMenu;
class QWidget;

namespace bs::ui {

/// What can be done to the recipe; RecipePanel does it.
struct RecipeActions
{
    explicit RecipeActions(QWidget* parent);

    QAction* raise;
    QAction* lower;
    QAction* leaveOut;
    QAction* keepAt;
    QAction* clear;
    QAction* wholeClass; ///< the five above are about the class of the chosen matrix
    QAction* clearAll;
    QAction* use;
    QAction* measure;
    QAction* plans;
    QAction* savePlan;
    QAction* importPlan;
    QAction* exportPlan;

    void fill(QMenu* menu) const;

    Q_DECLARE_TR_FUNCTIONS(bs::ui::RecipeActions)
};

} // namespace bs::ui
