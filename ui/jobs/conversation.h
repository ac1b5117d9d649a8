#pragma once

#include "ui/jobs/answer_log.h"
#include "ui/jobs/engine_session.h"
#include "ui/jobs/library.h"
#include "ui/models/chat_tree.h"
#include "ui/models/conversation_model.h"

#include <QTimer>

#include <functional>

namespace bs::ui {

/// Leads the conversation: prompts go to the engine and the database, answers come back into the
/// model. Every version of a message is kept. Pieces of an answer are gathered for kGatherMs, so
/// that the screen is not laid out for every token; what came of an answer is stored every
/// kStoreMs, so that no more than that is lost with the program.
class Conversation : public QObject
{
    Q_OBJECT

public:
    static constexpr int kGatherMs = 30;
    static constexpr int kStoreMs = 1000;

    Conversation(EngineSession* session, Library* library, QObject* parent = nullptr);
    ~Conversation() override;

    ConversationModel* model() { return &m_model; }
    /// System prompt and template are the conversation's and are stored with it.
    void setSettings(const AnswerSettings& settings);
    const AnswerSettings& settings() const { return m_settings; }
    double tokensPerSecond() const { return m_tokensPerSecond; }
    /// Its id in the database; 0 before anything is stored of it.
    qint64 id() const { return m_key > 0 ? m_key : 0; }
    bool canAsk() const { return m_session->phase() == EngineSession::Phase::Ready; }

    void send(const QString& text);
    /// Asks with another text in place of a message; the old one is kept with all that followed.
    void edit(int row, const QString& text);
    /// Makes an answer again from a fresh context, at the size that is set now; the last one
    /// without a row. The old one is kept.
    void regenerate(int row = -1);
    bool canRegenerate() const { return canAsk() && !m_model.isEmpty(); }
    /// Shows the version `step` further of a message, and how it went on.
    void showVersion(int row, int step);
    /// Shows the conversation up to a message: the next prompt goes on from there.
    void branchFrom(int row);
    /// Shows how it went on from what is shown.
    void showWayOn();

    /// Begins another one, or shows a stored one; an answer that is being made is stopped first.
    void startNew();
    void open(qint64 id);

Q_SIGNALS:
    void speedChanged();
    /// Another conversation is shown, or this one has got its id.
    void currentChanged();
    /// A stored one is shown that was begun with the model in this file.
    void opened(const QString& modelPath);
    void promptLoaded(const QString& system, const std::optional<QString>& chatTemplate);

private:
    void createIfNew(const QString& text);
    void addMessage(std::optional<qint64> parent, const QString& speaker, const QString& text);
    void ask(bool fresh);
    void showLeaf(std::optional<qint64> leaf);
    void refresh() { m_model.setRows(m_tree.rows()); }
    void takePiece(const TokenPiece& piece);
    void flush();
    void storePartial();
    void storePrompt();
    void finish(const Answer& answer);
    void breakOff(const WorkerError& error);
    void endAnswer();
    void whenIdle(std::function<void()> action);
    void load(const ConversationRecord& conversation, const QList<MessageRecord>& messages);
    void reset();
    void modelOpened();

    EngineSession* m_session;
    Library* m_library;
    ChatTree m_tree;
    ConversationModel m_model;
    AnswerSettings m_settings;
    qint64 m_key = 0;    ///< of the conversation; 0: the next message begins it
    qint64 m_wanted = 0; ///< id of the one that is being read
    qint64 m_answer = 0; ///< key of the answer that is being made; 0: none
    AnswerLog m_log;
    QString m_gathered;
    QTimer m_gatherTimer;
    QTimer m_storeTimer;
    QTimer m_promptTimer;
    std::function<void()> m_next; ///< done when the answer has ended
    QString m_modelHash;
    bool m_keep = false; ///< the model that is opened next goes on with this conversation
    double m_tokensPerSecond = 0;
};

} // namespace bs::ui
