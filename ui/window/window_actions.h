#pragma once

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
    QAction* showMemory;
    QAction* showSpeed;
    QAction* showTokens;
    QList<QAction*> sizeUnits; ///< one of them is checked; their data is the SizeUnit

    QAction* resetLayout;
    QAction* palette;
    QAction* about;
};

} // namespace bs::ui
