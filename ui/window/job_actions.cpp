#include "ui/window/job_actions.h"

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
    a.show = makeAction(p, "actionShowJobs", JobsPanel::tr("Go to &jobs"),
                        JobsPanel::tr("Show what runs, what waits and what came of it"),
                        Qt::CTRL | Qt::SHIFT | Qt::Key_J);
    a.sweep =
        makeAction(p, "actionSweep", JobsPanel::tr("S&weep..."),
                   JobsPanel::tr("Compress and measure models in several ways, one after another"),
                   Qt::CTRL | Qt::SHIFT | Qt::Key_M);
    a.stop = makeAction(p, "actionStopJob", JobsPanel::tr("&Stop the running job"),
                        JobsPanel::tr("What is finished of it is kept"),
                        Qt::CTRL | Qt::ALT | Qt::Key_S, "stop");
    a.goOn = makeAction(
        p, "actionGoOnJob", JobsPanel::tr("&Let the job go on"),
        JobsPanel::tr("Put the chosen job that was stopped, failed or was left over back "
                      "into the queue; without one, all that were left over"),
        Qt::CTRL | Qt::ALT | Qt::Key_G, "play");
    a.earlier =
        makeAction(p, "actionEarlierJob", JobsPanel::tr("Run the job &earlier"),
                   JobsPanel::tr("Before the one that waits above it"), Qt::ALT | Qt::Key_Up, "up");
    a.later = makeAction(p, "actionLaterJob", JobsPanel::tr("Run the job la&ter"),
                         JobsPanel::tr("After the one that waits below it"), Qt::ALT | Qt::Key_Down,
                         "down");
    a.openResult =
        makeAction(p, "actionOpenJobResult", JobsPanel::tr("&Open what the job made"),
                   JobsPanel::tr("Open the compressed file, or show the runs of a measurement"),
                   Qt::CTRL | Qt::ALT | Qt::Key_J, "open");
    a.copy = makeAction(p, "actionCopyJob", JobsPanel::tr("&Copy the job"),
                        JobsPanel::tr("Copy everything about the chosen job"), QKeySequence::Copy);
    a.remove = makeAction(p, "actionRemoveJob", JobsPanel::tr("&Remove the job"),
                          JobsPanel::tr("Take a waiting or finished job out of the list"),
                          QKeySequence::Delete, "close");
    a.clear = makeAction(p, "actionClearJobs", JobsPanel::tr("Clear &finished jobs"),
                         JobsPanel::tr("Take everything that is finished out of the list"));
    for (QAction* const action : {a.earlier, a.later, a.copy, a.remove})
        inList(action, action->text().remove(QLatin1Char('&')));
    a.clear->setIconText(JobsPanel::tr("Clear finished"));
    return a;
}

RunsPage::Actions makeRunActions(QWidget* p)
{
    RunsPage::Actions a{};
    a.show = makeAction(p, "actionShowRuns", RunsPage::tr("Go to &runs"),
                        RunsPage::tr("Show everything that was measured"),
                        Qt::CTRL | Qt::SHIFT | Qt::Key_R, "table");
    a.filter =
        makeAction(p, "actionFilterRuns", RunsPage::tr("&Filter runs"),
                   RunsPage::tr("Show only runs that match a line of words"), QKeySequence::Find);
    a.onlyDiffering = makeAction(p, "actionOnlyDiffering", RunsPage::tr("Only &what differs"),
                                 RunsPage::tr("Hide columns that are the same in every row"),
                                 Qt::CTRL | Qt::Key_D);
    a.sort = makeAction(p, "actionSortRuns", RunsPage::tr("&Sort by this column"),
                        RunsPage::tr("Sort runs by the chosen column, then the other way round"),
                        Qt::CTRL | Qt::Key_Down);
    a.open = makeAction(p, "actionOpenRun", RunsPage::tr("&Open this point"),
                        RunsPage::tr("Load the file of this row at this size"),
                        Qt::CTRL | Qt::Key_Return);
    a.editNote = makeAction(p, "actionEditNote", RunsPage::tr("Write a &note..."),
                            RunsPage::tr("Write something about the chosen run"), Qt::Key_F2);
    a.remove =
        makeAction(p, "actionDeleteRuns", RunsPage::tr("&Delete runs"),
                   RunsPage::tr("Delete the chosen runs with all their sizes; they can be brought "
                                "back"),
                   QKeySequence::Delete);
    a.undo =
        makeAction(p, "actionUndoDeleteRuns", RunsPage::tr("&Bring deleted runs back"),
                   RunsPage::tr("Undo the last deletion of runs"), Qt::CTRL | Qt::ALT | Qt::Key_Z);
    a.copy =
        makeAction(p, "actionCopyRuns", RunsPage::tr("&Copy rows"),
                   RunsPage::tr("Copy the chosen rows, for a spreadsheet"), QKeySequence::Copy);
    a.save = makeAction(p, "actionSaveRuns", RunsPage::tr("Save rows as CS&V..."),
                        RunsPage::tr("Write the rows that are shown to a file"));
    inList(a.filter, RunsPage::tr("Filter"));
    inList(a.onlyDiffering, RunsPage::tr("Only what differs"));
    inList(a.sort, RunsPage::tr("Sort"));
    inList(a.open, RunsPage::tr("Open"));
    inList(a.editNote, RunsPage::tr("Note"));
    inList(a.remove, RunsPage::tr("Delete"));
    inList(a.copy, RunsPage::tr("Copy"));
    a.save->setIconText(RunsPage::tr("Save as CSV..."));
    a.onlyDiffering->setCheckable(true);
    return a;
}

} // namespace bs::ui
