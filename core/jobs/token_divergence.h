#pragma once

#include "core/base/progress.h"
#include "core/jobs/loaded_model.h"
#include "core/jobs/size_choice.h"
#include "core/tokenizer/chat_template.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bs {

/// Of a result: its answer must fit a line of the worker's protocol.
inline constexpr std::size_t kMostTokenPositions = 65536;

/// A text to look at token by token: a file, or the last message of a conversation, which is then
/// an answer.
struct TokenDivergenceRequest
{
    std::string model;
    SizeChoice size;
    std::string text; ///< file; empty: `messages`
    std::vector<ChatMessage> messages;
    std::optional<std::string> chatTemplate; ///< instead of the model's own
    std::string reference; ///< model to compare with; empty: the one the stack was made from, or
                           ///< without it everything the stack holds
    std::size_t context = 512; ///< tokens of a window of a file
    std::size_t chunks = 4;    ///< only the first so many windows; 0: as many as are allowed
    std::size_t worst = 20;
    EngineOptions engine;
};

struct TokenDivergence
{
    struct Choice
    {
        std::string text;
        double probability = 0;
    };
    /// A token that had to be predicted.
    struct Position
    {
        std::size_t index = 0; ///< in the text's tokens
        std::string text;
        double divergence = 0; ///< KL(reference || model), nats
        double nll = 0;        ///< of the token itself, under the model
        Choice reference;      ///< the first choice
        Choice model;
    };
    struct Worst
    {
        std::size_t position = 0; ///< in `positions`
        std::string before;       ///< text around the token
        std::string after;
        std::vector<Choice> reference; ///< first choices
        std::vector<Choice> model;
    };

    ChosenSize size;
    std::string reference;  ///< path
    bool dense = false;     ///< the reference is no stack
    std::string note;       ///< why it is not the original; or ""
    std::size_t kept = 0;   ///< of the reference's most probable tokens: the rest counts as one
    std::size_t tokens = 0; ///< of the text, what was left out included
    double mean = 0;
    double median = 0;
    double sameTop = 0;
    std::vector<Position> positions; ///< in the order of the text
    std::vector<Worst> worst;        ///< the worst first
};

/// How far a model at a size is from its reference at every token of a text: a lower bound of the
/// exact divergence (see DivergenceResult), within 1 % of it. The reference's side is kept in the
/// user's cache, so that the next size takes half the time. Errors: as openModel, chooseSize,
/// buildChatPrompt, forEachScored; Format (no tokenizer); Usage (another vocabulary, neither a file
/// nor an answer).
Result<TokenDivergence> tokenDivergence(const TokenDivergenceRequest& request,
                                        const JobContext& context);

} // namespace bs
