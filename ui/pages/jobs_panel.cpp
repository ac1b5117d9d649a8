#include "ui/pages/jobs_panel.h"

#include "ui/jobs/background_jobs.h"
#include "ui/models/job_words.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/job_delegate.h"
#include "ui/widgets/looks.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QListView>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTextCursor>
#include <QToolButton>

namespace bs::ui {

namespace {

constexpr int kDetailLines = 6;

} // namespace

JobsPanel::JobsPanel(BackgroundJobs* jobs, const Actions& actions, QWidget* parent)
    : QWidget(parent)
    , m_jobs(jobs)
    , m_actions(actions)
    , m_model(jobs->queue())
    , m_list(new QListView(this))
    , m_empty(new QLabel(tr("No jobs.\nCompress, measure or export a model: it runs here, one "
                            "after another, while the chat goes on."),
                         this))
    , m_details(new QPlainTextEdit(this))
{
    build();
    connectActions();
    updateActions();
    updateDetails();
}

void JobsPanel::build()
{
    m_list->setObjectName(QStringLiteral("jobList"));
    m_list->setAccessibleName(tr("Jobs"));
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new JobDelegate(this));
    m_list->setUniformItemSizes(true);
    m_list->setTextElideMode(Qt::ElideMiddle); // files of a sweep differ at their end
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_empty->setObjectName(QStringLiteral("jobsEmpty"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    makeQuiet(m_empty);
    m_details->setObjectName(QStringLiteral("jobDetails"));
    m_details->setAccessibleName(tr("The chosen job"));
    m_details->setReadOnly(true);
    m_details->setTabChangesFocus(true);
    m_details->setFixedHeight(kDetailLines * m_details->fontMetrics().lineSpacing() + 12);

    auto* const buttons = new QHBoxLayout;
    buttons->setSpacing(2);
    for (QAction* const action : {m_actions.stop, m_actions.goOn, m_actions.earlier,
                                  m_actions.later, m_actions.remove, m_actions.openResult})
        buttons->addWidget(actionButton(action, this));
    buttons->addStretch(1);
    buttons->addWidget(actionButton(m_actions.clear, this));
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(8, 4, 8, 6);
    column->setSpacing(4);
    column->addWidget(m_list, 1);
    column->addWidget(m_empty, 1);
    column->addWidget(m_details);
    column->addLayout(buttons);
    // Their keys mean something else elsewhere.
    m_list->addActions({m_actions.earlier, m_actions.later, m_actions.remove, m_actions.copy});
}

void JobsPanel::connectActions()
{
    JobQueue* const queue = m_jobs->queue();
    const auto onChosen = [this](QAction* action, auto what) {
        connect(action, &QAction::triggered, this, [this, what] {
            if (const Job* const job = chosen()) what(job->id);
        });
    };
    connect(m_actions.stop, &QAction::triggered, m_jobs, [this] { m_jobs->cancel(); });
    connect(m_actions.goOn, &QAction::triggered, this, [this, queue] {
        const Job* const job = chosen();
        if (job != nullptr && job->canGoOn())
            queue->letGoOn(job->id);
        else
            queue->letAllLeftGoOn();
    });
    onChosen(m_actions.earlier, [queue](qint64 id) { queue->move(id, -1); });
    onChosen(m_actions.later, [queue](qint64 id) { queue->move(id, 1); });
    onChosen(m_actions.remove, [queue](qint64 id) { queue->remove(id); });
    onChosen(m_actions.copy, [queue](qint64 id) {
        QGuiApplication::clipboard()->setText(jobDetails(*queue->find(id)));
    });
    const auto open = [this] {
        if (const Job* const job = chosen(); job != nullptr && job->state == Job::State::Done)
            Q_EMIT resultRequested(*job);
    };
    connect(m_actions.openResult, &QAction::triggered, this, open);
    connect(m_list, &QListView::activated, this, open);
    connect(m_actions.clear, &QAction::triggered, queue, &JobQueue::clearFinished);
    connect(queue, &JobQueue::altered, this, [this] {
        updateActions();
        updateDetails();
    });
    connect(queue, &JobQueue::changed, this, [this](int row) {
        if (row == m_list->currentIndex().row()) updateDetails();
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, [this] {
        updateActions();
        updateDetails();
    });
}

const Job* JobsPanel::chosen() const
{
    const QModelIndex current = m_list->currentIndex();
    return current.isValid() ? m_jobs->queue()->find(current.data(JobsModel::IdRole).toLongLong())
                             : nullptr;
}

void JobsPanel::updateActions()
{
    const JobQueue& queue = *m_jobs->queue();
    const Job* const job = chosen();
    const Job* const running = queue.running();
    m_actions.stop->setEnabled(running != nullptr && running->state == Job::State::Running);
    m_actions.goOn->setEnabled((job != nullptr && job->canGoOn()) ||
                               queue.count(Job::State::Left) > 0);
    m_actions.earlier->setEnabled(job != nullptr && queue.canMove(job->id, -1));
    m_actions.later->setEnabled(job != nullptr && queue.canMove(job->id, 1));
    m_actions.remove->setEnabled(job != nullptr && !job->isRunning());
    m_actions.copy->setEnabled(job != nullptr);
    m_actions.openResult->setEnabled(job != nullptr && job->state == Job::State::Done);
    m_actions.clear->setEnabled(!queue.jobs().isEmpty() && queue.jobs().last().isFinished());
    m_empty->setVisible(queue.jobs().isEmpty());
    m_list->setVisible(!queue.jobs().isEmpty());
    m_details->setVisible(!queue.jobs().isEmpty());
}

void JobsPanel::updateDetails()
{
    const Job* const job = chosen();
    const QString text = job != nullptr ? jobDetails(*job) : tr("Choose a job to read all of it.");
    // What is being copied stays until it is let go.
    if (text == m_details->toPlainText() || m_details->textCursor().hasSelection()) return;
    const int place = m_details->verticalScrollBar()->value();
    m_details->setPlainText(text);
    m_details->verticalScrollBar()->setValue(place);
}

void JobsPanel::focusList()
{
    if (!m_list->currentIndex().isValid()) m_list->setCurrentIndex(m_model.index(0));
    (m_model.rowCount() > 0 ? static_cast<QWidget*>(m_list) : this)->setFocus();
}

} // namespace bs::ui
