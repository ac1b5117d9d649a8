#include "ui/pages/size_panel.h"
#include "ui/window/main_window.h"

#include <QAction>
#include <QDockWidget>
#include <QFileInfo>
#include <QMenuBar>
#include <QToolBar>

namespace bs::ui {

void MainWindow::buildMenus()
{
    QMenu* const file = menuBar()->addMenu(tr("&File"));
    file->addActions({m_actions.openFile, m_actions.openFolder});
    m_recentMenu = file->addMenu(tr("Open &recent"));
    file->addSeparator();
    file->addActions({m_actions.compress, m_actions.exportModel, m_actions.savePng});
    file->addSeparator();
    file->addActions({m_actions.closeModel, m_actions.preferences, m_actions.quit});
    QMenu* const chat = menuBar()->addMenu(tr("&Chat"));
    chat->addActions(
        {m_actions.newConversation, m_actions.focusPrompt, m_actions.stop, m_actions.regenerate});
    chat->addSeparator();
    chat->addActions({m_actions.searchConversations, m_actions.renameConversation,
                      m_actions.exportConversation, m_actions.deleteConversation});
    chat->addSeparator();
    chat->addAction(m_actions.editTemplate);
    QMenu* const size = menuBar()->addMenu(tr("&Size"));
    size->addActions({m_actions.smaller, m_actions.larger, m_actions.smallest, m_actions.largest});
    m_marksMenu = size->addMenu(tr("&Known sizes"));
    const auto step = [&](QAction* action, const char* name, const QString& tip,
                          QKeySequence::StandardKey key) {
        action->setObjectName(QLatin1String(name));
        action->setToolTip(tip);
        action->setShortcut(key);
        size->addAction(action);
    };
    size->addSeparator();
    size->addAction(m_actions.followMemory);
    SizeHistory* const history = m_sizePanel->history();
    step(history->createUndoAction(this), "actionUndoSize", tr("Back to the size before"),
         QKeySequence::Undo);
    step(history->createRedoAction(this), "actionRedoSize", tr("The size that was left again"),
         QKeySequence::Redo);
    buildRecipeMenu(menuBar()->addMenu(tr("R&ecipe")));
    QMenu* const chart = menuBar()->addMenu(tr("Cha&rt"));
    chart->addActions({m_actions.measure, m_actions.lookAtAnswer, m_actions.lookAtText});
    chart->addSeparator();
    chart->addActions({m_actions.zoomIn, m_actions.zoomOut, m_actions.zoomBack, m_actions.zoomAll});
    chart->addSeparator();
    chart->addActions(
        {m_actions.logarithmic, m_actions.logarithmicSize, m_actions.table, m_actions.savePng});
    chart->addSeparator();
    chart->addActions(m_actions.sizeUnits);
    const JobsPanel::Actions& j = m_actions.jobs;
    QMenu* const jobs = menuBar()->addMenu(tr("&Jobs"));
    jobs->addActions({j.show, j.sweep, j.stop});
    jobs->addSeparator();
    jobs->addActions({j.goOn, j.earlier, j.later, j.openResult, j.copy, j.remove, j.clear});
    const RunsPage::Actions& r = m_actions.runs;
    QMenu* const runs = menuBar()->addMenu(tr("R&uns"));
    runs->addActions({r.show, r.filter, r.onlyDiffering, r.sort});
    runs->addSeparator();
    runs->addActions({r.open, r.editNote, r.copy, r.save, r.remove, r.undo});
    buildCompareMenu();
    QMenu* const view = menuBar()->addMenu(tr("&View"));
    view->addActions({m_actions.showCurve, m_actions.showHeat, m_actions.showOrder,
                      m_actions.showMemory, m_actions.showSpeed, m_actions.showTokens,
                      m_actions.showInspect});
    view->addSeparator();
    const auto docks = findChildren<QDockWidget*>();
    for (QDockWidget* const dock : docks) {
        dock->toggleViewAction()->setToolTip(tr("Show or hide %1").arg(dock->windowTitle()));
        view->addAction(dock->toggleViewAction());
    }
    view->addSeparator();
    view->addAction(m_actions.resetLayout);
    QMenu* const help = menuBar()->addMenu(tr("&Help"));
    help->addActions({m_actions.palette, m_actions.showLog, m_actions.about});

    QToolBar* const bar = addToolBar(tr("Main"));
    bar->setObjectName(QStringLiteral("mainToolBar"));
    bar->setMovable(false);
    bar->setIconSize({20, 20});
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->addActions({m_actions.openFile, m_actions.compress, m_actions.measure});
    bar->addSeparator();
    bar->addActions({m_actions.newConversation, m_actions.regenerate, m_actions.stop});
    connect(&m_recent, &QAbstractItemModel::modelReset, this, &MainWindow::buildRecentMenu);
    buildRecentMenu();
    connect(&m_session, &EngineSession::stackChanged, this, &MainWindow::buildMarksMenu);
    buildMarksMenu();
}

/// The ticks of the slider, for the keyboard.
void MainWindow::buildMarksMenu()
{
    m_marksMenu->clear();
    const StackPointer& stack = m_session.stack();
    m_marksMenu->setEnabled(stack && !stack->marks.isEmpty());
    if (!stack) return;
    for (const StackRecord::Mark& mark : stack->marks) {
        QAction* const action = m_marksMenu->addAction(markText(mark));
        action->setToolTip(tr("Set this size"));
        connect(action, &QAction::triggered, this,
                [this, bytes = mark.bytes] { m_sizePanel->choose(bytes); });
    }
}

void MainWindow::buildRecentMenu()
{
    m_recentMenu->clear();
    for (const QString& path : m_recent.paths()) {
        QAction* const action = m_recentMenu->addAction(QFileInfo(path).fileName());
        action->setToolTip(path);
        connect(action, &QAction::triggered, this, [this, path] { openPath(path); });
    }
    m_recentMenu->setToolTipsVisible(true);
    m_recentMenu->setEnabled(!m_recent.paths().isEmpty());
    if (m_recent.paths().isEmpty()) return;
    m_recentMenu->addSeparator();
    QAction* const forget = m_recentMenu->addAction(tr("&Forget these"));
    forget->setToolTip(tr("Empty this list"));
    connect(forget, &QAction::triggered, &m_recent, &RecentFilesModel::clear);
}

} // namespace bs::ui
