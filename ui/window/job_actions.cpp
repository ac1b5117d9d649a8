#include "ui/window/job_actions.h"

#include "ui/models/translate.h"
#include "ui/window/make_action.h"

#include <QAction>

namespace bs::ui {

namespace {

/// Keys that mean something else outside the list, and a short text for its button.
void inList(QAction* action, const QString& button)
{
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setIconText(button);
}

} // namespace

JobsPanel::Actions makeJobActions(QWidget* p)
{
    JobsPanel::Actions a{};
    a.show = makeAction(p, "actionShowJobs", tr("Go to &jobs"),
                        tr("Show what runs, what waits and what came of it"),
                        Qt::CTRL | Qt::SHIFT | Qt::Key_J);
    a.sweep = makeAction(p, "actionSweep", tr("S&weep..."),
                         tr("Compress and measure models in several ways, one after another"),
                         Qt::CTRL | Qt::SHIFT | Qt::Key_M);
    a.stop =
        makeAction(p, "actionStopJob", tr("&Stop the running job"),
                   tr("What is finished of it is kept"), Qt::CTRL | Qt::ALT | Qt::Key_S, "stop");
    a.goOn = makeAction(p, "actionGoOnJob", tr("&Let the job go on"),
                        tr("Put the chosen job that was stopped, failed or was left over back "
                           "into the queue; without one, all that were left over"),
                        Qt::CTRL | Qt::ALT | Qt::Key_G, "play");
    a.earlier = makeAction(p, "actionEarlierJob", tr("Run the job &earlier"),
                           tr("Before the one that waits above it"), Qt::ALT | Qt::Key_Up, "up");
    a.later = makeAction(p, "actionLaterJob", tr("Run the job la&ter"),
                         tr("After the one that waits below it"), Qt::ALT | Qt::Key_Down, "down");
    a.openResult = makeAction(p, "actionOpenJobResult", tr("&Open what the job made"),
                              tr("Open the compressed file, or show the runs of a measurement"),
                              Qt::CTRL | Qt::ALT | Qt::Key_J, "open");
    a.copy = makeAction(p, "actionCopyJob", tr("&Copy the job"),
                        tr("Copy everything about the chosen job"), QKeySequence::Copy);
    a.remove = makeAction(p, "actionRemoveJob", tr("&Remove the job"),
                          tr("Take a waiting or finished job out of the list"),
                          QKeySequence::Delete, "close");
    a.clear = makeAction(p, "actionClearJobs", tr("Clear &finished jobs"),
                         tr("Take everything that is finished out of the list"));
    for (QAction* const action : {a.earlier, a.later, a.copy, a.remove})
        inList(action, action->text().remove(QLatin1Char('&')));
    a.clear->setIconText(tr("Clear finished"));
    return a;
}

RunsPage::Actions makeRunActions(QWidget* p)
{
    RunsPage::Actions a{};
    a.show =
        makeAction(p, "actionShowRuns", tr("Go to &runs"), tr("Show everything that was measured"),
                   Qt::CTRL | Qt::SHIFT | Qt::Key_R, "table");
    a.filter = makeAction(p, "actionFilterRuns", tr("&Filter runs"),
                          tr("Show only runs that match a line of words"), QKeySequence::Find);
    a.onlyDiffering =
        makeAction(p, "actionOnlyDiffering", tr("Only &what differs"),
                   tr("Hide columns that are the same in every row"), Qt::CTRL | Qt::Key_D);
    a.sort = makeAction(p, "actionSortRuns", tr("&Sort by this column"),
                        tr("Sort runs by the chosen column, then the other way round"),
                        Qt::CTRL | Qt::Key_Down);
    a.open = makeAction(p, "actionOpenRun", tr("&Open this point"),
                        tr("Load the file of this row at this size"), Qt::CTRL | Qt::Key_Return);
    a.editNote = makeAction(p, "actionEditNote", tr("Write a &note..."),
                            tr("Write something about the chosen run"), Qt::Key_F2);
    a.remove = makeAction(p, "actionDeleteRuns", tr("&Delete runs"),
                          tr("Delete the chosen runs with all their sizes; they can be brought "
                             "back"),
                          QKeySequence::Delete);
    a.undo = makeAction(p, "actionUndoDeleteRuns", tr("&Bring deleted runs back"),
                        tr("Undo the last deletion of runs"), Qt::CTRL | Qt::ALT | Qt::Key_Z);
    a.copy = makeAction(p, "actionCopyRuns", tr("&Copy rows"),
                        tr("Copy the chosen rows, for a spreadsheet"), QKeySequence::Copy);
    a.save = makeAction(p, "actionSaveRuns", tr("Save rows as CS&V..."),
                        tr("Write the rows that are shown to a file"));
    inList(a.filter, tr("Filter"));
    inList(a.onlyDiffering, tr("Only what differs"));
    inList(a.sort, tr("Sort"));
    inList(a.open, tr("Open"));
    inList(a.editNote, tr("Note"));
    inList(a.remove, tr("Delete"));
    inList(a.copy, tr("Copy"));
    a.save->setIconText(tr("Save as CSV..."));
    a.onlyDiffering->setCheckable(true);
    return a;
}

} // namespace bs::ui
