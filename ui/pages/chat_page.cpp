#include "ui/pages/chat_page.h"

#include "ui/models/words.h"
#include "ui/pages/chat_view.h"
#include "ui/pages/prompt_edit.h"
#include "ui/widgets/looks.h"
#include "ui/widgets/themed_icon.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <utility>

namespace bs::ui {

ChatPage::ChatPage(EngineSession* session, Conversation* conversation, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_conversation(conversation)
    , m_view(new ChatView(this))
    , m_prompt(new PromptEdit(this))
    , m_send(new QPushButton(themedIcon(QStringLiteral("send")), tr("Send"), this))
    , m_stop(new QPushButton(themedIcon(QStringLiteral("stop")), tr("Stop"), this))
    , m_regenerate(
          new QPushButton(themedIcon(QStringLiteral("regenerate")), tr("Regenerate"), this))
    , m_meter(new QLabel(this))
    , m_editBar(new QWidget(this))
{
    m_send->setObjectName(QStringLiteral("chatSend"));
    m_send->setToolTip(tr("Send the prompt (Enter)"));
    m_stop->setObjectName(QStringLiteral("chatStop"));
    m_stop->setToolTip(tr("Stop this answer (Esc)"));
    m_regenerate->setObjectName(QStringLiteral("chatRegenerate"));
    m_regenerate->setToolTip(
        tr("Make the last answer again, all of it at the size that is set now"));
    m_meter->setObjectName(QStringLiteral("chatMeter"));
    makeQuiet(m_meter);
    m_view->setConversation(conversation->model());
    m_view->setEmptyText(tr("The model is ready. What it says appears here."));

    for (QPushButton* const button : {m_send, m_stop}) {
        button->setFixedHeight(m_prompt->height());
        button->setMinimumWidth(92);
    }
    auto* const promptRow = new QHBoxLayout;
    promptRow->setSpacing(8);
    promptRow->addWidget(m_prompt, 1);
    promptRow->addWidget(m_send, 0, Qt::AlignBottom);
    promptRow->addWidget(m_stop, 0, Qt::AlignBottom);
    auto* const cancelEdit = new QPushButton(tr("Cancel"), m_editBar);
    cancelEdit->setObjectName(QStringLiteral("chatCancelEdit"));
    cancelEdit->setToolTip(tr("Leave the message as it is"));
    auto* const editRow = new QHBoxLayout(m_editBar);
    editRow->setContentsMargins(0, 0, 0, 0);
    editRow->addWidget(
        new QLabel(tr("Another text for your message. The one there is kept."), m_editBar), 1);
    editRow->addWidget(cancelEdit);
    m_editBar->hide();
    auto* const meterRow = new QHBoxLayout;
    meterRow->addWidget(m_meter, 1);
    meterRow->addWidget(m_regenerate);
    auto* const bottom = new QVBoxLayout;
    bottom->setContentsMargins(12, 8, 12, 10);
    bottom->setSpacing(6);
    bottom->addWidget(m_editBar);
    bottom->addLayout(promptRow);
    bottom->addLayout(meterRow);
    auto* const page = new QVBoxLayout(this);
    page->setContentsMargins(0, 0, 0, 0);
    page->setSpacing(0);
    page->addWidget(m_view, 1);
    page->addLayout(bottom);

    connect(m_prompt, &PromptEdit::sendRequested, this, &ChatPage::send);
    connect(m_prompt, &QPlainTextEdit::textChanged, this, &ChatPage::updateControls);
    connect(m_send, &QPushButton::clicked, this, &ChatPage::send);
    connect(m_stop, &QPushButton::clicked, session, &EngineSession::stopAnswer);
    connect(m_regenerate, &QPushButton::clicked, conversation,
            [this] { m_conversation->regenerate(); });
    connect(cancelEdit, &QPushButton::clicked, this, &ChatPage::endEdit);
    connect(conversation, &Conversation::currentChanged, this, &ChatPage::endEdit);
    connect(session, &EngineSession::phaseChanged, this, &ChatPage::updateControls);
    connect(session, &EngineSession::stateChanged, this, &ChatPage::updateMeter);
    connect(conversation, &Conversation::speedChanged, this, &ChatPage::updateMeter);
    connect(conversation->model(), &QAbstractItemModel::rowsInserted, this,
            &ChatPage::updateControls);
    connect(conversation->model(), &QAbstractItemModel::rowsRemoved, this,
            &ChatPage::updateControls);
    connectView();
    updateControls();
}

void ChatPage::connectView()
{
    connect(m_view, &ChatView::editRequested, this, &ChatPage::beginEdit);
    connect(m_view, &ChatView::regenerateRequested, m_conversation, &Conversation::regenerate);
    connect(m_view, &ChatView::versionRequested, m_conversation, &Conversation::showVersion);
    connect(m_view, &ChatView::wayOnRequested, m_conversation, &Conversation::showWayOn);
    connect(m_view, &ChatView::branchRequested, this, [this](int row) {
        m_conversation->branchFrom(row);
        focusPrompt();
    });
    connect(m_view, &ChatView::copyRequested, this,
            [](const QString& text) { QApplication::clipboard()->setText(text); });
    connect(m_view, &ChatView::webLinkClicked, this, &ChatPage::webLinkClicked);
}

void ChatPage::beginEdit(int row)
{
    if (m_session->phase() != EngineSession::Phase::Ready ||
        row >= m_conversation->model()->rowCount())
        return;
    if (m_editing < 0) m_draft = m_prompt->toPlainText();
    m_editing = row;
    m_prompt->setPlainText(m_conversation->model()->row(row).text);
    m_prompt->moveCursor(QTextCursor::End);
    m_editBar->show();
    focusPrompt();
}

void ChatPage::endEdit()
{
    if (m_editing < 0) return;
    m_editing = -1;
    m_editBar->hide();
    m_prompt->setPlainText(std::exchange(m_draft, {}));
    m_prompt->moveCursor(QTextCursor::End);
    focusPrompt();
}

void ChatPage::focusPrompt()
{
    m_prompt->setFocus(Qt::OtherFocusReason);
}

void ChatPage::send()
{
    if (m_session->phase() != EngineSession::Phase::Ready ||
        m_prompt->toPlainText().trimmed().isEmpty())
        return;
    const QString text = m_prompt->toPlainText();
    m_prompt->clear();
    const int editing = m_editing;
    endEdit();
    if (editing >= 0)
        m_conversation->edit(editing, text);
    else
        m_conversation->send(text);
}

void ChatPage::updateControls()
{
    const bool answering = m_session->phase() == EngineSession::Phase::Answering;
    const bool ready = m_session->phase() == EngineSession::Phase::Ready;
    // The button that had the focus may go: it belongs to the prompt then.
    const bool hadFocus = m_stop->hasFocus() || m_send->hasFocus();
    m_send->setVisible(!answering);
    m_stop->setVisible(answering);
    if (hadFocus) focusPrompt();
    m_send->setEnabled(ready && !m_prompt->toPlainText().trimmed().isEmpty());
    m_regenerate->setEnabled(m_conversation->canRegenerate());
    updateMeter();
}

void ChatPage::updateMeter()
{
    QStringList parts;
    if (m_conversation->tokensPerSecond() > 0)
        parts.append(tr("%1 tokens/s").arg(numberText(m_conversation->tokensPerSecond(), 'f', 1)));
    const EngineState& state = m_session->state();
    if (state.context > 0)
        parts.append(tr("context %1 of %2 tokens").arg(state.contextUsed).arg(state.context));
    else if (m_session->phase() == EngineSession::Phase::Opening)
        parts.append(tr("opening ..."));
    m_meter->setText(parts.join(QStringLiteral("  ·  ")));
}

} // namespace bs::ui
