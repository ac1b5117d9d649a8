#pragma once

#include "ui/jobs/background_jobs.h"
#include "ui/jobs/conversation.h"
#include "ui/jobs/demo_model.h"
#include "ui/jobs/engine_session.h"
#include "ui/jobs/library.h"
#include "ui/jobs/token_job.h"
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
class ConversationsPanel;
class EmptyPage;
class HeatPanel;
class JobStrip;
class MemoryPanel;
class MessageBar;
class OrderPanel;
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

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

private:
    /// Changes with the docks that there are: a layout of other docks is not restored.
    static constexpr int kLayoutVersion = 4;

    // main_window.cpp, main_window_menus.cpp
    void buildCentre();
    /// A page beside the chat; `show` goes to it.
    void addPage(QWidget* page, const QString& title, QAction* show);
    void buildDocks();
    void buildMenus();
    void buildRecentMenu();
    QDockWidget* addPanel(const QString& name, const QString& title, QWidget* panel,
                          Qt::DockWidgetArea area);
    // main_window_connections.cpp
    void connectActions();
    void connectConversation();
    void connectSession();
    void connectJobs();

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
    void showExport();
    void setSizeUnit(QAction* unit);
    void showTemplate();
    void showAbout();
    void chooseDot(const QString& path, qint64 bytes, bool dense);

    // main_window_reports.cpp: what comes back
    void showChat();
    void updatePhase();
    void updateStatus();
    void onConversationOpened(const QString& modelPath);
    void onWebLink(const QUrl& url);
    void onOpened(const QString& path);
    void onOpenFailed(const WorkerError& error);
    void onWorkerLost(const WorkerClient::Death& death, std::optional<qint64> nextBudget,
                      bool restarts);
    void onCompressed(const QString& output, qint64 fileBytes, double seconds);
    void onJobFailed(const WorkerError& error);
    void offer(const QString& text, std::function<void()> action);

    EngineSession m_session;
    BackgroundJobs m_jobs;
    Library m_library;
    Conversation m_conversation;
    RecentFilesModel m_recent;
    DemoModel m_demo;
    TokenJob m_tokenJob;
    WindowActions m_actions;

    MessageBar* m_message = nullptr;
    JobStrip* m_jobStrip = nullptr;
    QTabWidget* m_tabs = nullptr;
    QStackedWidget* m_pages = nullptr; ///< of the tab Chat
    EmptyPage* m_emptyPage = nullptr;
    ChatPage* m_chatPage = nullptr;
    AnswerPanel* m_answerPanel = nullptr;
    ConversationsPanel* m_conversationsPanel = nullptr;
    SizePanel* m_sizePanel = nullptr;
    ChartPanel* m_chartPanel = nullptr;
    HeatPanel* m_heatPanel = nullptr;
    OrderPanel* m_orderPanel = nullptr;
    MemoryPanel* m_memoryPanel = nullptr;
    SpeedPanel* m_speedPanel = nullptr;
    TokenPanel* m_tokenPanel = nullptr;
    QMenu* m_recentMenu = nullptr;
    QLabel* m_memoryLabel = nullptr;
    QLabel* m_deviceLabel = nullptr;
    std::function<void()> m_offered;
    QString m_lastPath;       ///< opened or tried last
    QByteArray m_firstLayout; ///< of the docks, before any was moved
};

} // namespace bs::ui
