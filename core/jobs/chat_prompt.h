#pragma once

#include "core/base/result.h"
#include "core/tokenizer/chat_template.h"
#include "core/tokenizer/tokenizer.h"

#include <cstdint>
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
/// the last message stay. Errors: Usage (no message; the template's own words of refusal; the rest
/// still fills the context: both numbers).
Result<ChatPrompt> buildChatPrompt(const Tokenizer& tokenizer, std::vector<ChatMessage> messages,
                                   std::size_t capacity, std::size_t answerTokens);

} // namespace bs
