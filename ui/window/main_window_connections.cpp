#include "ui/dialogs/command_palette.h"
#include "ui/models/words.h"
#include "ui/pages/answer_panel.h"
#include "ui/pages/chart_panel.h"
#include "ui/pages/chat_page.h"
#include "ui/pages/conversations_panel.h"
#include "ui/pages/empty_page.h"
#include "ui/pages/size_panel.h"
#include "ui/widgets/message_bar.h"
#include "ui/window/main_window.h"

#include <QAction>
#include <QDockWidget>
#include <QSettings>

namespace bs::ui {

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
    connect(m_actions.focusPrompt, &QAction::triggered, this, [this] {
        showChat();
        m_chatPage->focusPrompt();
    });
    connect(m_actions.smaller, &QAction::triggered, this, [this] { m_sizePanel->step(-1); });
    connect(m_actions.larger, &QAction::triggered, this, [this] { m_sizePanel->step(1); });
    connect(m_actions.smallest, &QAction::triggered, this,
            [this] { m_sizePanel->setToEnd(false); });
    connect(m_actions.largest, &QAction::triggered, this, [this] { m_sizePanel->setToEnd(true); });
    connect(m_actions.measure, &QAction::triggered, this, &MainWindow::showMeasure);
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
    connect(m_sizePanel, &SizePanel::refused, m_message, &MessageBar::showProblem);
    connect(m_message, &MessageBar::offered, this, [this] {
        if (const auto action = std::exchange(m_offered, {})) action();
    });
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
    connect(&m_conversation, &Conversation::opened, this, &MainWindow::showChat);
    connect(m_actions.newConversation, &QAction::triggered, this, &MainWindow::showChat);
    connect(m_chatPage, &ChatPage::webLinkClicked, this, &MainWindow::onWebLink);
    connect(m_conversationsPanel, &ConversationsPanel::exported, this, [this](const QString& path) {
        m_message->showMessage(MessageBar::Kind::Done,
                               tr("The conversation was written to %1.").arg(path));
    });
}

void MainWindow::connectFollower()
{
    const QString key = QStringLiteral("size/followMemory");
    connect(m_actions.followMemory, &QAction::toggled, this, [this, key](bool on) {
        QSettings().setValue(key, on);
        m_follower.setOn(on);
    });
    connect(&m_follower, &MemoryFollower::moved, this, [this](qint64 from, qint64 to) {
        const QString sentence = to < from
                                     ? tr("Memory is scarce: the size went down from %1 to %2.")
                                     : tr("Memory is free again: the size went up from %1 to %2.");
        m_message->showMessage(MessageBar::Kind::Notice,
                               sentence.arg(sizeText(from), sizeText(to)));
    });
    m_actions.followMemory->setChecked(QSettings().value(key).toBool());
}

void MainWindow::connectSession()
{
    connect(&m_session, &EngineSession::phaseChanged, this, &MainWindow::updatePhase);
    connect(&m_session, &EngineSession::cardChanged, this, &MainWindow::updatePhase);
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

} // namespace bs::ui
