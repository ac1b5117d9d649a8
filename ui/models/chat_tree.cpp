#include "ui/models/chat_tree.h"

#include "ui/models/answer_note.h"

#include <QCoreApplication>

#include <algorithm>

namespace bs::ui {

namespace {

QString noteOf(const MessageRecord& message)
{
    if (message.partial)
        return QCoreApplication::translate("ChatTree",
                                           "not finished: the program ended during this answer");
    return message.answer ? answerNote(*message.answer) : QString();
}

int placeIn(const std::vector<MessageTree::Id>& versions, MessageTree::Id id)
{
    return static_cast<int>(std::find(versions.begin(), versions.end(), id) - versions.begin());
}

} // namespace

void ChatTree::clear()
{
    m_tree = {};
    m_messages.clear();
    m_leaf.reset();
}

void ChatTree::load(const QList<MessageRecord>& messages, std::optional<Key> leaf)
{
    clear();
    for (const MessageRecord& message : messages) {
        m_tree.add(message.id, message.parent);
        m_messages.insert(message.id,
                          {QString::fromStdString(message.role),
                           QString::fromStdString(message.content), noteOf(message), false});
    }
    if (leaf && m_tree.contains(*leaf)) m_leaf = leaf;
}

void ChatTree::add(Key key, std::optional<Key> parent, const QString& speaker, const QString& text,
                   bool pending)
{
    m_tree.add(key, parent);
    m_messages.insert(key, {speaker, text, {}, pending});
    m_leaf = key;
}

void ChatTree::finish(Key key, const QString& text, const QString& note)
{
    Message& message = m_messages[key];
    message.text = text;
    message.note = note;
    message.pending = false;
}

void ChatTree::remove(Key key)
{
    const std::optional<Key> before = m_tree.parent(key);
    m_tree.remove(key);
    m_messages.removeIf([this](const auto& entry) { return !m_tree.contains(entry.key()); });
    if (m_leaf && !m_tree.contains(*m_leaf)) m_leaf = before;
}

bool ChatTree::isUser(Key key) const
{
    return m_messages.value(key).speaker == QLatin1String("user");
}

std::optional<ChatTree::Key> ChatTree::otherVersion(Key key, int step) const
{
    const auto& versions = m_tree.versions(key);
    const int wanted = placeIn(versions, key) + step;
    if (wanted < 0 || wanted >= static_cast<int>(versions.size())) return std::nullopt;
    return m_tree.newestLeaf(versions[static_cast<std::size_t>(wanted)]);
}

std::optional<ChatTree::Key> ChatTree::wayOn() const
{
    return m_leaf ? std::optional<Key>(m_tree.newestLeaf(*m_leaf)) : std::nullopt;
}

QList<ChatRow> ChatTree::rows() const
{
    QList<ChatRow> rows;
    for (const Key key : m_tree.path(m_leaf)) {
        const Message message = m_messages.value(key);
        const auto& versions = m_tree.versions(key);
        rows.append({key, message.speaker, message.text, message.note, message.pending,
                     placeIn(versions, key) + 1, static_cast<int>(versions.size()), 0});
    }
    if (!rows.isEmpty())
        rows.last().waysOn = static_cast<int>(m_tree.followers(rows.last().key).size());
    return rows;
}

} // namespace bs::ui
