#pragma once

#include "core/base/result.h"
#include "core/tokenizer/jinja/limits.h"

#include <ctime>
#include <string>
#include <string_view>
#include <vector>

namespace bs {

struct ChatMessage
{
    std::string role; ///< "system", "user", "assistant"
    std::string content;
};

/// What stands in where a model has no template.
std::string_view plainChatTemplate();

/// The prompt text for a conversation by the model's Jinja template, in the part of the language
/// that such templates use (core/tokenizer/jinja/parser.h), bounded in time, depth, memory and
/// output (`limits`); an empty template means ChatML. `now` is the time that strftime_now
/// tells, 0 the clock's. Errors: Format (line and what is not understood, or the bound), Usage (the
/// template refuses the conversation: its own words).
Result<std::string> renderChat(std::string_view chatTemplate,
                               const std::vector<ChatMessage>& messages, bool addGenerationPrompt,
                               std::string_view bosToken = "", std::string_view eosToken = "",
                               std::time_t now = 0, const jinja::Limits& limits = {});

} // namespace bs
