#include "ui/main_window.h"

#include "ui/dialogs/command_palette.h"
#include "ui/dialogs/compress_dialog.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/dialogs/measure_dialog.h"
#include "ui/dialogs/template_dialog.h"
#include "ui/models/words.h"
#include "ui/pages/answer_panel.h"
#include "ui/pages/chart_panel.h"
#include "ui/pages/chat_page.h"
#include "ui/pages/conversations_panel.h"
#include "ui/pages/empty_page.h"
#include "ui/pages/heat_panel.h"
#include "ui/pages/model_panel.h"
#include "ui/pages/order_panel.h"
#include "ui/pages/size_panel.h"
#include "ui/plots/curve_plot.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/job_strip.h"
#include "ui/widgets/looks.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/themed_icon.h"

#include <QAction>
#include <QActionGroup>
#include <QCloseEvent>
#include <QCoreApplication>
#include <QDesktopServices>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTableView>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace bs::ui {

namespace {

const QString kGeometryKey = QStringLiteral("window/geometry");
const QString kStateKey = QStringLiteral("window/state");
/// Changes with the docks that there are: a layout of other docks is not restored.
constexpr int kLayoutVersion = 4;
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
    , m_library(database)
    , m_conversation(&m_session, &m_library)
    , m_actions(this)
{
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    buildCentre();
    buildDocks();
    buildMenus();
    connectActions();
    connectCharts();
    connectConversation();
    connectSession();
    connectJobs();
    m_memoryLabel = new ElidedLabel(this);
    m_memoryLabel->setObjectName(QStringLiteral("memoryLabel"));
    m_deviceLabel = new QLabel(this);
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
    m_library.readCurves({});
}

MainWindow::~MainWindow()
{
    // Panels look at the session; what they would see while it goes is of no use.
    m_session.disconnect();
    m_jobs.disconnect();
    m_library.disconnect();
}

void MainWindow::buildCentre()
{
    auto* const centre = new QWidget(this);
    m_message = new MessageBar(centre);
    m_jobStrip = new JobStrip(centre);
    m_pages = new QStackedWidget(centre);
    m_emptyPage = new EmptyPage(&m_recent, m_pages);
    m_chatPage = new ChatPage(&m_session, &m_conversation, m_pages);
    m_pages->addWidget(m_emptyPage);
    m_pages->addWidget(m_chatPage);
    auto* const column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_message);
    column->addWidget(m_pages, 1);
    column->addWidget(m_jobStrip);
    setCentralWidget(centre);
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
    auto* const model = addPanel(QStringLiteral("dockModel"), tr("Model"),
                                 new ModelPanel(&m_session, this), Qt::LeftDockWidgetArea);
    auto* const answers = addPanel(QStringLiteral("dockAnswers"), tr("Answers"), m_answerPanel,
                                   Qt::LeftDockWidgetArea);
    auto* const size =
        addPanel(QStringLiteral("dockSize"), tr("Size"), m_sizePanel, Qt::RightDockWidgetArea);
    auto* const chart = addPanel(QStringLiteral("dockChart"), tr("Quality against size"),
                                 m_chartPanel, Qt::RightDockWidgetArea);
    m_heatPanel = new HeatPanel(&m_session, this);
    m_orderPanel = new OrderPanel(&m_session, this);
    tabifyDockWidget(chart, addPanel(QStringLiteral("dockHeat"), tr("Blocks by layer"), m_heatPanel,
                                     Qt::RightDockWidgetArea));
    tabifyDockWidget(chart, addPanel(QStringLiteral("dockOrder"), tr("Loading order"), m_orderPanel,
                                     Qt::RightDockWidgetArea));
    chart->raise();
    tabifyDockWidget(model, answers);
    model->raise();
    resizeDocks({conversations, size}, {290, 400}, Qt::Horizontal);
    resizeDocks({conversations, model}, {250, 380}, Qt::Vertical);
    resizeDocks({size, chart}, {264, 400}, Qt::Vertical);
    m_conversation.setSettings(m_answerPanel->settings());
}

void MainWindow::buildMenus()
{
    QMenu* const file = menuBar()->addMenu(tr("&File"));
    file->addActions({m_actions.openFile, m_actions.openFolder});
    m_recentMenu = file->addMenu(tr("Open &recent"));
    file->addSeparator();
    file->addActions({m_actions.compress, m_actions.exportModel, m_actions.savePng});
    file->addSeparator();
    file->addActions({m_actions.closeModel, m_actions.quit});
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
    size->addSeparator();
    const auto step = [&](QAction* action, const char* name, const QString& tip,
                          QKeySequence::StandardKey key) {
        action->setObjectName(QLatin1String(name));
        action->setToolTip(tip);
        action->setShortcut(key);
        size->addAction(action);
    };
    SizeHistory* const history = m_sizePanel->history();
    step(history->createUndoAction(this), "actionUndoSize", tr("Back to the size before"),
         QKeySequence::Undo);
    step(history->createRedoAction(this), "actionRedoSize", tr("The size that was left again"),
         QKeySequence::Redo);
    QMenu* const chart = menuBar()->addMenu(tr("C&hart"));
    chart->addActions(
        {m_actions.measure, m_actions.logarithmic, m_actions.table, m_actions.savePng});
    chart->addSeparator();
    chart->addActions(m_actions.sizeUnits);
    QMenu* const view = menuBar()->addMenu(tr("&View"));
    view->addActions({m_actions.showCurve, m_actions.showHeat, m_actions.showOrder});
    view->addSeparator();
    const auto docks = findChildren<QDockWidget*>();
    for (QDockWidget* const dock : docks) {
        dock->toggleViewAction()->setToolTip(tr("Show or hide %1").arg(dock->windowTitle()));
        view->addAction(dock->toggleViewAction());
    }
    view->addSeparator();
    view->addAction(m_actions.resetLayout);
    QMenu* const help = menuBar()->addMenu(tr("&Help"));
    help->addActions({m_actions.palette, m_actions.about});

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

void MainWindow::connectActions()
{
    connect(m_actions.openFile, &QAction::triggered, this, &MainWindow::askFile);
    connect(m_actions.openFolder, &QAction::triggered, this, &MainWindow::askFolder);
    connect(m_actions.closeModel, &QAction::triggered, &m_session, &EngineSession::closeModel);
    connect(m_actions.compress, &QAction::triggered, this, &MainWindow::showCompress);
    connect(m_actions.exportModel, &QAction::triggered, this, &MainWindow::showExport);
    connect(m_actions.savePng, &QAction::triggered, this, [this] { m_chartPanel->askPicture({}); });
    connect(m_actions.quit, &QAction::triggered, this, &QWidget::close);
    connect(m_actions.newConversation, &QAction::triggered, &m_conversation,
            &Conversation::startNew);
    connect(m_actions.stop, &QAction::triggered, &m_session, &EngineSession::stopAnswer);
    connect(m_actions.regenerate, &QAction::triggered, &m_conversation,
            [this] { m_conversation.regenerate(); });
    connect(m_actions.focusPrompt, &QAction::triggered, m_chatPage, &ChatPage::focusPrompt);
    connect(m_actions.smaller, &QAction::triggered, this, [this] { m_sizePanel->step(-1); });
    connect(m_actions.larger, &QAction::triggered, this, [this] { m_sizePanel->step(1); });
    connect(m_actions.smallest, &QAction::triggered, this,
            [this] { m_sizePanel->setToEnd(false); });
    connect(m_actions.largest, &QAction::triggered, this, [this] { m_sizePanel->setToEnd(true); });
    connect(m_actions.measure, &QAction::triggered, this, &MainWindow::showMeasure);
    connect(m_actions.logarithmic, &QAction::toggled, m_chartPanel, &ChartPanel::setLogarithmic);
    connect(m_actions.table, &QAction::toggled, m_chartPanel, &ChartPanel::setTableShown);
    connect(m_chartPanel, &ChartPanel::tableShownChanged, m_actions.table, &QAction::setChecked);
    connect(m_actions.resetLayout, &QAction::triggered, this,
            [this] { restoreState(m_firstLayout, kLayoutVersion); });
    connect(m_actions.palette, &QAction::triggered, this,
            [this] { (new CommandPalette(this))->open(); });
    connect(m_actions.about, &QAction::triggered, this, &MainWindow::showAbout);

    connect(m_emptyPage, &EmptyPage::openRequested, this, &MainWindow::askFile);
    connect(m_emptyPage, &EmptyPage::openPathRequested, this, &MainWindow::openPath);
    connect(m_emptyPage, &EmptyPage::demoRequested, this, &MainWindow::tryDemo);
    connect(m_sizePanel, &SizePanel::compressRequested, this, &MainWindow::showCompress);
    connect(m_sizePanel, &SizePanel::refused, this, [this](const QString& sentence) {
        m_message->showMessage(MessageBar::Kind::Error, sentence);
    });
    connect(m_chartPanel, &ChartPanel::dotChosen, this, &MainWindow::chooseDot);
    connect(m_message, &MessageBar::offered, this, [this] {
        if (const auto action = std::exchange(m_offered, {})) action();
    });
}

void MainWindow::connectCharts()
{
    const auto goTo = [this](QAction* action, TwinPanel* panel) {
        connect(action, &QAction::triggered, this, [panel] {
            auto* const dock = qobject_cast<QDockWidget*>(panel->parentWidget());
            dock->show();
            dock->raise();
            (panel->isTableShown() ? static_cast<QWidget*>(panel->table()) : panel->chart())
                ->setFocus();
        });
        connect(panel, &TwinPanel::saved, this, [this](const QString& sentence) {
            m_message->showMessage(MessageBar::Kind::Done, sentence);
        });
        connect(panel, &TwinPanel::failed, this, [this](const QString& sentence) {
            m_message->showMessage(MessageBar::Kind::Error, sentence);
        });
    };
    goTo(m_actions.showCurve, m_chartPanel);
    goTo(m_actions.showHeat, m_heatPanel);
    goTo(m_actions.showOrder, m_orderPanel);
    connect(m_actions.sizeUnits.first()->actionGroup(), &QActionGroup::triggered, this,
            &MainWindow::setSizeUnit);
    connect(&m_session, &EngineSession::stackChanged, this,
            [this] { m_chartPanel->setStack(m_session.stack()); });
    connect(&m_session, &EngineSession::cardChanged, this,
            [this] { setSizeUnit(m_actions.sizeUnits.first()->actionGroup()->checkedAction()); });
}

void MainWindow::setSizeUnit(QAction* unit)
{
    const auto chosen = unit->data().value<SizeUnit>();
    m_chartPanel->setSizeAxis({chosen, m_session.card().parameters});
    m_orderPanel->setSizeUnit(chosen);
}

void MainWindow::connectConversation()
{
    connect(m_actions.searchConversations, &QAction::triggered, this, [this] {
        findChild<QDockWidget*>(QStringLiteral("dockConversations"))->show();
        m_conversationsPanel->focusSearch();
    });
    connect(m_actions.editTemplate, &QAction::triggered, this, &MainWindow::showTemplate);
    connect(m_answerPanel, &AnswerPanel::templateRequested, this, &MainWindow::showTemplate);
    connect(m_answerPanel, &AnswerPanel::changed, this,
            [this] { m_conversation.setSettings(m_answerPanel->settings()); });
    connect(&m_conversation, &Conversation::promptLoaded, m_answerPanel, &AnswerPanel::setPrompt);
    connect(&m_conversation, &Conversation::currentChanged, this, &MainWindow::updatePhase);
    connect(&m_conversation, &Conversation::opened, this, &MainWindow::onConversationOpened);
    connect(m_chatPage, &ChatPage::webLinkClicked, this, &MainWindow::onWebLink);
    connect(m_conversationsPanel, &ConversationsPanel::exported, this, [this](const QString& path) {
        m_message->showMessage(MessageBar::Kind::Done,
                               tr("The conversation was written to %1.").arg(path));
    });
}

void MainWindow::connectSession()
{
    connect(&m_session, &EngineSession::phaseChanged, this, &MainWindow::updatePhase);
    connect(&m_session, &EngineSession::cardChanged, this, &MainWindow::updatePhase);
    connect(&m_session, &EngineSession::cardChanged, this,
            [this] { m_library.readCurves(m_session.card().hash); });
    connect(&m_session, &EngineSession::stateChanged, this, &MainWindow::updateStatus);
    connect(&m_session, &EngineSession::deviceChanged, this, &MainWindow::updateStatus);
    connect(&m_session, &EngineSession::opened, this, &MainWindow::onOpened);
    connect(&m_session, &EngineSession::openFailed, this, &MainWindow::onOpenFailed);
    connect(&m_session, &EngineSession::workerLost, this, &MainWindow::onWorkerLost);
    connect(&m_session, &EngineSession::slideFailed, m_message, &MessageBar::showError);
    connect(&m_session, &EngineSession::answerFailed, this, [this](const WorkerError& error) {
        if (m_session.phase() == EngineSession::Phase::Ready) m_message->showError(error);
    });
    connect(&m_library, &Library::failed, m_message, &MessageBar::showError);
    connect(&m_library, &Library::curvesRead, this,
            [this](const QString& hash, const QList<CurveSeries>& series) {
                if (hash == m_session.card().hash) m_chartPanel->setSeries(series);
            });
    connect(&m_demo, &DemoModel::fetched, this, [this] {
        m_emptyPage->updateDemo(false);
        openPath(DemoModel::path());
    });
    connect(&m_demo, &DemoModel::failed, this,
            [this](const QString& sentence, const QString& details) {
                m_emptyPage->updateDemo(false);
                m_message->showMessage(MessageBar::Kind::Error, sentence, details);
            });
}

void MainWindow::connectJobs()
{
    connect(&m_jobs, &BackgroundJobs::started, this, [this] {
        const auto name = [](const QString& path) { return QFileInfo(path).fileName(); };
        if (m_jobs.running() == BackgroundJobs::Kind::Compress)
            m_jobStrip->begin(tr("Compressing %1").arg(name(m_jobs.compressSettings().path)));
        else if (m_jobs.running() == BackgroundJobs::Kind::Export)
            m_jobStrip->begin(tr("Exporting %1").arg(name(m_jobs.exportSettings().path)));
        else
            m_jobStrip->begin(tr("Measuring %1").arg(name(m_jobs.measureSettings().path)));
        updatePhase();
    });
    connect(&m_jobs, &BackgroundJobs::progressed, m_jobStrip, &JobStrip::setProgress);
    connect(m_jobStrip, &JobStrip::cancelRequested, &m_jobs, &BackgroundJobs::cancel);
    connect(&m_jobs, &BackgroundJobs::measured, this,
            [this] { m_library.readCurves(m_session.card().hash); });
    connect(&m_jobs, &BackgroundJobs::compressed, this, &MainWindow::onCompressed);
    connect(&m_jobs, &BackgroundJobs::curveFinished, this, [this](int points) {
        m_jobStrip->end();
        updatePhase();
        m_library.readCurves(m_session.card().hash);
        m_message->showMessage(MessageBar::Kind::Done, points == 1
                                                           ? tr("Measured one size.")
                                                           : tr("Measured %1 sizes.").arg(points));
    });
    connect(&m_jobs, &BackgroundJobs::exported, this, [this](const QString& output, qint64 bytes) {
        m_jobStrip->end();
        updatePhase();
        m_message->showMessage(
            MessageBar::Kind::Done,
            tr("Exported to %1 (%2).").arg(QFileInfo(output).fileName(), sizeText(bytes)));
    });
    connect(&m_jobs, &BackgroundJobs::failed, this, &MainWindow::onJobFailed);
}

void MainWindow::openPath(const QString& path)
{
    m_lastPath = QFileInfo(path).absoluteFilePath();
    m_message->hide();
    m_session.open(m_lastPath);
}

void MainWindow::askFile()
{
    const QString path =
        QFileDialog::getOpenFileName(this, tr("Open a model"), QFileInfo(m_lastPath).absolutePath(),
                                     tr("Models (*.gguf *.bitstack *.safetensors);;All files (*)"));
    if (!path.isEmpty()) openPath(path);
}

void MainWindow::askFolder()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Open a Hugging Face folder"),
                                                           QFileInfo(m_lastPath).absolutePath());
    if (!path.isEmpty()) openPath(path);
}

void MainWindow::tryDemo()
{
    if (DemoModel::isThere()) {
        openPath(DemoModel::path());
        return;
    }
    m_demo.fetch();
    m_emptyPage->updateDemo(m_demo.isFetching());
}

void MainWindow::showCompress()
{
    if (m_session.path().isEmpty() || m_jobs.running() != BackgroundJobs::Kind::None) return;
    auto* const dialog = new CompressDialog(&m_jobs, m_session.path(), this);
    dialog->open();
}

void MainWindow::showMeasure()
{
    if (m_session.path().isEmpty() || m_jobs.running() != BackgroundJobs::Kind::None) return;
    const ModelCard& card = m_session.card();
    const SizeScale scale = card.stack ? SizeScale(card.stack->smallestBytes,
                                                   card.stack->largestBytes, m_session.sizes())
                                       : SizeScale();
    auto* const dialog = new MeasureDialog(card, scale, m_library.path(), this);
    connect(dialog, &MeasureDialog::startRequested, &m_jobs, &BackgroundJobs::measure);
    dialog->open();
}

void MainWindow::showExport()
{
    if (m_session.path().isEmpty() || m_jobs.running() != BackgroundJobs::Kind::None) return;
    auto* const dialog =
        new ExportDialog(&m_jobs, m_session.card(), m_session.state().fileBytes, this);
    dialog->open();
}

void MainWindow::showTemplate()
{
    if (!m_session.state().loaded) return;
    auto* const dialog = new TemplateDialog(&m_session, m_answerPanel->settings().chatTemplate,
                                            m_answerPanel->settings().system, this);
    connect(dialog, &TemplateDialog::chosen, this, [this](const std::optional<QString>& text) {
        m_answerPanel->setPrompt(m_answerPanel->settings().system, text);
    });
    dialog->open();
}

void MainWindow::showAbout()
{
    auto* const box = new QMessageBox(
        QMessageBox::NoIcon, tr("About BitStack Workbench"),
        tr("<b>BitStack Workbench %1</b><p>Compress a language model once, then choose how many "
           "bytes it may "
           "use.</p><p>Method: BitStack, Wang et al., ICLR 2025.<br>Licence: GPL-3.0-or-later.</p>")
            .arg(QCoreApplication::applicationVersion()),
        QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

/// A point of the file that is open sets its size; one of another file opens that.
void MainWindow::chooseDot(const QString& path, qint64 bytes, bool dense)
{
    if (path == m_session.path()) {
        if (!dense) m_session.slide(bytes);
        return;
    }
    m_lastPath = path;
    m_message->hide();
    m_session.open(path, dense ? std::nullopt : std::optional(bytes));
}

void MainWindow::updatePhase()
{
    using Phase = EngineSession::Phase;
    const Phase phase = m_session.phase();
    const bool model = !m_session.path().isEmpty();
    const bool ready = phase == Phase::Ready;
    const bool idleJobs = m_jobs.running() == BackgroundJobs::Kind::None;
    const bool stack = m_session.card().stack.has_value() && (ready || phase == Phase::Answering);
    const bool chat = model || m_conversation.id() != 0;
    m_pages->setCurrentWidget(chat ? static_cast<QWidget*>(m_chatPage) : m_emptyPage);
    m_emptyPage->setBusy(phase == Phase::Opening && !model
                             ? tr("Opening %1 ...").arg(QFileInfo(m_lastPath).fileName())
                             : QString());
    m_actions.closeModel->setEnabled(model);
    m_actions.compress->setEnabled(model && idleJobs && m_session.card().codec.isEmpty());
    m_actions.exportModel->setEnabled(model && idleJobs);
    m_actions.measure->setEnabled(model && idleJobs);
    m_actions.newConversation->setEnabled(ready);
    m_actions.regenerate->setEnabled(m_conversation.canRegenerate());
    m_actions.focusPrompt->setEnabled(model);
    m_actions.editTemplate->setEnabled(ready);
    m_actions.stop->setEnabled(phase == Phase::Answering);
    for (QAction* const action :
         {m_actions.smaller, m_actions.larger, m_actions.smallest, m_actions.largest})
        action->setEnabled(stack);
    setWindowTitle(model ? QFileInfo(m_session.path()).fileName() : QString());
    m_chartPanel->plot()->setEmptyText(
        model ? tr("No measurements of this model yet.\n\"Measure curve\" makes them.")
              : tr("No measurements yet.\nOpen a model and measure its curve."));
    if (!model) updateStatus();
}

void MainWindow::updateStatus()
{
    const EngineState& state = m_session.state();
    m_deviceLabel->setText(m_session.device());
    if (!state.loaded) {
        m_memoryLabel->setText(m_session.path().isEmpty() ? tr("No model is open")
                                                          : tr("Opening ..."));
        m_chartPanel->plot()->setBudget(std::nullopt);
        return;
    }
    m_memoryLabel->setText(
        tr("Weights %1   ·   KV cache %2   ·   engine in all %3   ·   free memory %4")
            .arg(sizeText(state.weightBytes), sizeText(state.kvBytes), sizeText(state.rssBytes),
                 sizeText(state.freeMemoryBytes)));
    m_chartPanel->plot()->setBudget(m_session.card().stack ? std::optional(state.fileBytes)
                                                           : std::nullopt);
}

void MainWindow::onOpened(const QString& path)
{
    m_recent.add(path);
    m_chatPage->focusPrompt();
    if (m_session.card().truncated)
        m_message->showMessage(MessageBar::Kind::Notice,
                               tr("%1 is cut off; it was opened up to its last whole block.")
                                   .arg(QFileInfo(path).fileName()));
}

/// Without a model the one it was begun with is opened: that is what going on with it takes.
void MainWindow::onConversationOpened(const QString& modelPath)
{
    if (m_session.phase() != EngineSession::Phase::Empty) return;
    if (QFileInfo::exists(modelPath)) {
        openPath(modelPath);
        return;
    }
    m_message->showMessage(MessageBar::Kind::Notice,
                           tr("%1, with which this conversation was begun, is not there any more. "
                              "Open a model to go on with it.")
                               .arg(modelPath));
    offer(tr("Open..."), [this] { askFile(); });
}

/// A link that a model wrote is followed only by a second, deliberate click.
void MainWindow::onWebLink(const QUrl& url)
{
    m_message->showMessage(MessageBar::Kind::Notice,
                           tr("The answer links to %1").arg(url.toDisplayString()));
    offer(tr("Open in the browser"), [url] { QDesktopServices::openUrl(url); });
}

void MainWindow::onOpenFailed(const WorkerError& error)
{
    if (!QFileInfo::exists(m_lastPath)) m_recent.remove(m_lastPath);
    m_message->showError(error);
    offer(tr("Try again"), [this, path = m_lastPath] { openPath(path); });
}

void MainWindow::onWorkerLost(const WorkerClient::Death& death, std::optional<qint64> nextBudget,
                              bool restarts)
{
    if (!restarts) return; // what follows from it is told
    const QString next = nextBudget ? tr(" It was started again at %1; the conversation is kept.")
                                          .arg(sizeText(*nextBudget))
                                    : tr(" It was started again; the conversation is kept.");
    m_message->showMessage(MessageBar::Kind::Error, death.sentence + next, death.details);
}

void MainWindow::onCompressed(const QString& output, qint64 fileBytes, double seconds)
{
    m_jobStrip->end();
    updatePhase();
    m_message->showMessage(
        MessageBar::Kind::Done,
        tr("Compressed to %1 (%2) in %3.")
            .arg(QFileInfo(output).fileName(), sizeText(fileBytes), durationText(seconds)));
    offer(tr("Open it"), [this, output] { openPath(output); });
}

void MainWindow::onJobFailed(const WorkerError& error)
{
    m_jobStrip->end();
    updatePhase();
    if (error.code == kCanceledCode)
        m_message->showMessage(MessageBar::Kind::Notice, tr("Stopped. What was finished is kept."));
    else
        m_message->showError(error);
}

void MainWindow::offer(const QString& text, std::function<void()> action)
{
    m_offered = std::move(action);
    m_message->setOffer(text);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (!urls.isEmpty() && urls.first().isLocalFile()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.isEmpty() || !urls.first().isLocalFile()) return;
    event->acceptProposedAction();
    openPath(urls.first().toLocalFile());
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    QSettings kept;
    kept.setValue(kGeometryKey, saveGeometry());
    kept.setValue(kStateKey, saveState(kLayoutVersion));
    QMainWindow::closeEvent(event);
}

} // namespace bs::ui
