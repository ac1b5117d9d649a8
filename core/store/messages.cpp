#include "core/store/clock.h"
#include "core/store/store.h"

#include <unordered_map>

namespace bs {

namespace {

constexpr const char* kCountConversations = "SELECT count(*) FROM conversations WHERE id = ?";

SqlValue sqlId(const std::optional<std::int64_t>& id)
{
    return id ? SqlValue{*id} : SqlValue{};
}

AnswerRecord answerOf(const SqlRow& row)
{
    AnswerRecord answer;
    answer.modelPath = row.text(1);
    answer.fileBytes = row.size(2);
    answer.weightBytes = row.size(3);
    answer.tokens = row.size(4);
    answer.tokensPerSecond = row.number(5);
    answer.contextUsed = row.size(6);
    answer.context = row.size(7);
    answer.stopReason = row.text(8);
    answer.mixed = row.integer(9) != 0;
    answer.droppedMessages = row.size(10);
    answer.notice = row.text(11);
    answer.error = row.text(12);
    answer.maxTokens = row.size(13);
    answer.temperature = row.number(14);
    answer.topK = row.size(15);
    answer.topP = row.number(16);
    answer.minP = row.number(17);
    answer.repeatPenalty = row.number(18);
    answer.seed = row.optionalSize(19);
    return answer;
}

} // namespace

/// Said in it now, and shown up to `leaf`.
Result<void> Store::touch(std::int64_t conversation, std::optional<std::int64_t> leaf)
{
    return m_database.run("UPDATE conversations SET changed = ?, leaf = ? WHERE id = ?",
                          {utcNow(), sqlId(leaf), conversation});
}

Result<std::int64_t> Store::conversationOf(std::int64_t message)
{
    BS_CHECK(mustExist("SELECT count(*) FROM messages WHERE id = ?", message, "message"));
    return m_database.integer("SELECT conversation FROM messages WHERE id = ?", {message});
}

Result<std::int64_t> Store::addMessage(const MessageRecord& message)
{
    std::int64_t id = 0;
    const Result<void> stored = m_database.transaction([&]() -> Result<void> {
        BS_CHECK(mustExist(kCountConversations, message.conversation, "conversation"));
        if (message.parent) {
            BS_TRY(const std::int64_t owner, conversationOf(*message.parent));
            if (owner != message.conversation)
                return Error{ErrorCode::Usage,
                             path() + ": message " + std::to_string(*message.parent) +
                                 " is not of conversation " + std::to_string(message.conversation)};
        }
        BS_CHECK(m_database.run(
            "INSERT INTO messages (conversation, parent, role, content, partial, created) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            {message.conversation, sqlId(message.parent), message.role, message.content,
             std::int64_t{message.partial}, utcNow()}));
        id = m_database.lastId();
        return touch(message.conversation, id);
    });
    if (!stored) return stored.error();
    return id;
}

Result<void> Store::setMessageContent(std::int64_t message, const std::string& content)
{
    return m_database.transaction([&]() -> Result<void> {
        BS_TRY([[maybe_unused]] const std::int64_t owner, conversationOf(message));
        return m_database.run("UPDATE messages SET content = ? WHERE id = ?", {content, message});
    });
}

Result<void> Store::insertAnswer(std::int64_t message, const AnswerRecord& a)
{
    BS_CHECK(m_database.run(
        "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?)",
        {message,
         a.modelPath,
         sqlValue(a.fileBytes),
         sqlValue(a.weightBytes),
         sqlValue(a.tokens),
         a.tokensPerSecond,
         sqlValue(a.contextUsed),
         sqlValue(a.context),
         a.stopReason,
         std::int64_t{a.mixed},
         sqlValue(a.droppedMessages),
         a.notice,
         a.error,
         sqlValue(a.maxTokens),
         a.temperature,
         sqlValue(a.topK),
         a.topP,
         a.minP,
         a.repeatPenalty,
         sqlValue(a.seed)}));
    BS_CHECK(m_database.run("DELETE FROM answer_sizes WHERE message = ?", {message}));
    for (const SizeChange& size : a.sizes)
        BS_CHECK(
            m_database.run("INSERT INTO answer_sizes (message, token, file_bytes) VALUES (?, ?, ?)",
                           {message, sqlValue(size.token), sqlValue(size.fileBytes)}));
    return {};
}

Result<void> Store::finishMessage(std::int64_t message, const std::string& content,
                                  const AnswerRecord& answer)
{
    return m_database.transaction([&]() -> Result<void> {
        BS_TRY(const std::int64_t owner, conversationOf(message));
        BS_CHECK(m_database.run("UPDATE messages SET content = ?, partial = 0 WHERE id = ?",
                                {content, message}));
        BS_CHECK(insertAnswer(message, answer));
        return m_database.run("UPDATE conversations SET changed = ? WHERE id = ?",
                              {utcNow(), owner});
    });
}

Result<void> Store::removeMessage(std::int64_t message)
{
    return m_database.transaction([&]() -> Result<void> {
        BS_TRY(const std::int64_t owner, conversationOf(message));
        // What is shown may end anywhere below it.
        BS_CHECK(m_database.run(
            "UPDATE conversations SET leaf = (SELECT parent FROM messages WHERE id = ?) "
            "WHERE id = ? AND leaf IN (WITH RECURSIVE below (id) AS (VALUES (?) UNION ALL "
            "SELECT m.id FROM messages m JOIN below ON m.parent = below.id) SELECT id FROM below)",
            {message, owner, message}));
        return m_database.run("DELETE FROM messages WHERE id = ?", {message});
    });
}

Result<void> Store::setLeaf(std::int64_t conversation, std::optional<std::int64_t> message)
{
    return m_database.transaction([&]() -> Result<void> {
        BS_CHECK(mustExist(kCountConversations, conversation, "conversation"));
        if (message) {
            BS_TRY(const std::int64_t owner, conversationOf(*message));
            if (owner != conversation)
                return Error{ErrorCode::Usage, path() + ": message " + std::to_string(*message) +
                                                   " is not of conversation " +
                                                   std::to_string(conversation)};
        }
        return m_database.run("UPDATE conversations SET leaf = ? WHERE id = ?",
                              {sqlId(message), conversation});
    });
}

Result<std::vector<MessageRecord>> Store::messages(std::int64_t conversation)
{
    std::vector<MessageRecord> found;
    // By depth, not by id: in a database of version 1 an edited message is younger than what
    // follows it.
    BS_CHECK(m_database.query(
        "WITH RECURSIVE tree (id, depth) AS ("
        "SELECT id, 0 FROM messages WHERE conversation = ? AND parent IS NULL UNION ALL "
        "SELECT m.id, tree.depth + 1 FROM messages m JOIN tree ON m.parent = tree.id) "
        "SELECT m.id, m.conversation, m.parent, m.role, m.content, m.partial, m.created "
        "FROM messages m JOIN tree ON tree.id = m.id ORDER BY tree.depth, m.id",
        {conversation}, [&](const SqlRow& row) {
            MessageRecord message;
            message.id = row.integer(0);
            message.conversation = row.integer(1);
            if (!row.isNull(2)) message.parent = row.integer(2);
            message.role = row.text(3);
            message.content = row.text(4);
            message.partial = row.integer(5) != 0;
            message.created = row.text(6);
            found.push_back(std::move(message));
        }));
    BS_CHECK(readAnswers(conversation, found));
    return found;
}

Result<void> Store::readAnswers(std::int64_t conversation, std::vector<MessageRecord>& messages)
{
    std::unordered_map<std::int64_t, MessageRecord*> byId;
    for (MessageRecord& message : messages)
        byId[message.id] = &message;
    BS_CHECK(m_database.query(
        "SELECT a.* FROM answers a JOIN messages m ON m.id = a.message WHERE m.conversation = ?",
        {conversation}, [&](const SqlRow& row) {
            if (const auto at = byId.find(row.integer(0)); at != byId.end())
                at->second->answer = answerOf(row);
        }));
    return m_database.query(
        "SELECT s.message, s.token, s.file_bytes FROM answer_sizes s JOIN messages m "
        "ON m.id = s.message WHERE m.conversation = ? ORDER BY s.message, s.token",
        {conversation}, [&](const SqlRow& row) {
            const auto at = byId.find(row.integer(0));
            if (at != byId.end() && at->second->answer)
                at->second->answer->sizes.push_back({row.size(1), row.size(2)});
        });
}

} // namespace bs
