#include "core/store/message_tree.h"
#include "core/store/store.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <map>

namespace bs {

namespace {

using Json = nlohmann::ordered_json;

Json jsonOf(const AnswerRecord& answer)
{
    Json sizes = Json::array();
    for (const SizeChange& size : answer.sizes)
        sizes.push_back({{"token", size.token}, {"file_bytes", size.fileBytes}});
    return {{"model", answer.modelPath},
            {"file_bytes", answer.fileBytes},
            {"weight_bytes", answer.weightBytes},
            {"tokens", answer.tokens},
            {"tokens_per_second", answer.tokensPerSecond},
            {"context_used", answer.contextUsed},
            {"context", answer.context},
            {"stop_reason", answer.stopReason},
            {"mixed", answer.mixed},
            {"dropped_messages", answer.droppedMessages},
            {"notice", answer.notice.empty() ? Json() : Json(answer.notice)},
            {"error", answer.error.empty() ? Json() : Json(answer.error)},
            {"max_tokens", answer.maxTokens},
            {"temperature", answer.temperature},
            {"top_k", answer.topK},
            {"top_p", answer.topP},
            {"min_p", answer.minP},
            {"repeat_penalty", answer.repeatPenalty},
            {"seed", answer.seed ? Json(*answer.seed) : Json()},
            {"sizes", std::move(sizes)}};
}

template <class T>
Json optionalJson(const std::optional<T>& value)
{
    return value ? Json(*value) : Json();
}

/// Every message, also those that are not shown: their parents tell what follows what.
std::string jsonText(const ConversationRecord& conversation,
                     const std::vector<MessageRecord>& messages)
{
    Json list = Json::array();
    for (const MessageRecord& message : messages)
        list.push_back({{"id", message.id},
                        {"parent", optionalJson(message.parent)},
                        {"role", message.role},
                        {"content", message.content},
                        {"partial", message.partial},
                        {"created", message.created},
                        {"answer", message.answer ? jsonOf(*message.answer) : Json()}});
    const Json whole{{"title", conversation.title},
                     {"model", conversation.modelPath},
                     {"model_hash", conversation.modelHash},
                     {"system", conversation.system},
                     {"chat_template", optionalJson(conversation.chatTemplate)},
                     {"created", conversation.created},
                     {"changed", conversation.changed},
                     {"leaf", optionalJson(conversation.leaf)},
                     {"messages", std::move(list)}};
    return whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string oneLine(std::string text)
{
    for (char& c : text)
        if (c == '\n' || c == '\r') c = ' ';
    return text;
}

std::string megabytes(std::uint64_t bytes)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f MB", static_cast<double>(bytes) / 1e6);
    return text.data();
}

/// "105.5 MB from token 0, 74.5 MB from token 12; 40 tokens, 12.5 tokens/s, seed 7"
std::string noteOf(const AnswerRecord& answer)
{
    std::string note;
    for (const SizeChange& size : answer.sizes)
        note += (note.empty() ? "" : ", ") + megabytes(size.fileBytes) +
                (answer.sizes.size() > 1 ? " from token " + std::to_string(size.token) : "");
    if (answer.sizes.empty() && answer.fileBytes > 0) note = megabytes(answer.fileBytes);
    std::array<char, 64> speed{};
    std::snprintf(speed.data(), speed.size(), "%llu tokens, %.1f tokens/s",
                  static_cast<unsigned long long>(answer.tokens), answer.tokensPerSecond);
    note += (note.empty() ? "" : "; ") + std::string(speed.data());
    if (answer.seed) note += ", seed " + std::to_string(*answer.seed);
    if (!answer.error.empty()) note += "; broken off: " + oneLine(answer.error);
    return note;
}

/// What is shown of it. A message is Markdown already, or near enough.
std::string markdownText(const ConversationRecord& conversation,
                         const std::vector<MessageRecord>& messages)
{
    std::map<std::int64_t, const MessageRecord*> byId;
    for (const MessageRecord& message : messages)
        byId[message.id] = &message;
    std::string text = "# " + oneLine(conversation.title) + "\n\n" + conversation.modelPath + ", " +
                       conversation.created + "\n";
    if (!conversation.system.empty()) text += "\n## System\n\n" + conversation.system + "\n";
    for (const std::int64_t id : MessageTree(messages).path(conversation.leaf)) {
        const MessageRecord& message = *byId.at(id);
        const bool user = message.role == "user";
        text += std::string("\n## ") + (user ? "You" : "Model") + "\n\n" + message.content + "\n";
        if (message.answer) text += "\n*" + noteOf(*message.answer) + "*\n";
        if (message.partial) text += "\n*not finished*\n";
    }
    return text;
}

} // namespace

Result<std::string> Store::exportConversation(std::int64_t id, ConversationFormat format)
{
    BS_TRY(const ConversationRecord record, conversation(id));
    BS_TRY(const std::vector<MessageRecord> all, messages(id));
    return format == ConversationFormat::JsonObject ? jsonText(record, all)
                                                    : markdownText(record, all);
}

} // namespace bs
