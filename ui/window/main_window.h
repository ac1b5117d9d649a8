#pragma once

#include "ui/jobs/background_jobs.h"
#include "ui/jobs/conversation.h"
#include "ui/jobs/demo_model.h"
#include "ui/jobs/engine_session.h"
#include "ui/jobs/kept_jobs.h"
#include "ui/jobs/library.h"
#include "ui/jobs/memory_follower.h"
#include "ui/jobs/recipe_desk.h"
#include "ui/jobs/token_job.h"
#include "ui/models/preferences.h"
#include "ui/models/recent_files_model.h"
#include "ui/window/window_actions.h"

#include <QMainWindow>

#include <functional>

class QDockWidget;
class QLabel;
class QMenu;
class QStackedWidget;
class QTabWidget;

namespace bs::ui {

class AnswerPanel;
class ChartPanel;
class ChatPage;
class ComparePage;
class ConversationsPanel;
class EmptyPage;
class HeatPanel;
class JobStrip;
class JobsPanel;
class MemoryPanel;
class MeasureDialog;
class MessageBar;
class ModelPanel;
class OrderPanel;
class RunsPage;
class SizePanel;
class SpeedPanel;
class TokenPanel;
class TwinPanel;
class XyChart;

/// Puts the panels together and passes on what they ask for; what is done lies in ui/jobs.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    /// `database` empty: the default one.
    explicit MainWindow(const QString& database, QWidget* parent = nullptr);
    ~MainWindow() override;

    void openPath(const QString& path);
    EngineSession* session() { return &m_session; }
    MemoryFollower* follower() { return &m_follower; }
    BackgroundJobs* jobs() { return &m_jobs; }

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

private:
    /// Changes with the docks that there are: a layout of other docks is not restored.
    static constexpr int kLayoutVersion = 5;

    // main_window.cpp, main_window_menus.cpp
    void buildCentre();
    /// A page beside the chat; `show` goes to it.
    void addPage(QWidget* page, const QString& title, QAction* show);
    void buildDocks();
    void buildMenus();
    void buildRecentMenu();
    void buildMarksMenu();
    QDockWidget* addPanel(const QString& name, const QString& title, QWidget* panel,
                          Qt::DockWidgetArea area);
    // main_window_connections.cpp
    void connectActions();
    void connectConversation();
    void connectSession();
    void connectFollower();
    // main_window_preferences.cpp
    void connectPreferences();
    void showPreferences();
    void applyPreferences(const Preferences& chosen);
    // main_window_recipe.cpp
    void buildRecipeMenu(QMenu* menu);
    void connectRecipe();
    void showMeasureRecipe();
    // main_window_inspect.cpp
    void connectInspect();

    // main_window_jobs.cpp: the queue, the run table, and the end of the program while jobs wait
    void buildRuns();
    void connectJobs();
    void connectRuns();
    void offerLeftJobs();
    void showSweep();
    void showJobResult(const Job& job);
    void onJobStarted(const Job& job);
    void onJobFinished(const Job& job);
    void onJobFailed(const Job& job, bool died);
    void afterJob();
    bool mayClose();
    // main_window_compare.cpp
    void connectCompare();
    void buildCompareMenu();
    void updateCompare();

    // main_window_charts.cpp
    void buildCharts(QDockWidget* beside);
    void connectCharts();
    void connectZoom();
    void connectTokens();
    void connectChartPanel(QAction* show, TwinPanel* panel);
    /// The one that has the focus, or is seen; nullptr: none can be looked into.
    XyChart* currentChart();
    void readMeasured();
    void lookAtAnswer();
    void lookAtText();
    void beginLook(TokenSettings settings);
    void updateLooks();

    // main_window_requests.cpp: what a person asks for
    void askFile();
    void askFolder();
    void tryDemo();
    void showCompress();
    void showMeasure();
    MeasureDialog* makeMeasureDialog();
    void showExport();
    void setSizeUnit(QAction* unit);
    void showTemplate();
    void showAbout();
    void chooseDot(const QString& path, qint64 bytes, bool dense);

    // main_window_reports.cpp: what comes back
    void showChat();
    void updatePhase();
    void updateStatus();
    void updateDevice();
    void onConversationOpened(const QString& modelPath);
    void onWebLink(const QUrl& url);
    void onOpened(const QString& path);
    void onOpenFailed(const WorkerError& error);
    void onWorkerLost(const WorkerClient::Death& death, std::optional<qint64> nextBudget,
                      bool restarts);
    void offer(const QString& text, std::function<void()> action);

    EngineSession m_session;
    MemoryFollower m_follower;
    BackgroundJobs m_jobs;
    KeptJobs m_keptJobs;
    bool m_mayClose = false; ///< a person said so, or the session ends
    Library m_library;
    Conversation m_conversation;
    RecipeDesk m_recipe;
    RecentFilesModel m_recent;
    DemoModel m_demo;
    TokenJob m_tokenJob;
    WindowActions m_actions;
    Preferences m_preferences;

    MessageBar* m_message = nullptr;
    JobStrip* m_jobStrip = nullptr;
    QTabWidget* m_tabs = nullptr;
    QStackedWidget* m_pages = nullptr; ///< of the tab Chat
    EmptyPage* m_emptyPage = nullptr;
    ChatPage* m_chatPage = nullptr;
    ModelPanel* m_modelPanel = nullptr;
    ComparePage* m_comparePage = nullptr;
    AnswerPanel* m_answerPanel = nullptr;
    ConversationsPanel* m_conversationsPanel = nullptr;
    SizePanel* m_sizePanel = nullptr;
    ChartPanel* m_chartPanel = nullptr;
    HeatPanel* m_heatPanel = nullptr;
    OrderPanel* m_orderPanel = nullptr;
    JobsPanel* m_jobsPanel = nullptr;
    RunsPage* m_runsPage = nullptr;
    MemoryPanel* m_memoryPanel = nullptr;
    SpeedPanel* m_speedPanel = nullptr;
    TokenPanel* m_tokenPanel = nullptr;
    QMenu* m_recentMenu = nullptr;
    QMenu* m_marksMenu = nullptr;
    QLabel* m_memoryLabel = nullptr;
    QLabel* m_deviceLabel = nullptr;
    std::function<void()> m_offered;
    QString m_lastPath;       ///< opened or tried last
    QByteArray m_firstLayout; ///< of the docks, before any was moved
};

} // namespace bs::ui
