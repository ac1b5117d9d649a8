#pragma once

#include "core/store/message_tree.h"
#include "ui/models/conversation_model.h"

#include <QHash>
#include <QList>

#include <optional>

namespace bs::ui {

/// A conversation with all its versions and branches, and what is shown of it as rows. Keys are the
/// Library's.
class ChatTree
{
public:
    using Key = qint64;

    void clear();
    void load(const QList<MessageRecord>& messages, std::optional<Key> leaf);
    /// Adds a message behind `parent` and shows the conversation up to it.
    void add(Key key, std::optional<Key> parent, const QString& speaker, const QString& text,
             bool pending);
    void finish(Key key, const QString& text, const QString& note);
    /// With all that follows; what is shown ends before it then.
    void remove(Key key);

    bool isEmpty() const { return !m_leaf; }
    std::optional<Key> leaf() const { return m_leaf; }
    void setLeaf(std::optional<Key> leaf) { m_leaf = leaf; }
    std::optional<Key> parent(Key key) const { return m_tree.parent(key); }
    bool isUser(Key key) const;
    /// The end of the newest way on from the version `step` further; empty if there is none.
    std::optional<Key> otherVersion(Key key, int step) const;
    /// The end of the newest way on from what is shown.
    std::optional<Key> wayOn() const;
    QList<ChatRow> rows() const;

private:
    struct Message
    {
        QString speaker;
        QString text;
        QString note;
        bool pending = false;
    };

    MessageTree m_tree;
    QHash<Key, Message> m_messages;
    std::optional<Key> m_leaf;
};

} // namespace bs::ui
