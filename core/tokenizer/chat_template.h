#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace bs {

struct ChatMessage
{
    std::string role; ///< "system", "user", "assistant"
    std::string content;
};

/// The prompt text for a conversation by the model's Jinja template (the small part of Jinja such
/// templates use); an empty template means ChatML. Errors: Format (line and what is not
/// understood).
Result<std::string> renderChat(std::string_view chatTemplate,
                               const std::vector<ChatMessage>& messages, bool addGenerationPrompt,
                               std::string_view bosToken = "", std::string_view eosToken = "");

} // namespace bs
