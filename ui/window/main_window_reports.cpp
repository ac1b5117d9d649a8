#include "ui/models/device_words.h"
#include "ui/models/words.h"
#include "ui/pages/chart_panel.h"
#include "ui/pages/chat_page.h"
#include "ui/pages/empty_page.h"
#include "ui/widgets/message_bar.h"
#include "ui/window/main_window.h"

#include <QAction>
#include <QDesktopServices>
#include <QFileInfo>
#include <QLabel>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTextDocument>

namespace bs::ui {

void MainWindow::showChat()
{
    m_tabs->setCurrentWidget(m_pages);
}

void MainWindow::updatePhase()
{
    using Phase = EngineSession::Phase;
    const Phase phase = m_session.phase();
    const bool model = !m_session.path().isEmpty();
    const bool ready = phase == Phase::Ready;
    const bool stack = m_session.card().stack.has_value() && (ready || phase == Phase::Answering);
    const bool chat = model || m_conversation.id() != 0;
    m_pages->setCurrentWidget(chat ? static_cast<QWidget*>(m_chatPage) : m_emptyPage);
    m_emptyPage->setBusy(phase == Phase::Opening && !model
                             ? tr("Opening %1 ...").arg(QFileInfo(m_lastPath).fileName())
                             : QString());
    m_actions.closeModel->setEnabled(model);
    m_actions.compress->setEnabled(model && m_session.card().codec.isEmpty());
    m_actions.exportModel->setEnabled(model);
    m_actions.measure->setEnabled(model);
    m_actions.newConversation->setEnabled(ready);
    m_actions.regenerate->setEnabled(m_conversation.canRegenerate());
    m_actions.focusPrompt->setEnabled(model);
    m_actions.editTemplate->setEnabled(ready);
    m_actions.stop->setEnabled(phase == Phase::Answering);
    for (QAction* const action :
         {m_actions.smaller, m_actions.larger, m_actions.smallest, m_actions.largest})
        action->setEnabled(stack);
    setWindowTitle(model ? QFileInfo(m_session.path()).fileName() : QString());
    m_chartPanel->setModelOpen(model);
    updateLooks();
    if (!model) updateStatus();
}

void MainWindow::updateStatus()
{
    const EngineState& state = m_session.state();
    updateDevice();
    if (!state.loaded) {
        m_memoryLabel->setText(m_session.path().isEmpty() ? tr("No model is open")
                                                          : tr("Opening ..."));
        return;
    }
    m_memoryLabel->setText(
        tr("Weights %1   ·   KV cache %2   ·   engine in all %3   ·   free memory %4")
            .arg(sizeText(state.weightBytes), sizeText(state.kvBytes), sizeText(state.rssBytes),
                 sizeText(state.freeMemoryBytes)));
}

void MainWindow::updateDevice()
{
    const QString details = deviceDetails(m_session.devices(), m_session.state().deviceNotice);
    m_deviceLabel->setText(m_session.device());
    // As rich text it is broken into lines.
    m_deviceLabel->setToolTip(details.isEmpty() ? QString() : Qt::convertFromPlainText(details));
    m_deviceLabel->setAccessibleDescription(details);
}

void MainWindow::onOpened(const QString& path)
{
    m_recent.add(path);
    m_chatPage->focusPrompt();
    QStringList notices;
    if (m_session.card().truncated)
        notices.append(tr("%1 is cut off; it was opened up to its last whole block.")
                           .arg(QFileInfo(path).fileName()));
    if (const QString& notice = m_session.state().deviceNotice; !notice.isEmpty())
        notices.append(notice);
    // Opened after an engine was lost: that is what a person should read, the device's label tells
    // the rest.
    const bool lost = !m_message->isHidden() && m_message->kind() == MessageBar::Kind::Error;
    if (!notices.isEmpty() && !lost)
        m_message->showMessage(MessageBar::Kind::Notice, notices.join(QLatin1Char(' ')));
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
    if (!m_lastPath.isEmpty())
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

void MainWindow::offer(const QString& text, std::function<void()> action)
{
    m_offered = std::move(action);
    m_message->setOffer(text);
}

} // namespace bs::ui
