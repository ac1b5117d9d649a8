#include "core/store/clock.h"
#include "core/store/folded_text.h"
#include "core/store/store.h"

namespace bs {

namespace {

constexpr const char* kCount = "SELECT count(*) FROM conversations WHERE id = ?";
constexpr const char* kColumns = "SELECT id, title, model_path, model_hash, system, "
                                 "chat_template, leaf, created, changed FROM conversations ";

ConversationRecord recordOf(const SqlRow& row)
{
    ConversationRecord found;
    found.id = row.integer(0);
    found.title = row.text(1);
    found.modelPath = row.text(2);
    found.modelHash = row.text(3);
    found.system = row.text(4);
    if (!row.isNull(5)) found.chatTemplate = row.text(5);
    if (!row.isNull(6)) found.leaf = row.integer(6);
    found.created = row.text(7);
    found.changed = row.text(8);
    return found;
}

SqlValue sqlText(const std::optional<std::string>& text)
{
    return text ? SqlValue{*text} : SqlValue{};
}

} // namespace

Result<std::int64_t> Store::createConversation(const ConversationRecord& conversation)
{
    const std::string now = utcNow();
    BS_CHECK(m_database.transaction([&] {
        return m_database.run(
            "INSERT INTO conversations (title, model_path, model_hash, system, chat_template, "
            "created, changed) VALUES (?, ?, ?, ?, ?, ?, ?)",
            {conversation.title, conversation.modelPath, conversation.modelHash,
             conversation.system, sqlText(conversation.chatTemplate), now, now});
    }));
    return m_database.lastId();
}

Result<ConversationRecord> Store::conversation(std::int64_t conversation)
{
    BS_CHECK(mustExist(kCount, conversation, "conversation"));
    ConversationRecord found;
    BS_CHECK(m_database.query(std::string(kColumns) + "WHERE id = ?", {conversation},
                              [&](const SqlRow& row) { found = recordOf(row); }));
    return found;
}

Result<std::vector<ConversationRecord>> Store::listConversations(const std::string& search)
{
    const std::string folded = foldedText(search);
    std::vector<ConversationRecord> found;
    std::string statement = std::string(kColumns) + "WHERE removed IS NULL ";
    std::vector<SqlValue> values;
    if (!folded.empty()) {
        statement += "AND (holds(title, ?) OR id IN "
                     "(SELECT conversation FROM messages WHERE holds(content, ?))) ";
        values = {folded, folded};
    }
    // Of what changed in the same millisecond the youngest message tells.
    BS_CHECK(m_database.query(statement + "ORDER BY changed DESC, leaf DESC, id DESC", values,
                              [&](const SqlRow& row) { found.push_back(recordOf(row)); }));
    if (folded.empty()) return found;
    for (ConversationRecord& hit : found) {
        if (holdsFolded(hit.title, folded)) continue;
        BS_CHECK(m_database.query(
            "SELECT content FROM messages WHERE conversation = ? AND holds(content, ?) "
            "ORDER BY id LIMIT 1",
            {hit.id, folded},
            [&](const SqlRow& row) { hit.found = excerptAround(row.text(0), search); }));
    }
    return found;
}

Result<void> Store::renameConversation(std::int64_t conversation, const std::string& title)
{
    return m_database.transaction([&]() -> Result<void> {
        BS_CHECK(mustExist(kCount, conversation, "conversation"));
        // Its place in the list is that of what was said in it.
        return m_database.run("UPDATE conversations SET title = ? WHERE id = ?",
                              {title, conversation});
    });
}

Result<void> Store::setConversationPrompt(std::int64_t conversation, const std::string& system,
                                          const std::optional<std::string>& chatTemplate)
{
    return m_database.transaction([&]() -> Result<void> {
        BS_CHECK(mustExist(kCount, conversation, "conversation"));
        return m_database.run("UPDATE conversations SET system = ?, chat_template = ? WHERE id = ?",
                              {system, sqlText(chatTemplate), conversation});
    });
}

Result<void> Store::removeConversation(std::int64_t conversation)
{
    return m_database.transaction([&]() -> Result<void> {
        BS_CHECK(mustExist(kCount, conversation, "conversation"));
        return m_database.run("UPDATE conversations SET removed = ? WHERE id = ?",
                              {utcNow(), conversation});
    });
}

Result<void> Store::restoreConversation(std::int64_t conversation)
{
    return m_database.transaction([&]() -> Result<void> {
        BS_CHECK(mustExist(kCount, conversation, "conversation"));
        return m_database.run("UPDATE conversations SET removed = NULL WHERE id = ?",
                              {conversation});
    });
}

Result<std::int64_t> Store::purgeConversations(const std::string& removedBefore)
{
    std::int64_t purged = 0;
    const Result<void> done = m_database.transaction([&]() -> Result<void> {
        BS_TRY(purged, m_database.integer("SELECT count(*) FROM conversations WHERE removed < ?",
                                          {removedBefore}));
        return m_database.run("DELETE FROM conversations WHERE removed < ?", {removedBefore});
    });
    if (!done) return done.error();
    return purged;
}

} // namespace bs
