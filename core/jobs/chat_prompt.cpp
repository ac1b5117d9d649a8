#include "core/jobs/chat_prompt.h"

#include <algorithm>
#include <charconv>

namespace bs {

namespace {

Result<std::string> textOf(const Tokenizer& tokenizer, std::string_view chatTemplate,
                           const std::vector<ChatMessage>& messages)
{
    return renderChat(chatTemplate, messages, true, tokenizer.piece(tokenizer.spec().bos, true),
                      tokenizer.piece(tokenizer.spec().eos, true));
}

/// With ChatML from the first failure of the model's template on, which leaves a notice.
Result<std::string> textOrPlain(const Tokenizer& tokenizer,
                                const std::vector<ChatMessage>& messages, std::string& notice)
{
    const std::string& own = tokenizer.spec().chatTemplate;
    if (own.empty() || !notice.empty()) return textOf(tokenizer, "", messages);
    Result<std::string> text = textOf(tokenizer, own, messages);
    if (text || text.error().code != ErrorCode::Format) return text;
    notice = "the model's " + text.error().message + "; plain ChatML stands in for it";
    return textOf(tokenizer, "", messages);
}

Result<std::vector<std::int32_t>> idsOf(const Tokenizer& tokenizer,
                                        const std::vector<ChatMessage>& messages,
                                        const std::optional<std::string>& chatTemplate,
                                        std::string& notice)
{
    const TokenizerSpec& spec = tokenizer.spec();
    BS_TRY(const std::string text, chatTemplate ? textOf(tokenizer, *chatTemplate, messages)
                                                : textOrPlain(tokenizer, messages, notice));
    std::vector<std::int32_t> ids = tokenizer.encode(text, true);
    if (spec.addBos && (ids.empty() || ids.front() != spec.bos)) ids.insert(ids.begin(), spec.bos);
    return ids;
}

/// Takes the oldest question and its answer out; false if only the last message is left.
bool dropOldest(std::vector<ChatMessage>& messages, std::size_t& dropped)
{
    const auto isOld = [](const ChatMessage& message) { return message.role != "system"; };
    bool any = false;
    while (true) {
        const auto oldest = std::find_if(messages.begin(), messages.end(), isOld);
        if (oldest == messages.end() || oldest + 1 == messages.end()) return any;
        if (any && oldest->role == "user") return true;
        messages.erase(oldest);
        ++dropped;
        any = true;
    }
}

/// "chat template: line 3: ..." names one.
std::size_t lineOf(const std::string& message)
{
    constexpr std::string_view kWord = "line ";
    const std::size_t at = message.find(kWord);
    std::size_t line = 0;
    if (at != std::string::npos)
        std::from_chars(message.data() + at + kWord.size(), message.data() + message.size(), line);
    return line;
}

} // namespace

Result<ChatPrompt> buildChatPrompt(const Tokenizer& tokenizer, std::vector<ChatMessage> messages,
                                   std::size_t capacity, std::size_t answerTokens,
                                   const std::optional<std::string>& chatTemplate)
{
    if (messages.empty())
        return Error{ErrorCode::Usage, "the conversation has no message to answer"};
    const std::size_t reserve =
        std::min(std::max<std::size_t>(answerTokens, 1), std::max<std::size_t>(capacity / 4, 1));
    ChatPrompt prompt;
    BS_TRY(prompt.ids, idsOf(tokenizer, messages, chatTemplate, prompt.notice));
    while (prompt.ids.size() + reserve > capacity && dropOldest(messages, prompt.droppedMessages)) {
        BS_TRY(prompt.ids, idsOf(tokenizer, messages, chatTemplate, prompt.notice));
    }
    if (prompt.ids.size() >= capacity)
        return Error{ErrorCode::Usage, "the message takes " + std::to_string(prompt.ids.size()) +
                                           " tokens with its template, the context holds " +
                                           std::to_string(capacity)};
    return prompt;
}

TemplateCheck checkTemplate(const Tokenizer& tokenizer,
                            const std::optional<std::string>& chatTemplate,
                            const std::vector<ChatMessage>& messages)
{
    TemplateCheck check;
    check.chatTemplate = chatTemplate.value_or(tokenizer.spec().chatTemplate);
    if (check.chatTemplate.empty()) check.chatTemplate = plainChatTemplate();
    Result<std::string> text = textOf(tokenizer, check.chatTemplate, messages);
    if (text) {
        check.text = std::move(text).value();
        check.tokens = tokenizer.encode(check.text, true).size();
    } else {
        check.error = text.error().message;
        check.line = lineOf(check.error);
    }
    return check;
}

} // namespace bs
