#pragma once

#include "ui/jobs/engine_session.h"
#include "ui/jobs/library.h"
#include "ui/models/conversation_model.h"

#include <QTimer>

namespace bs::ui {

/// Leads the conversation: prompts go to the engine and the database, answers come back into the
/// model. Pieces of an answer are gathered for kGatherMs, so that the screen is not laid out for
/// every token.
class Conversation : public QObject
{
    Q_OBJECT

public:
    static constexpr int kGatherMs = 30;

    Conversation(EngineSession* session, Library* library, QObject* parent = nullptr);

    ConversationModel* model() { return &m_model; }
    void setSettings(const AnswerSettings& settings) { m_settings = settings; }
    const AnswerSettings& settings() const { return m_settings; }
    double tokensPerSecond() const { return m_tokensPerSecond; }

    void send(const QString& text);
    /// Makes the last answer again from a fresh context, at the size that is set now.
    void regenerate();
    bool canRegenerate() const;
    void startNew();

Q_SIGNALS:
    void speedChanged();

private:
    void ask(bool fresh);
    void takePiece(const TokenPiece& piece);
    void flush();
    void finish(const Answer& answer);
    void breakOff(const WorkerError& error);
    void modelOpened();

    EngineSession* m_session;
    Library* m_library;
    ConversationModel m_model;
    AnswerSettings m_settings;
    QString m_gathered;
    QTimer m_gatherTimer;
    QString m_modelHash;
    double m_tokensPerSecond = 0;
};

} // namespace bs::ui
