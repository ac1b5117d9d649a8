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

private:
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
};

} // namespace bs::ui
