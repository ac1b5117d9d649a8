#include "ui/window/main_window.h"

#include "ui/pages/answer_panel.h"
#include "ui/pages/chart_panel.h"
#include "ui/pages/chat_page.h"
#include "ui/pages/conversations_panel.h"
#include "ui/pages/empty_page.h"
#include "ui/pages/model_panel.h"
#include "ui/pages/size_panel.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/job_strip.h"
#include "ui/widgets/looks.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/themed_icon.h"

#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace bs::ui {

namespace {

const QString kGeometryKey = QStringLiteral("window/geometry");
const QString kStateKey = QStringLiteral("window/state");
constexpr QSize kFirstSize{1340, 720};

/// A heading that stands out a little, and a way to close the panel.
QWidget* panelTitle(QDockWidget* dock)
{
    auto* const bar = new QWidget(dock);
    auto* const title = new QLabel(dock->windowTitle(), bar);
    scaleFont(title, 1.0, true);
    auto* const close = new QToolButton(bar);
    close->setIcon(themedIcon(QStringLiteral("close")));
    close->setIconSize({12, 12});
    close->setAutoRaise(true);
    close->setFocusPolicy(Qt::TabFocus);
    close->setToolTip(MainWindow::tr("Hide %1 (View shows it again)").arg(dock->windowTitle()));
    close->setAccessibleName(MainWindow::tr("Hide %1").arg(dock->windowTitle()));
    auto* const row = new QHBoxLayout(bar);
    row->setContentsMargins(11, 6, 4, 2);
    row->addWidget(title, 1);
    row->addWidget(close);
    QObject::connect(close, &QToolButton::clicked, dock, &QWidget::close);
    return bar;
}

} // namespace

MainWindow::MainWindow(const QString& database, QWidget* parent)
    : QMainWindow(parent)
    , m_follower(&m_session)
    , m_library(database)
    , m_conversation(&m_session, &m_library)
    , m_recipe(&m_session)
    , m_actions(this)
{
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    buildCentre();
    buildDocks();
    buildRuns();
    buildMenus();
    connectActions();
    connectCharts();
    connectConversation();
    connectSession();
    connectFollower();
    connectJobs();
    connectPreferences();
    connectCompare();
    connectRuns();
    connectRecipe();
    connectInspect();
    m_memoryLabel = new ElidedLabel(this);
    m_memoryLabel->setObjectName(QStringLiteral("memoryLabel"));
    m_deviceLabel = new QLabel(this);
    m_deviceLabel->setObjectName(QStringLiteral("deviceLabel"));
    makeQuiet(m_deviceLabel);
    statusBar()->addWidget(m_memoryLabel, 1);
    statusBar()->addPermanentWidget(m_deviceLabel);

    resize(kFirstSize);
    m_firstLayout = saveState(kLayoutVersion);
    const QSettings kept;
    restoreGeometry(kept.value(kGeometryKey).toByteArray());
    restoreState(kept.value(kStateKey).toByteArray(), kLayoutVersion);
    updatePhase();
    updateStatus();
    readMeasured();
    offerLeftJobs();
}

MainWindow::~MainWindow()
{
    m_keptJobs.keep(m_jobs.queue()->unfinished());
    // A measurement that is cut off here would stand as running for ever.
    if (const Job* const job = m_jobs.queue()->running();
        job != nullptr && job->method == QLatin1String("measure"))
        m_library.abandonRuns(job->path(), job->started, tr("The workbench was closed."));
    // Panels look at the session; what they would see while it goes is of no use.
    m_session.disconnect();
    m_jobs.disconnect();
    m_tokenJob.disconnect();
    m_library.disconnect();
}

void MainWindow::buildCentre()
{
    auto* const centre = new QWidget(this);
    m_message = new MessageBar(centre);
    m_jobStrip = new JobStrip(centre);
    m_tabs = new QTabWidget(centre);
    m_tabs->setObjectName(QStringLiteral("pages"));
    m_tabs->setAccessibleName(tr("Pages"));
    m_tabs->setDocumentMode(true);
    m_tabs->setTabBarAutoHide(true);
    m_pages = new QStackedWidget(m_tabs);
    m_emptyPage = new EmptyPage(&m_recent, m_pages);
    m_chatPage = new ChatPage(&m_session, &m_conversation, m_pages);
    m_pages->addWidget(m_emptyPage);
    m_pages->addWidget(m_chatPage);
    m_tabs->addTab(m_pages, tr("Chat"));
    auto* const column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_message);
    column->addWidget(m_tabs, 1);
    column->addWidget(m_jobStrip);
    setCentralWidget(centre);
}

void MainWindow::addPage(QWidget* page, const QString& title, QAction* show)
{
    m_tabs->addTab(page, title);
    connect(show, &QAction::triggered, this, [this, page] {
        m_tabs->setCurrentWidget(page);
        page->setFocus();
    });
}

QDockWidget* MainWindow::addPanel(const QString& name, const QString& title, QWidget* panel,
                                  Qt::DockWidgetArea area)
{
    auto* const dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setWidget(panel);
    dock->setFeatures(QDockWidget::DockWidgetClosable | QDockWidget::DockWidgetMovable);
    dock->setTitleBarWidget(panelTitle(dock));
    addDockWidget(area, dock);
    return dock;
}

void MainWindow::buildDocks()
{
    m_answerPanel = new AnswerPanel(this);
    m_sizePanel = new SizePanel(&m_session, this);
    m_chartPanel = new ChartPanel(
        {m_actions.measure, m_actions.logarithmic, m_actions.table, m_actions.savePng}, this);
    m_conversationsPanel =
        new ConversationsPanel(&m_library, &m_conversation,
                               {m_actions.newConversation, m_actions.renameConversation,
                                m_actions.deleteConversation, m_actions.exportConversation},
                               this);
    auto* const conversations = addPanel(QStringLiteral("dockConversations"), tr("Conversations"),
                                         m_conversationsPanel, Qt::LeftDockWidgetArea);
    conversations->toggleViewAction()->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_H);
    m_modelPanel = new ModelPanel(&m_session, this);
    auto* const model =
        addPanel(QStringLiteral("dockModel"), tr("Model"), m_modelPanel, Qt::LeftDockWidgetArea);
    auto* const answers = addPanel(QStringLiteral("dockAnswers"), tr("Answers"), m_answerPanel,
                                   Qt::LeftDockWidgetArea);
    auto* const size =
        addPanel(QStringLiteral("dockSize"), tr("Size"), m_sizePanel, Qt::RightDockWidgetArea);
    auto* const chart = addPanel(QStringLiteral("dockChart"), tr("Quality against size"),
                                 m_chartPanel, Qt::RightDockWidgetArea);
    buildCharts(chart);
    chart->raise();
    tabifyDockWidget(model, answers);
    model->raise();
    resizeDocks({conversations, size}, {290, 400}, Qt::Horizontal);
    resizeDocks({conversations, model}, {250, 380}, Qt::Vertical);
    resizeDocks({size, chart}, {292, 372}, Qt::Vertical);
    m_conversation.setSettings(m_answerPanel->settings());
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    const auto isLocal = [](const QUrl& url) { return url.isLocalFile(); };
    if (std::any_of(urls.begin(), urls.end(), isLocal)) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    QStringList paths;
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile()) paths.append(url.toLocalFile());
    if (paths.isEmpty()) return;
    event->acceptProposedAction();
    openPath(paths.first());
    if (paths.size() == 1) return;
    for (qsizetype i = paths.size() - 1; i > 0; --i)
        m_recent.add(paths[i]);
    m_message->showMessage(MessageBar::Kind::Notice,
                           tr("One model is open at a time: %1. The others you dropped are under "
                              "File > Open recent.")
                               .arg(QFileInfo(paths.first()).fileName()));
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!mayClose()) {
        event->ignore();
        return;
    }
    QSettings kept;
    kept.setValue(kGeometryKey, saveGeometry());
    kept.setValue(kStateKey, saveState(kLayoutVersion));
    QMainWindow::closeEvent(event);
}

} // namespace bs::ui
