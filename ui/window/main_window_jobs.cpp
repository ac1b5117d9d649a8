#include "ui/dialogs/sweep_dialog.h"
#include "ui/models/job_words.h"
#include "ui/pages/jobs_panel.h"
#include "ui/pages/runs_page.h"
#include "ui/widgets/job_strip.h"
#include "ui/widgets/message_bar.h"
#include "ui/window/main_window.h"

#include <QAction>
#include <QDockWidget>
#include <QGuiApplication>
#include <QMessageBox>
#include <QPushButton>
#include <QSessionManager>
#include <QTabWidget>
#include <QTimer>

namespace bs::ui {

void MainWindow::buildRuns()
{
    m_runsPage = new RunsPage(&m_library, m_actions.runs, this);
    m_jobsPanel = new JobsPanel(&m_jobs, m_actions.jobs, this);
    QDockWidget* const dock =
        addPanel(QStringLiteral("dockJobs"), tr("Jobs"), m_jobsPanel, Qt::LeftDockWidgetArea);
    auto* const model = findChild<QDockWidget*>(QStringLiteral("dockModel"));
    tabifyDockWidget(findChild<QDockWidget*>(QStringLiteral("dockAnswers")), dock);
    model->raise();
}

void MainWindow::connectJobs()
{
    const JobQueue* const queue = m_jobs.queue();
    connect(&m_jobs, &BackgroundJobs::started, this, &MainWindow::onJobStarted);
    connect(&m_jobs, &BackgroundJobs::progressed, m_jobStrip, &JobStrip::setProgress);
    connect(&m_jobs, &BackgroundJobs::finished, this, &MainWindow::onJobFinished);
    connect(&m_jobs, &BackgroundJobs::failed, this, &MainWindow::onJobFailed);
    connect(&m_jobs, &BackgroundJobs::measured, m_runsPage, &RunsPage::refresh);
    connect(m_jobStrip, &JobStrip::cancelRequested, &m_jobs, &BackgroundJobs::cancel);
    // Once for all jobs that a sweep queues: writing settings waits for the disk.
    auto* const keep = new QTimer(this);
    keep->setSingleShot(true);
    keep->setInterval(0);
    connect(keep, &QTimer::timeout, this, [this, queue] { m_keptJobs.keep(queue->unfinished()); });
    connect(queue, &JobQueue::altered, this, [this, queue, keep] {
        m_jobStrip->setWaiting(queue->count(Job::State::Waiting));
        keep->start();
    });
    connect(m_actions.jobs.sweep, &QAction::triggered, this, &MainWindow::showSweep);
    connect(m_actions.jobs.show, &QAction::triggered, this, [this] {
        auto* const dock = findChild<QDockWidget*>(QStringLiteral("dockJobs"));
        dock->show();
        dock->raise();
        m_jobsPanel->focusList();
    });
    connect(m_jobsPanel, &JobsPanel::resultRequested, this, &MainWindow::showJobResult);
    // A session that ends must not wait for an answer; the jobs are kept anyway.
    connect(qGuiApp, &QGuiApplication::commitDataRequest, this, [this] { m_mayClose = true; });
}

void MainWindow::connectRuns()
{
    addPage(m_runsPage, tr("Runs"), m_actions.runs.show);
    connect(m_actions.runs.filter, &QAction::triggered, this,
            [this] { m_tabs->setCurrentWidget(m_runsPage); });
    connect(&m_library, &Library::runsChanged, this, &MainWindow::readMeasured);
    connect(m_runsPage, &RunsPage::pointChosen, this,
            [this](const QString& path, qint64 bytes, bool dense) {
                chooseDot(path, bytes, dense);
                findChild<QDockWidget*>(QStringLiteral("dockChart"))->raise();
            });
    connect(m_runsPage, &RunsPage::saved, m_message, &MessageBar::showDone);
    connect(m_runsPage, &RunsPage::failed, m_message, &MessageBar::showProblem);
}

/// Nothing starts by itself: who opens the program to chat may not want its memory and time taken.
void MainWindow::offerLeftJobs()
{
    const QList<Job> left = m_keptJobs.takeOver();
    if (left.isEmpty()) return;
    m_jobs.queue()->addLeft(left);
    findChild<QDockWidget*>(QStringLiteral("dockJobs"))->raise();
    const QString sentence =
        left.size() == 1
            ? tr("One job was not finished when the workbench ended: %1.")
                  .arg(jobTitle(left.first()))
            : tr("%1 jobs were not finished when the workbench ended. The first one: %2.")
                  .arg(left.size())
                  .arg(jobTitle(left.first()));
    // Later: a file that is opened at the start takes what was said before away.
    QTimer::singleShot(0, this, [this, sentence] {
        m_message->showMessage(MessageBar::Kind::Notice, sentence);
        offer(tr("Go on"), [this] { m_jobs.queue()->letAllLeftGoOn(); });
    });
}

void MainWindow::showSweep()
{
    (new SweepDialog(&m_jobs, m_session.path(), m_library.path(), this))->open();
}

void MainWindow::showJobResult(const Job& job)
{
    if (job.method == QLatin1String("measure")) {
        m_tabs->setCurrentWidget(m_runsPage);
        m_runsPage->setFilter(
            QStringLiteral("id:%1").arg(job.result.value(QLatin1String("run_id")).toInteger()));
    } else {
        openPath(job.output());
    }
}

void MainWindow::onJobStarted(const Job& job)
{
    m_jobStrip->begin(jobDoing(job));
}

void MainWindow::onJobFinished(const Job& job)
{
    afterJob();
    m_message->showMessage(MessageBar::Kind::Done, jobOutcome(job));
    if (job.method == QLatin1String("compress"))
        offer(tr("Open it"), [this, output = job.output()] { openPath(output); });
}

void MainWindow::onJobFailed(const Job& job, bool died)
{
    afterJob();
    if (died && job.method == QLatin1String("measure"))
        m_library.abandonRuns(job.path(), job.started, job.error.message);
    if (job.state == Job::State::Stopped) {
        m_message->showMessage(MessageBar::Kind::Notice, jobOutcome(job));
        return;
    }
    WorkerError error = job.error;
    error.message = tr("%1: %2").arg(jobTitle(job), error.message);
    m_message->showError(error);
    offer(tr("Try again"), [this, id = job.id] { m_jobs.queue()->letGoOn(id); });
}

void MainWindow::afterJob()
{
    m_jobStrip->end();
    readMeasured();
    m_runsPage->refresh();
}

/// What runs or waits is asked about, once. False: the window stays until the question is answered.
bool MainWindow::mayClose()
{
    const QList<Job> cut = m_jobs.queue()->unfinished();
    const auto counts = [](const Job& job) { return job.state != Job::State::Left; };
    if (m_mayClose || std::none_of(cut.begin(), cut.end(), counts)) return true;
    if (findChild<QMessageBox*>(QStringLiteral("quitQuestion")) != nullptr) return false;
    auto* const box = new QMessageBox(
        QMessageBox::Question, tr("Quit"),
        cut.size() == 1
            ? tr("%1 is not finished. Quit the workbench all the same?").arg(jobTitle(cut.first()))
            : tr("%1 jobs are not finished. Quit the workbench all the same?").arg(cut.size()),
        QMessageBox::NoButton, this);
    box->setObjectName(QStringLiteral("quitQuestion"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("They are offered again at the next start: a compression goes on "
                               "where it stopped, and sizes that were measured are kept."));
    QPushButton* const quit = box->addButton(tr("Quit"), QMessageBox::AcceptRole);
    quit->setObjectName(QStringLiteral("quitNow"));
    QPushButton* const stay = box->addButton(tr("Keep working"), QMessageBox::RejectRole);
    stay->setObjectName(QStringLiteral("quitNot"));
    box->setDefaultButton(stay);
    box->setEscapeButton(stay);
    connect(quit, &QPushButton::clicked, this, [this] {
        m_mayClose = true;
        close();
    });
    box->open();
    return false;
}

} // namespace bs::ui
