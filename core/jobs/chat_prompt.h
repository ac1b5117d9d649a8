#pragma once

#include "core/base/result.h"
#include "core/tokenizer/chat_template.h"
#include "core/tokenizer/tokenizer.h"

#include <cstdint>
#include <vector>

namespace bs {

/// A conversation as the model reads it.
struct ChatPrompt
{
    std::vector<std::int32_t> ids;
    std::size_t droppedMessages = 0; ///< oldest ones left out because they did not fit
};

/// Renders the conversation with the model's template. While it is longer than `capacity` less a
/// reserve for the answer (a quarter of the capacity, or `answerTokens` if that is less), the
/// oldest messages go, an answer together with its question; the system prompt and the last message
/// stay. Errors: Usage (no message; the rest still fills the context: both numbers), Format
/// (template).
Result<ChatPrompt> buildChatPrompt(const Tokenizer& tokenizer, std::vector<ChatMessage> messages,
                                   std::size_t capacity, std::size_t answerTokens);

} // namespace bs
