#include "core/store/clock.h"
#include "core/store/store.h"

namespace bs {

namespace {

constexpr const char* kCountConversations = "SELECT count(*) FROM conversations WHERE id = ?";
constexpr const char* kMessageColumns =
    "SELECT id, conversation, position, version, role, content, details, created FROM messages m ";
/// The newest version at its position, and not dropped.
constexpr const char* kCurrent = "dropped = 0 AND version = (SELECT max(version) FROM messages "
                                 "WHERE conversation = m.conversation "
                                 "AND position = m.position) ";

MessageRecord messageOf(const SqlRow& row)
{
    MessageRecord message;
    message.id = row.integer(0);
    message.conversation = row.integer(1);
    message.position = row.integer(2);
    message.version = row.integer(3);
    message.role = row.text(4);
    message.content = row.text(5);
    message.details = row.text(6);
    message.created = row.text(7);
    return message;
}

} // namespace

Result<std::int64_t> Store::createConversation(const std::string& title,
                                               const std::string& modelPath)
{
    const std::string now = utcNow();
    BS_CHECK(m_database.transaction([&] {
        return m_database.run(
            "INSERT INTO conversations (title, model_path, created, changed) VALUES (?, ?, ?, ?)",
            {title, modelPath, now, now});
    }));
    return m_database.lastId();
}

Result<std::vector<ConversationRecord>> Store::listConversations()
{
    std::vector<ConversationRecord> found;
    BS_CHECK(m_database.query(
        "SELECT id, title, model_path, created, changed FROM conversations ORDER BY changed DESC, "
        "id DESC",
        {}, [&](const SqlRow& row) {
            found.push_back({row.integer(0), row.text(1), row.text(2), row.text(3), row.text(4)});
        }));
    return found;
}

Result<void> Store::renameConversation(std::int64_t conversation, const std::string& title)
{
    return m_database.transaction([&]() -> Result<void> {
        BS_CHECK(mustExist(kCountConversations, conversation, "conversation"));
        return m_database.run("UPDATE conversations SET title = ?, changed = ? WHERE id = ?",
                              {title, utcNow(), conversation});
    });
}

Result<void> Store::removeConversation(std::int64_t conversation)
{
    return m_database.transaction([&]() -> Result<void> {
        BS_CHECK(mustExist(kCountConversations, conversation, "conversation"));
        return m_database.run("DELETE FROM conversations WHERE id = ?", {conversation});
    });
}

Result<MessageRecord> Store::insertMessage(MessageRecord message)
{
    message.created = utcNow();
    BS_TRY(const std::int64_t newest,
           m_database.integer(
               "SELECT max(version) FROM messages WHERE conversation = ? AND position = ?",
               {message.conversation, message.position}));
    message.version = newest + 1;
    BS_CHECK(m_database.run(
        "INSERT INTO messages (conversation, position, version, role, content, details, created) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        {message.conversation, message.position, message.version, message.role, message.content,
         message.details, message.created}));
    message.id = m_database.lastId();
    BS_CHECK(m_database.run("UPDATE conversations SET changed = ? WHERE id = ?",
                            {message.created, message.conversation}));
    return message;
}

Result<MessageRecord> Store::appendMessage(std::int64_t conversation, const std::string& role,
                                           const std::string& content, const std::string& details)
{
    MessageRecord message;
    message.conversation = conversation;
    message.role = role;
    message.content = content;
    message.details = details;
    const Result<void> stored = m_database.transaction([&]() -> Result<void> {
        BS_CHECK(mustExist(kCountConversations, conversation, "conversation"));
        BS_TRY(message.position,
               m_database.integer(
                   std::string("SELECT coalesce(max(position) + 1, 0) FROM messages m WHERE "
                               "conversation = ? AND ") +
                       kCurrent,
                   {conversation}));
        BS_TRY(message, insertMessage(std::move(message)));
        return {};
    });
    if (!stored) return stored.error();
    return message;
}

Result<MessageRecord> Store::editMessage(std::int64_t conversation, std::int64_t position,
                                         const std::string& content, const std::string& details)
{
    MessageRecord edited;
    const Result<void> stored = m_database.transaction([&]() -> Result<void> {
        BS_CHECK(m_database.query(std::string(kMessageColumns) +
                                      "WHERE conversation = ? AND position = ? AND " + kCurrent,
                                  {conversation, position},
                                  [&](const SqlRow& row) { edited = messageOf(row); }));
        if (edited.id == 0)
            return Error{ErrorCode::Usage, path() + ": conversation " +
                                               std::to_string(conversation) + " has no message " +
                                               std::to_string(position)};
        edited.content = content;
        edited.details = details;
        BS_TRY(edited, insertMessage(std::move(edited)));
        return {};
    });
    if (!stored) return stored.error();
    return edited;
}

Result<void> Store::dropMessagesFrom(std::int64_t conversation, std::int64_t position)
{
    return m_database.transaction([&]() -> Result<void> {
        BS_CHECK(mustExist(kCountConversations, conversation, "conversation"));
        BS_CHECK(m_database.run(
            "UPDATE messages SET dropped = 1 WHERE conversation = ? AND position >= ?",
            {conversation, position}));
        return m_database.run("UPDATE conversations SET changed = ? WHERE id = ?",
                              {utcNow(), conversation});
    });
}

Result<std::vector<MessageRecord>> Store::messages(std::int64_t conversation)
{
    std::vector<MessageRecord> found;
    BS_CHECK(m_database.query(std::string(kMessageColumns) + "WHERE conversation = ? AND " +
                                  kCurrent + "ORDER BY position",
                              {conversation},
                              [&](const SqlRow& row) { found.push_back(messageOf(row)); }));
    return found;
}

Result<std::vector<MessageRecord>> Store::versions(std::int64_t conversation, std::int64_t position)
{
    std::vector<MessageRecord> found;
    BS_CHECK(m_database.query(
        std::string(kMessageColumns) + "WHERE conversation = ? AND position = ? ORDER BY version",
        {conversation, position}, [&](const SqlRow& row) { found.push_back(messageOf(row)); }));
    return found;
}

} // namespace bs
