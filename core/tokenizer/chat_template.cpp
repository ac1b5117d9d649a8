#include "core/tokenizer/chat_template.h"

#include "core/tokenizer/jinja/evaluator.h"
#include "core/tokenizer/jinja/parser.h"

#include <utility>

namespace bs {

namespace {

using jinja::Value;

constexpr std::string_view kChatMl =
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + "
    "'<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}"
    "{% endif %}";

Result<Value> messageList(const std::vector<ChatMessage>& messages, jinja::Work& work)
{
    std::vector<Value> list;
    for (const ChatMessage& message : messages) {
        BS_TRY(Value role, work.text(message.role));
        BS_TRY(Value content, work.text(message.content));
        BS_TRY(Value entry,
               work.dict({{"role", std::move(role)}, {"content", std::move(content)}}));
        list.push_back(std::move(entry));
    }
    return work.list(std::move(list));
}

Result<std::string> render(std::string_view source, jinja::Variables variables, jinja::Work& work)
{
    if (source.size() > jinja::Limits::templateBytes)
        return Error{ErrorCode::Format,
                     "it has " + std::to_string(source.size()) + " bytes, at most " +
                         std::to_string(jinja::Limits::templateBytes) + " are read"};
    BS_TRY(std::vector<jinja::Token> tokens, jinja::tokenize(source));
    BS_TRY(const jinja::NodePtr root, jinja::Parser(std::move(tokens)).parse());
    return jinja::Evaluator(std::move(variables), work).run(*root);
}

} // namespace

std::string_view plainChatTemplate()
{
    return kChatMl;
}

Result<std::string> renderChat(std::string_view chatTemplate,
                               const std::vector<ChatMessage>& messages, bool addGenerationPrompt,
                               std::string_view bosToken, std::string_view eosToken,
                               std::time_t now, const jinja::Limits& limits)
{
    jinja::Work work(limits, now != 0 ? now : std::time(nullptr));
    jinja::Variables variables;
    BS_TRY(variables["messages"], messageList(messages, work));
    BS_TRY(variables["bos_token"], work.text(std::string(bosToken)));
    BS_TRY(variables["eos_token"], work.text(std::string(eosToken)));
    variables["add_generation_prompt"] = Value(addGenerationPrompt);
    // What transformers sets where a conversation has none.
    variables["tools"] = Value(jinja::None{});
    variables["documents"] = Value(jinja::None{});
    auto text = render(chatTemplate.empty() ? kChatMl : chatTemplate, std::move(variables), work);
    if (!text) return std::move(text).error().in("chat template");
    return text;
}

} // namespace bs
