#include "ui/pages/answer_panel.h"
#include "ui/pages/chart_panel.h"
#include "ui/pages/heat_panel.h"
#include "ui/pages/memory_panel.h"
#include "ui/pages/order_panel.h"
#include "ui/pages/speed_panel.h"
#include "ui/pages/token_panel.h"
#include "ui/plots/curve_plot.h"
#include "ui/widgets/message_bar.h"
#include "ui/window/main_window.h"

#include <QAction>
#include <QActionGroup>
#include <QDockWidget>
#include <QFileDialog>
#include <QTableView>

namespace bs::ui {

namespace {

constexpr double kZoomStep = 1.6;

} // namespace

/// Tabs beside the curve, with titles that leave room for six.
void MainWindow::buildCharts(QDockWidget* beside)
{
    m_heatPanel = new HeatPanel(&m_session, this);
    m_orderPanel = new OrderPanel(&m_session, this);
    m_memoryPanel = new MemoryPanel(&m_session, this);
    m_speedPanel = new SpeedPanel(this);
    m_tokenPanel = new TokenPanel({m_actions.lookAtAnswer, m_actions.lookAtText}, this);
    const auto add = [&](const char* name, const QString& title, const QString& tab,
                         QWidget* panel) {
        QDockWidget* const dock =
            addPanel(QLatin1String(name), title, panel, Qt::RightDockWidgetArea);
        dock->setWindowTitle(tab);
        tabifyDockWidget(beside, dock);
    };
    beside->setWindowTitle(tr("Curve"));
    add("dockHeat", tr("Blocks by layer"), tr("Blocks"), m_heatPanel);
    add("dockOrder", tr("Loading order"), tr("Order"), m_orderPanel);
    add("dockMemory", tr("Memory over time"), tr("Memory"), m_memoryPanel);
    add("dockSpeed", tr("Speed against size"), tr("Speed"), m_speedPanel);
    add("dockTokens", tr("Divergence token by token"), tr("Tokens"), m_tokenPanel);
}

void MainWindow::connectChartPanel(QAction* show, TwinPanel* panel)
{
    connect(show, &QAction::triggered, this, [panel] {
        auto* const dock = qobject_cast<QDockWidget*>(panel->parentWidget());
        dock->show();
        dock->raise();
        (panel->isTableShown() ? static_cast<QWidget*>(panel->table()) : panel->chart())
            ->setFocus();
    });
    connect(panel, &TwinPanel::saved, m_message, &MessageBar::showDone);
    connect(panel, &TwinPanel::failed, m_message, &MessageBar::showProblem);
}

void MainWindow::connectCharts()
{
    connectChartPanel(m_actions.showCurve, m_chartPanel);
    connectChartPanel(m_actions.showHeat, m_heatPanel);
    connectChartPanel(m_actions.showOrder, m_orderPanel);
    connectChartPanel(m_actions.showMemory, m_memoryPanel);
    connectChartPanel(m_actions.showSpeed, m_speedPanel);
    connectChartPanel(m_actions.showTokens, m_tokenPanel);
    connectZoom();
    connectTokens();
    connect(m_chartPanel, &ChartPanel::dotChosen, this, &MainWindow::chooseDot);
    connect(m_chartPanel, &ChartPanel::metricChosen, this,
            [this] { m_library.readCurves(m_session.card().hash, m_chartPanel->metric()); });
    connect(m_speedPanel, &SpeedPanel::sizeChosen, this,
            [this](const QString& path, qint64 bytes) { chooseDot(path, bytes, false); });
    connect(m_actions.sizeUnits.first()->actionGroup(), &QActionGroup::triggered, this,
            &MainWindow::setSizeUnit);
    connect(&m_session, &EngineSession::stackChanged, this,
            [this] { m_chartPanel->setStack(m_session.stack()); });
    connect(&m_session, &EngineSession::cardChanged, this,
            [this] { setSizeUnit(m_actions.sizeUnits.first()->actionGroup()->checkedAction()); });
    connect(&m_session, &EngineSession::cardChanged, this, &MainWindow::readMeasured);
    connect(&m_session, &EngineSession::answered, this,
            [this] { m_library.readSpeeds(m_session.card().hash); });
    connect(&m_session, &EngineSession::stateChanged, this, [this] {
        const EngineState& state = m_session.state();
        const std::optional<qint64> budget =
            state.loaded && m_session.card().stack ? std::optional(state.fileBytes) : std::nullopt;
        m_chartPanel->plot()->setBudget(budget);
        m_speedPanel->setBudget(budget);
    });
    connect(&m_jobs, &BackgroundJobs::measured, this, &MainWindow::readMeasured);
    connect(&m_library, &Library::curvesRead, this,
            [this](const QString& hash, CurveMetric metric, const QList<CurveSeries>& series) {
                if (hash == m_session.card().hash) m_chartPanel->setSeries(series, metric);
            });
    connect(&m_library, &Library::speedsRead, this,
            [this](const QString& hash, const QList<SpeedRecord>& speeds) {
                if (hash == m_session.card().hash) m_speedPanel->setSpeeds(speeds);
            });
}

void MainWindow::connectZoom()
{
    const auto onChart = [this](QAction* action, const std::function<void(XyChart*)>& work) {
        connect(action, &QAction::triggered, this, [this, work] {
            if (XyChart* const chart = currentChart()) work(chart);
        });
    };
    onChart(m_actions.zoomIn, [](XyChart* chart) { chart->zoom(kZoomStep); });
    onChart(m_actions.zoomOut, [](XyChart* chart) { chart->zoom(1 / kZoomStep); });
    onChart(m_actions.zoomBack, [](XyChart* chart) { chart->zoomBack(); });
    onChart(m_actions.zoomAll, [](XyChart* chart) { chart->zoomAll(); });
    connect(m_actions.logarithmic, &QAction::toggled, m_chartPanel, &ChartPanel::setLogarithmic);
    connect(m_actions.logarithmicSize, &QAction::toggled, this, [this](bool on) {
        m_chartPanel->plot()->setLogarithmicX(on);
        m_speedPanel->setLogarithmicSize(on);
    });
}

XyChart* MainWindow::currentChart()
{
    XyChart* seen = nullptr;
    const auto charts = findChildren<XyChart*>();
    for (XyChart* const chart : charts) {
        if (chart->hasFocus()) return chart;
        if (chart->isSeen()) seen = chart;
    }
    return seen;
}

/// What the database holds of the model that is open.
void MainWindow::readMeasured()
{
    m_library.readCurves(m_session.card().hash, m_chartPanel->metric());
    m_library.readSpeeds(m_session.card().hash);
}

void MainWindow::connectTokens()
{
    connect(m_actions.lookAtAnswer, &QAction::triggered, this, &MainWindow::lookAtAnswer);
    connect(m_actions.lookAtText, &QAction::triggered, this, &MainWindow::lookAtText);
    connect(m_tokenPanel, &TokenPanel::cancelRequested, &m_tokenJob, &TokenJob::cancel);
    connect(&m_tokenJob, &TokenJob::progressed, m_tokenPanel, &TokenPanel::setProgress);
    connect(&m_tokenJob, &TokenJob::runningChanged, this, [this] {
        m_tokenPanel->setRunning(m_tokenJob.isRunning());
        updateLooks();
    });
    connect(&m_tokenJob, &TokenJob::finished, m_tokenPanel, &TokenPanel::setRecord);
    connect(&m_tokenJob, &TokenJob::failed, this, [this](const WorkerError& error) {
        if (error.code != kCanceledCode) m_message->showError(error);
    });
    // What was found is of the model that was open.
    connect(&m_session, &EngineSession::opened, this, [this] { m_tokenPanel->setRecord(nullptr); });
}

void MainWindow::updateLooks()
{
    const bool ready = m_session.phase() == EngineSession::Phase::Ready && m_session.card().stack &&
                       !m_tokenJob.isRunning();
    m_actions.lookAtText->setEnabled(ready);
    m_actions.lookAtAnswer->setEnabled(ready && m_conversation.model()->endsWithAnswer());
}

void MainWindow::lookAtAnswer()
{
    const AnswerSettings settings = m_answerPanel->settings();
    TokenSettings wanted;
    wanted.messages = m_conversation.model()->toJson(settings.system);
    wanted.chatTemplate = settings.chatTemplate;
    beginLook(std::move(wanted));
}

void MainWindow::lookAtText()
{
    auto* const dialog = new QFileDialog(this, tr("A text to look at"), QString(),
                                         tr("Text (*.txt *.md);;All files (*)"));
    dialog->setObjectName(QStringLiteral("tokenText"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        TokenSettings wanted;
        wanted.text = path;
        beginLook(std::move(wanted));
    });
    dialog->open();
}

void MainWindow::beginLook(TokenSettings settings)
{
    settings.path = m_session.path();
    settings.budgetBytes = m_session.state().budgetBytes;
    m_actions.showTokens->trigger();
    m_tokenJob.start(settings);
}

} // namespace bs::ui
