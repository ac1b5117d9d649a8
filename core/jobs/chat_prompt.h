#pragma once

#include "core/base/result.h"
#include "core/tokenizer/chat_template.h"
#include "core/tokenizer/tokenizer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bs {

/// A conversation as the model reads it.
struct ChatPrompt
{
    std::vector<std::int32_t> ids;
    std::size_t droppedMessages = 0; ///< oldest ones left out because they did not fit
    std::string
        notice; ///< why plain ChatML stands in for the model's own template; "": it does not
};

/// Renders the conversation with the model's template, or with plain ChatML and a notice where that
/// template cannot be run; one that refuses the conversation has its way. While it is longer than
/// `capacity` less a reserve for the answer (a quarter of the capacity, or `answerTokens` if that
/// is less), the oldest messages go, an answer together with its question; the system prompt and
/// the last message stay. `chatTemplate` is used instead of the model's own; nothing stands in for
/// it. Errors: Usage (no message; the template's own words of refusal; the rest still fills the
/// context: both numbers), Format (`chatTemplate` cannot be run: line and why).
Result<ChatPrompt> buildChatPrompt(const Tokenizer& tokenizer, std::vector<ChatMessage> messages,
                                   std::size_t capacity, std::size_t answerTokens,
                                   const std::optional<std::string>& chatTemplate = std::nullopt);

/// What a template makes of a conversation.
struct TemplateCheck
{
    std::string chatTemplate; ///< the one that was run
    std::string text;         ///< what the model would read; empty with an error
    std::size_t tokens = 0;   ///< of that text
    std::string error;        ///< why it cannot be run, or its own words of refusal; else empty
    std::size_t line = 0;     ///< of the error, from 1; 0: it has none
};

/// Runs a template (none: the model's own, or plain ChatML if it has none) on messages. One that
/// cannot be run is a result too.
TemplateCheck checkTemplate(const Tokenizer& tokenizer,
                            const std::optional<std::string>& chatTemplate,
                            const std::vector<ChatMessage>& messages);

} // namespace bs
