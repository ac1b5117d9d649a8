#pragma once

#include "ui/jobs/conversation.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace bs::ui {

class ChatView;
class PromptEdit;

/// The conversation, the prompt below it, and how fast and how full it is.
class ChatPage : public QWidget
{
    Q_OBJECT

public:
    ChatPage(EngineSession* session, Conversation* conversation, QWidget* parent = nullptr);

    void focusPrompt();

Q_SIGNALS:
    /// A link of an answer was clicked.
    void webLinkClicked(const QUrl& url);

private:
    void connectView();
    void beginEdit(int row);
    void endEdit();
    void send();
    void updateControls();
    void updateMeter();

    EngineSession* m_session;
    Conversation* m_conversation;
    ChatView* m_view;
    PromptEdit* m_prompt;
    QPushButton* m_send;
    QPushButton* m_stop;
    QPushButton* m_regenerate;
    QLabel* m_meter;
    QWidget* m_editBar;
    int m_editing = -1; ///< row of the message whose text is in the prompt; -1: none
    QString m_draft;    ///< what stood in the prompt before
};

} // namespace bs::ui
