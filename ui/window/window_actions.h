#pragma once

#include "ui/pages/jobs_panel.h"
#include "ui/pages/runs_page.h"
#include "ui/window/recipe_actions.h"

#include <QCoreApplication>
#include <QList>

class QAction;
class QWidget;

namespace bs::ui {

/// Everything that can be done from the menus, with texts, tooltips, icons and keys; who does it is
/// connected in the main window.
struct WindowActions
{
    explicit WindowActions(QWidget* parent);

    QAction* openFile;
    QAction* openFolder;
    QAction* closeModel;
    QAction* compress;
    QAction* exportModel;
    QAction* savePng;
    QAction* preferences;
    QAction* quit;

    QAction* newConversation;
    QAction* stop;
    QAction* regenerate;
    QAction* focusPrompt;
    QAction* renameConversation;
    QAction* deleteConversation;
    QAction* exportConversation;
    QAction* searchConversations;
    QAction* editTemplate;

    QAction* smaller;
    QAction* larger;
    QAction* smallest;
    QAction* largest;
    QAction* followMemory;

    QAction* measure;
    QAction* logarithmic;
    QAction* logarithmicSize;
    QAction* zoomIn;
    QAction* zoomOut;
    QAction* zoomBack;
    QAction* zoomAll;
    QAction* lookAtAnswer;
    QAction* lookAtText;
    QAction* table;
    QAction* showCurve;
    QAction* showHeat;
    QAction* showOrder;
    QAction* showInspect;
    QAction* showMemory;
    QAction* showSpeed;
    QAction* showTokens;
    QList<QAction*> sizeUnits; ///< one of them is checked; their data is the SizeUnit

    JobsPanel::Actions jobs;
    RunsPage::Actions runs;
    QAction* showCompare;
    QAction* comparePinA;
    QAction* comparePinB;
    QAction* compareSwap;
    QAction* compareKeep;
    QAction* compareMeasure;
    QAction* compareCopy;

    QAction* resetLayout;
    QAction* palette;
    QAction* showLog;
    QAction* about;

    RecipeActions recipe;

    Q_DECLARE_TR_FUNCTIONS(bs::ui::WindowActions)
};

} // namespace bs::ui
