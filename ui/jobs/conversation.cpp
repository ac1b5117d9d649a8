#include "ui/jobs/conversation.h"

#include "ui/models/words.h"

namespace bs::ui {

namespace {

QString noteOf(const Answer& answer, const EngineState& state)
{
    QStringList parts;
    parts.append(sizeText(state.fileBytes > 0 ? state.fileBytes : answer.weightBytes));
    parts.append(Conversation::tr("%1 tokens").arg(answer.tokens));
    if (answer.tokensPerSecond > 0)
        parts.append(Conversation::tr("%1 tokens/s").arg(answer.tokensPerSecond, 0, 'f', 1));
    if (answer.stopReason == QLatin1String("length"))
        parts.append(Conversation::tr("ended at the token limit"));
    else if (answer.stopReason == QLatin1String("context"))
        parts.append(Conversation::tr("ended because the context is full"));
    else if (answer.stopReason == QLatin1String("stopped"))
        parts.append(Conversation::tr("stopped"));
    if (!answer.notice.isEmpty()) parts.append(answer.notice);
    if (answer.mixed) parts.append(Conversation::tr("mixed sizes, Regenerate makes it whole"));
    if (answer.droppedMessages > 0)
        parts.append(Conversation::tr("messages that no longer fit the context: %1")
                         .arg(answer.droppedMessages));
    return parts.join(QStringLiteral(" · "));
}

AnswerRecord recordOf(const Answer& answer, const EngineState& state)
{
    AnswerRecord record;
    record.modelPath = state.path.toStdString();
    record.fileBytes = static_cast<std::uint64_t>(state.fileBytes);
    record.weightBytes = static_cast<std::uint64_t>(answer.weightBytes);
    record.tokens = static_cast<std::uint64_t>(answer.tokens);
    record.tokensPerSecond = answer.tokensPerSecond;
    record.stopReason = answer.stopReason.toStdString();
    record.mixed = answer.mixed;
    record.notice = answer.notice.toStdString();
    return record;
}

} // namespace

Conversation::Conversation(EngineSession* session, Library* library, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_library(library)
{
    m_gatherTimer.setSingleShot(true);
    m_gatherTimer.setInterval(kGatherMs);
    connect(&m_gatherTimer, &QTimer::timeout, this, &Conversation::flush);
    connect(session, &EngineSession::tokenArrived, this, &Conversation::takePiece);
    connect(session, &EngineSession::answered, this, &Conversation::finish);
    connect(session, &EngineSession::answerFailed, this, &Conversation::breakOff);
    connect(session, &EngineSession::opened, this, &Conversation::modelOpened);
}

void Conversation::send(const QString& text)
{
    if (m_session->phase() != EngineSession::Phase::Ready || text.trimmed().isEmpty()) return;
    m_model.addUser(text);
    m_library->appendMessage(QStringLiteral("user"), text);
    ask(false);
}

bool Conversation::canRegenerate() const
{
    return m_session->phase() == EngineSession::Phase::Ready && !m_model.isEmpty();
}

void Conversation::regenerate()
{
    if (!canRegenerate()) return;
    m_model.dropLastAnswer();
    m_library->dropMessagesFrom(m_model.rowCount());
    ask(true);
}

void Conversation::ask(bool fresh)
{
    const QJsonArray messages = m_model.toJson(m_settings.system);
    m_model.beginAnswer();
    m_session->generate(messages, m_settings, fresh);
}

void Conversation::takePiece(const TokenPiece& piece)
{
    m_gathered += piece.text;
    m_tokensPerSecond = piece.tokensPerSecond;
    if (!m_gatherTimer.isActive()) m_gatherTimer.start();
}

void Conversation::flush()
{
    m_gatherTimer.stop();
    if (!m_gathered.isEmpty()) m_model.appendToAnswer(std::exchange(m_gathered, {}));
    Q_EMIT speedChanged();
}

void Conversation::finish(const Answer& answer)
{
    m_tokensPerSecond = answer.tokensPerSecond;
    flush();
    m_model.endAnswer(noteOf(answer, m_session->state()));
    m_library->appendMessage(QStringLiteral("assistant"), m_model.lastText(),
                             recordOf(answer, m_session->state()));
}

/// What came so far is part of the conversation; an answer that never began is not.
void Conversation::breakOff(const WorkerError& error)
{
    flush();
    m_model.endAnswer(tr("broken off: %1").arg(error.message));
    if (m_model.endsWithAnswer() && m_model.lastText().isEmpty()) {
        m_model.dropLastAnswer();
        return;
    }
    AnswerRecord broken;
    broken.stopReason = "failed";
    broken.error = error.message.toStdString();
    m_library->appendMessage(QStringLiteral("assistant"), m_model.lastText(), broken);
}

void Conversation::startNew()
{
    if (m_session->phase() == EngineSession::Phase::Answering) return;
    m_model.clear();
    m_tokensPerSecond = 0;
    m_library->beginConversation(m_session->path());
    Q_EMIT speedChanged();
}

/// The same model in another file or at another size goes on with the conversation.
void Conversation::modelOpened()
{
    const QString hash = m_session->card().hash;
    if (hash == m_modelHash && !hash.isEmpty()) return;
    m_modelHash = hash;
    startNew();
}

} // namespace bs::ui
