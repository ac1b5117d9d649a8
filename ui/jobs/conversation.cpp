#include "ui/jobs/conversation.h"

#include "ui/models/answer_note.h"

#include <QRandomGenerator>

#include <limits>
#include <utility>

namespace bs::ui {

namespace {

const QString kUser = QStringLiteral("user");
const QString kAssistant = QStringLiteral("assistant");
constexpr int kPromptDelayMs = 500;

/// The first words of what was asked.
QString titleOf(const QString& text)
{
    const QString line = text.simplified();
    return line.size() > 60 ? line.left(59) + QChar(0x2026) : line;
}

} // namespace

Conversation::Conversation(EngineSession* session, Library* library, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_library(library)
{
    m_gatherTimer.setSingleShot(true);
    m_gatherTimer.setInterval(kGatherMs);
    m_storeTimer.setInterval(kStoreMs);
    m_promptTimer.setSingleShot(true);
    m_promptTimer.setInterval(kPromptDelayMs);
    connect(&m_gatherTimer, &QTimer::timeout, this, &Conversation::flush);
    connect(&m_storeTimer, &QTimer::timeout, this, &Conversation::storePartial);
    connect(&m_promptTimer, &QTimer::timeout, this, &Conversation::storePrompt);
    connect(session, &EngineSession::tokenArrived, this, &Conversation::takePiece);
    connect(session, &EngineSession::stateChanged, this, [this] {
        if (m_answer != 0 && m_session->state().loaded) m_log.noteSize(m_session->state());
    });
    connect(session, &EngineSession::answered, this, &Conversation::finish);
    connect(session, &EngineSession::answerFailed, this, &Conversation::breakOff);
    connect(session, &EngineSession::opened, this, &Conversation::modelOpened);
    connect(library, &Library::conversationRead, this, &Conversation::load);
    connect(library, &Library::conversationStored, this, [this](qint64 key, qint64 id) {
        if (key != m_key) return;
        m_key = id;
        Q_EMIT currentChanged();
    });
}

Conversation::~Conversation()
{
    if (m_promptTimer.isActive()) storePrompt();
    if (m_answer == 0) return;
    // The window is closed during an answer: all that came is kept.
    m_model.appendToAnswer(m_gathered);
    m_log.leave();
    m_library->finishMessage(m_answer, m_model.lastText(), m_log.record());
}

void Conversation::setSettings(const AnswerSettings& settings)
{
    const bool prompt =
        settings.system != m_settings.system || settings.chatTemplate != m_settings.chatTemplate;
    m_settings = settings;
    if (prompt && m_key != 0) m_promptTimer.start();
}

void Conversation::storePrompt()
{
    m_promptTimer.stop();
    if (m_key != 0)
        m_library->setConversationPrompt(m_key, m_settings.system, m_settings.chatTemplate);
}

void Conversation::createIfNew(const QString& text)
{
    if (m_key != 0) return;
    ConversationRecord record;
    record.title = titleOf(text).toStdString();
    record.modelPath = m_session->path().toStdString();
    record.modelHash = m_session->card().hash.toStdString();
    record.system = m_settings.system.toStdString();
    if (m_settings.chatTemplate) record.chatTemplate = m_settings.chatTemplate->toStdString();
    m_key = m_library->newKey();
    m_library->createConversation(m_key, record);
}

void Conversation::addMessage(std::optional<qint64> parent, const QString& speaker,
                              const QString& text)
{
    const qint64 key = m_library->newKey();
    const bool answer = speaker == kAssistant;
    m_tree.add(key, parent, speaker, text, answer);
    m_library->addMessage(m_key, key, parent, speaker, text, answer);
    if (answer) m_answer = key;
}

void Conversation::send(const QString& text)
{
    if (!canAsk() || text.trimmed().isEmpty()) return;
    createIfNew(text);
    addMessage(m_tree.leaf(), kUser, text);
    ask(false);
}

void Conversation::edit(int row, const QString& text)
{
    if (!canAsk() || text.trimmed().isEmpty() || row < 0 || row >= m_model.rowCount()) return;
    addMessage(m_tree.parent(m_model.row(row).key), kUser, text);
    ask(false);
}

void Conversation::regenerate(int row)
{
    if (!canRegenerate()) return;
    const qint64 key = m_model.row(row < 0 ? m_model.rowCount() - 1 : row).key;
    m_tree.setLeaf(m_tree.isUser(key) ? std::optional(key) : m_tree.parent(key));
    ask(true);
}

void Conversation::ask(bool fresh)
{
    refresh();
    const QJsonArray messages = m_model.toJson(m_settings.system);
    AnswerSettings settings = m_settings;
    if (settings.seed < 0)
        settings.seed = QRandomGenerator::global()->bounded(std::numeric_limits<int>::max());
    m_log.begin(settings, m_session->state());
    addMessage(m_tree.leaf(), kAssistant, {});
    refresh();
    m_storeTimer.start();
    m_session->generate(messages, settings, fresh);
}

void Conversation::takePiece(const TokenPiece& piece)
{
    m_gathered += piece.text;
    m_log.takePiece(piece);
    m_tokensPerSecond = piece.tokensPerSecond;
    if (!m_gatherTimer.isActive()) m_gatherTimer.start();
}

void Conversation::flush()
{
    m_gatherTimer.stop();
    if (!m_gathered.isEmpty()) m_model.appendToAnswer(std::exchange(m_gathered, {}));
    Q_EMIT speedChanged();
}

void Conversation::storePartial()
{
    if (m_answer != 0 && !m_model.lastText().isEmpty())
        m_library->setMessageContent(m_answer, m_model.lastText());
}

void Conversation::finish(const Answer& answer)
{
    if (m_answer == 0) return;
    m_tokensPerSecond = answer.tokensPerSecond;
    flush();
    m_log.finish(answer);
    endAnswer();
}

/// What came so far is part of the conversation; an answer that never began is not.
void Conversation::breakOff(const WorkerError& error)
{
    if (m_answer == 0) return;
    flush();
    if (m_model.lastText().isEmpty()) {
        m_storeTimer.stop();
        m_library->removeMessage(m_answer);
        m_tree.remove(std::exchange(m_answer, 0));
        refresh();
    } else {
        m_log.breakOff(error);
        endAnswer();
    }
    if (const auto next = std::exchange(m_next, {})) next();
}

void Conversation::endAnswer()
{
    m_storeTimer.stop();
    const QString note = answerNote(m_log.record());
    const QString text = m_model.lastText();
    m_model.endAnswer(note);
    m_tree.finish(m_answer, text, note);
    m_library->finishMessage(std::exchange(m_answer, 0), text, m_log.record());
    if (const auto next = std::exchange(m_next, {})) next();
}

void Conversation::showLeaf(std::optional<qint64> leaf)
{
    if (!leaf || m_answer != 0) return;
    m_tree.setLeaf(leaf);
    m_library->setLeaf(m_key, leaf);
    refresh();
}

void Conversation::showVersion(int row, int step)
{
    if (row >= 0 && row < m_model.rowCount())
        showLeaf(m_tree.otherVersion(m_model.row(row).key, step));
}

void Conversation::branchFrom(int row)
{
    if (row >= 0 && row < m_model.rowCount()) showLeaf(m_model.row(row).key);
}

void Conversation::showWayOn()
{
    showLeaf(m_tree.wayOn());
}

void Conversation::whenIdle(std::function<void()> action)
{
    if (m_answer == 0) {
        action();
        return;
    }
    m_next = std::move(action);
    m_session->stopAnswer();
}

void Conversation::reset()
{
    if (m_promptTimer.isActive()) storePrompt();
    m_key = 0;
    m_wanted = 0;
    m_keep = false;
    m_tokensPerSecond = 0;
    m_tree.clear();
}

void Conversation::startNew()
{
    whenIdle([this] {
        reset();
        refresh();
        Q_EMIT speedChanged();
        Q_EMIT currentChanged();
    });
}

void Conversation::open(qint64 id)
{
    if (id == this->id()) return;
    whenIdle([this, id] {
        m_wanted = id;
        m_library->readConversation(id);
    });
}

void Conversation::load(const ConversationRecord& conversation,
                        const QList<MessageRecord>& messages)
{
    if (conversation.id != m_wanted || m_answer != 0) return;
    reset();
    m_key = conversation.id;
    m_keep = m_session->phase() != EngineSession::Phase::Ready;
    m_tree.load(messages, conversation.leaf);
    m_settings.system = QString::fromStdString(conversation.system);
    m_settings.chatTemplate.reset();
    if (conversation.chatTemplate)
        m_settings.chatTemplate = QString::fromStdString(*conversation.chatTemplate);
    Q_EMIT promptLoaded(m_settings.system, m_settings.chatTemplate);
    refresh();
    Q_EMIT speedChanged();
    Q_EMIT currentChanged();
    Q_EMIT opened(QString::fromStdString(conversation.modelPath));
}

/// The same model in another file or at another size goes on with the conversation.
void Conversation::modelOpened()
{
    const QString hash = m_session->card().hash;
    const bool same = hash == m_modelHash && !hash.isEmpty();
    m_modelHash = hash;
    if (same || std::exchange(m_keep, false)) return;
    startNew();
    // A template is made for the words one model knows.
    if (m_settings.chatTemplate) Q_EMIT promptLoaded(m_settings.system, std::nullopt);
}

} // namespace bs::ui
