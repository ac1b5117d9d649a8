#pragma once

#include "core/infer/generate.h"
#include "core/jobs/chat_prompt.h"
#include "core/jobs/inspect.h"
#include "core/jobs/loaded_model.h"
#include "core/jobs/score.h"
#include "core/tokenizer/chat_template.h"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace bs {

struct SessionRequest
{
    std::string model;
    SizeChoice size;
    bool fitMemory = false;     ///< instead of `size`: the largest that fits the free memory
    std::size_t context = 2048; ///< positions; cut to what the model was trained for
    EngineOptions engine;
};

/// What a session holds at the moment.
struct SessionState
{
    std::string path;
    std::string device;       ///< Engine::deviceName
    std::string deviceNotice; ///< why it is not the card that could be expected; may be empty
    std::optional<std::uint64_t> cardFreeBytes; ///< of the card it runs on
    ChosenSize size;
    std::uint64_t weightBytes = 0;
    std::uint64_t kvBytes = 0;
    std::uint32_t depthMin = 0;
    std::uint32_t depthMax = 0;
    std::size_t context = 0;
    std::size_t contextUsed = 0;
};

/// A piece of an answer.
struct AnswerPiece
{
    std::string text; ///< whole characters; may be empty
    std::size_t count = 0;
    double tokensPerSecond = 0;
    std::size_t contextUsed = 0;
};

struct Answer
{
    std::string text;
    std::vector<std::int32_t> ids;
    std::vector<std::int32_t> promptIds;
    StopReason reason = StopReason::Length;
    double tokensPerSecond = 0;
    double promptSeconds = 0;
    std::size_t contextUsed = 0;
    std::size_t droppedMessages = 0;
    std::uint64_t weightBytes = 0;
    bool mixed = false; ///< the size changed since some of the keys and values were computed
    std::string notice; ///< what a person should know about the answer (ChatPrompt::notice); or ""
};

struct AnswerOptions
{
    SamplingOptions sampling;
    std::size_t maxTokens = 256;
    std::optional<std::string> chatTemplate; ///< instead of the model's own
};

/// An open model with its conversation: engine, tokenizer, keys and values. Answers and applySlide
/// run on one thread at a time; requestSlide, state and card may be called from any thread
/// meanwhile.
class Session
{
public:
    /// Errors: as openModel, chooseSize, checkMemory, loadCpuEngine.
    static Result<std::unique_ptr<Session>> open(const SessionRequest& request,
                                                 const JobContext& context);

    const ModelSource& source() const { return *m_source; }
    const ModelCard& card() const { return m_card; }
    Engine& engine() { return *m_engine; }
    SessionState state() const;

    /// Sets a size aside; an answer that is being made loads it between its tokens, a part of a
    /// token's time each, applySlide loads it at once. The newest wins.
    void requestSlide(ChosenSize size);
    /// Loads what requestSlide has set aside; false if that is nothing. Errors: Memory, and as
    /// Engine::setPlan; the old size stays.
    Result<bool> applySlide(const JobContext& context);
    /// Called on the answering thread after a slide took effect, or failed, during an answer.
    std::function<void(const Result<void>&)> onSlid;

    /// The next answer computes everything again.
    void resetContext();

    /// Answers the last message of a conversation. What the cache holds of an unchanged beginning
    /// is kept. Errors: Format (no tokenizer, `options.chatTemplate` cannot be run), Usage
    /// (options, a template that refuses the conversation, a message longer than the context).
    Result<Answer> answer(const std::vector<ChatMessage>& messages, const AnswerOptions& options,
                          const std::function<void(const AnswerPiece&)>& onPiece,
                          const JobContext& context);
    /// What a template (none: the model's own) makes of a conversation. Errors: Format (no
    /// tokenizer).
    Result<TemplateCheck> checkTemplate(const std::optional<std::string>& chatTemplate,
                                        const std::vector<ChatMessage>& messages);
    /// Goes on with a text as it stands, without a template. Errors: the same.
    Result<Answer> complete(const std::string& prompt, const AnswerOptions& options,
                            const std::function<void(const AnswerPiece&)>& onPiece,
                            const JobContext& context);

    /// How probable the model finds `ids` behind `prompt`, token by token, as scoreTokens. The
    /// conversation's keys and values are given up for it. Errors: Format (no tokenizer), and as
    /// scoreTokens.
    Result<std::vector<TokenScore>> score(const std::vector<std::int32_t>& prompt,
                                          const std::vector<std::int32_t>& ids, std::size_t top,
                                          const JobContext& context);

private:
    Session() = default;
    Result<Answer> run(std::vector<std::int32_t> prompt, const AnswerOptions& options,
                       const std::function<void(const AnswerPiece&)>& onPiece,
                       const JobContext& context);
    std::size_t reusePrefix(const std::vector<std::int32_t>& prompt);
    void remember(const std::vector<std::int32_t>& prompt,
                  const std::vector<std::int32_t>& generated);
    Result<void> needTokenizer();
    bool slideWaits() const;
    Result<bool> slideOn(double seconds, const JobContext& context);
    void noteSize(const ChosenSize& size);
    void updateState();
    bool mixed() const;

    std::shared_ptr<const ModelSource> m_source;
    ModelCard m_card;
    std::unique_ptr<Engine> m_engine;
    bool m_onCard = false;
    std::string m_notice; ///< LoadedEngine::notice
    std::unique_ptr<KvCache> m_cache;
    std::shared_ptr<const Tokenizer> m_tokenizer; ///< made when it is first needed
    ChosenSize m_size;
    std::vector<std::int32_t> m_cachedIds; ///< one for every position of the cache
    std::vector<std::uint32_t>
        m_sizeOf; ///< the size each position was computed with: index into m_sizes
    std::vector<Plan> m_sizes;
    std::uint32_t m_sizeIndex = 0;
    std::optional<ChosenSize> m_sliding; ///< what the engine is changing to

    mutable std::mutex m_mutex; ///< of the two below
    SessionState m_state;
    std::optional<ChosenSize> m_nextSize;
};

} // namespace bs
