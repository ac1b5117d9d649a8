#include "core/jobs/session.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace bs {

namespace {

using Clock = std::chrono::steady_clock;

/// Of a token's time: what a slide may add to it while an answer is made. Loading by turns, with
/// all threads, rather than on a thread of its own: generation keeps every core busy, and another
/// thread would hold up any of them for as long as the system likes. (A card's engine loads on a
/// thread of its own and takes none of it.)
constexpr double kSlideShare = 0.5;

double rate(std::size_t count, double seconds)
{
    return seconds > 0 ? static_cast<double>(count) / seconds : 0.0;
}

std::vector<std::int32_t> stopTokens(const TokenizerSpec& spec)
{
    std::vector<std::int32_t> stops = spec.endOfTurn;
    if (spec.eos >= 0) stops.push_back(spec.eos);
    return stops;
}

/// The largest size that fits where the model is to run; if nothing fits a card, the processor has
/// it, or the card a part.
Result<ChosenSize> largestThere(const ModelSource& source, std::uint64_t kvBytes,
                                const DeviceWish& wish)
{
    BS_TRY(const EnginePlace place, enginePlace(wish));
    Result<ChosenSize> largest = largestThatFits(source, kvBytes, place);
    if (largest || !place.card) return largest;
    BS_TRY(const EnginePlace processor, enginePlace({DeviceWish::Kind::Cpu, 0}));
    return largestThatFits(source, kvBytes, processor);
}

} // namespace

Result<std::unique_ptr<Session>> Session::open(const SessionRequest& request,
                                               const JobContext& context)
{
    std::unique_ptr<Session> session(new Session);
    BS_TRY(session->m_source, openShared(request.model));
    const ModelSource& source = *session->m_source;
    BS_TRY(session->m_card, describeModel(source));
    const std::size_t capacity = std::min<std::size_t>(
        request.context, std::max<std::size_t>(source.config.contextLength, 1));
    if (capacity < 2)
        return Error{ErrorCode::Usage, "a context of " + std::to_string(request.context) +
                                           " tokens is too small: at least 2 are needed"};
    const std::uint64_t kvBytes = capacity * source.config.kvBytesPerToken();
    if (request.fitMemory) {
        BS_TRY(session->m_size, largestThere(source, kvBytes, request.engine.device));
    } else {
        BS_TRY(session->m_size, chooseSize(source, request.size));
    }
    BS_TRY(LoadedEngine loaded,
           loadEngine(session->m_source, session->m_size, kvBytes, request.engine, context));
    session->m_engine = std::move(loaded.engine);
    session->m_onCard = loaded.onCard;
    session->m_notice = std::move(loaded.notice);
    BS_TRY(session->m_cache, session->m_engine->newCache(capacity));
    session->m_sizes.push_back(session->m_engine->plan());
    session->updateState();
    return session;
}

SessionState Session::state() const
{
    SessionState now;
    {
        const std::lock_guard lock(m_mutex);
        now = m_state;
    }
    // Of a card as it is now: others use it, too.
    if (const std::uint64_t free = m_onCard ? m_engine->freeBytes() : 0; free > 0)
        now.cardFreeBytes = free;
    return now;
}

void Session::updateState()
{
    SessionState state;
    state.path = m_source->path;
    state.device = m_engine->deviceName();
    state.deviceNotice = m_notice;
    state.size = m_size;
    state.weightBytes = m_engine->weightBytes();
    state.kvBytes = m_cache->bytes();
    if (m_source->container)
        std::tie(state.depthMin, state.depthMax) =
            depthRange(m_source->container->stack, m_engine->plan());
    state.context = m_cache->capacity();
    state.contextUsed = m_cache->length();
    const std::lock_guard lock(m_mutex);
    m_state = std::move(state);
}

void Session::requestSlide(ChosenSize size)
{
    const std::lock_guard lock(m_mutex);
    m_nextSize = std::move(size);
}

bool Session::slideWaits() const
{
    const std::lock_guard lock(m_mutex);
    return m_nextSize.has_value();
}

/// What is computed from now on is of that size.
void Session::noteSize(const ChosenSize& size)
{
    m_size = size;
    const auto known = std::find(m_sizes.begin(), m_sizes.end(), size.plan);
    m_sizeIndex = static_cast<std::uint32_t>(known - m_sizes.begin());
    if (known == m_sizes.end()) m_sizes.push_back(size.plan);
}

/// Goes on with a slide for about `seconds`, or begins the one that waits; true when it is done.
Result<bool> Session::slideOn(double seconds, const JobContext& context)
{
    if (!m_sliding) {
        std::optional<ChosenSize> next;
        {
            const std::lock_guard lock(m_mutex);
            next.swap(m_nextSize);
        }
        if (!next || !next->isStack) return false;
        // What is resident already needs no room again.
        if (next->weightBytes > m_engine->weightBytes())
            BS_CHECK(
                checkGrowth(*m_engine, *m_source, next->weightBytes - m_engine->weightBytes()));
        BS_CHECK(m_engine->startPlan(next->plan));
        m_sliding = std::move(next);
    }
    Result<bool> done = m_engine->continuePlan(seconds, context);
    if (done && m_engine->plan() == m_sliding->plan) noteSize(*m_sliding);
    if (!done || done.value()) {
        m_sliding.reset();
        updateState();
    }
    return done;
}

Result<bool> Session::applySlide(const JobContext& context)
{
    bool slid = false;
    while (m_sliding || slideWaits()) {
        BS_TRY(const bool done, slideOn(std::numeric_limits<double>::infinity(), context));
        slid = slid || done;
    }
    return slid;
}

void Session::resetContext()
{
    m_cache->truncate(0);
    m_cachedIds.clear();
    m_sizeOf.clear();
    m_sizes.assign(1, m_engine->plan());
    m_sizeIndex = 0;
    updateState();
}

bool Session::mixed() const
{
    return std::any_of(m_sizeOf.begin(), m_sizeOf.end(),
                       [&](std::uint32_t size) { return size != m_sizeIndex; });
}

Result<void> Session::needTokenizer()
{
    if (!m_tokenizer) {
        BS_TRY(m_tokenizer, tokenizerOf(*m_source));
    }
    return {};
}

Result<Answer> Session::answer(const std::vector<ChatMessage>& messages,
                               const AnswerOptions& options,
                               const std::function<void(const AnswerPiece&)>& onPiece,
                               const JobContext& context)
{
    BS_CHECK(needTokenizer());
    BS_TRY(ChatPrompt prompt, buildChatPrompt(*m_tokenizer, messages, m_cache->capacity(),
                                              options.maxTokens, options.chatTemplate));
    BS_TRY(Answer answer, run(std::move(prompt.ids), options, onPiece, context));
    answer.droppedMessages = prompt.droppedMessages;
    answer.notice = std::move(prompt.notice);
    return answer;
}

Result<TemplateCheck> Session::checkTemplate(const std::optional<std::string>& chatTemplate,
                                             const std::vector<ChatMessage>& messages)
{
    BS_CHECK(needTokenizer());
    return bs::checkTemplate(*m_tokenizer, chatTemplate, messages);
}

Result<Answer> Session::complete(const std::string& prompt, const AnswerOptions& options,
                                 const std::function<void(const AnswerPiece&)>& onPiece,
                                 const JobContext& context)
{
    BS_CHECK(needTokenizer());
    BS_TRY(std::vector<std::int32_t> ids,
           tokenize(*m_tokenizer, prompt, m_tokenizer->spec().addBos));
    if (ids.empty()) return Error{ErrorCode::Usage, "the prompt is empty"};
    if (ids.size() > m_cache->capacity())
        return Error{ErrorCode::Usage, "the prompt takes " + std::to_string(ids.size()) +
                                           " tokens, the context holds " +
                                           std::to_string(m_cache->capacity())};
    return run(std::move(ids), options, onPiece, context);
}

Result<std::vector<TokenScore>> Session::score(const std::vector<std::int32_t>& prompt,
                                               const std::vector<std::int32_t>& ids,
                                               std::size_t top, const JobContext& context)
{
    BS_CHECK(needTokenizer());
    Result<std::vector<TokenScore>> scores =
        scoreTokens(*m_engine, *m_cache, prompt, ids, top, context);
    resetContext();
    if (!scores) return scores;
    const auto name = [&](TokenChance& chance) {
        chance.text = m_tokenizer->piece(chance.id, true);
    };
    for (TokenScore& score : scores.value()) {
        name(score.token);
        std::for_each(score.top.begin(), score.top.end(), name);
    }
    return scores;
}

std::size_t Session::reusePrefix(const std::vector<std::int32_t>& prompt)
{
    const auto [differs, _] =
        std::mismatch(prompt.begin(), prompt.end(), m_cachedIds.begin(), m_cachedIds.end());
    // The last token is always computed: its logits are needed.
    const std::size_t same =
        std::min(static_cast<std::size_t>(differs - prompt.begin()), prompt.size() - 1);
    m_cache->truncate(same);
    m_cachedIds.resize(same);
    m_sizeOf.resize(same);
    return same;
}

void Session::remember(const std::vector<std::int32_t>& prompt,
                       const std::vector<std::int32_t>& generated)
{
    m_cachedIds = prompt;
    m_cachedIds.insert(m_cachedIds.end(), generated.begin(), generated.end());
    m_cachedIds.resize(m_cache->length());
    m_sizeOf.resize(m_cache->length(), m_sizeIndex);
}

Result<Answer> Session::run(std::vector<std::int32_t> prompt, const AnswerOptions& options,
                            const std::function<void(const AnswerPiece&)>& onPiece,
                            const JobContext& context)
{
    const std::size_t kept = reusePrefix(prompt);
    Answer answer;
    StreamDecoder decoder(m_tokenizer);
    GenerateOptions generateOptions;
    generateOptions.sampling = options.sampling;
    generateOptions.maxTokens = options.maxTokens;
    generateOptions.stopTokens = stopTokens(m_tokenizer->spec());
    generateOptions.earlier.assign(prompt.begin(),
                                   prompt.begin() + static_cast<std::ptrdiff_t>(kept));
    std::size_t count = 0;
    Clock::time_point first;
    Clock::time_point began = Clock::now(); // of the token
    const auto onToken = [&](std::int32_t token) {
        if (count++ == 0) first = Clock::now();
        // The first one has the prompt's time.
        const double tokenSeconds =
            count == 1 ? 0 : std::chrono::duration<double>(Clock::now() - began).count();
        const std::string text = decoder.push(token);
        answer.text += text;
        m_sizeOf.resize(m_cache->length(), m_sizeIndex); // computed with the size until now
        {
            const std::lock_guard lock(m_mutex);
            m_state.contextUsed = m_cache->length();
        }
        const double seconds = std::chrono::duration<double>(Clock::now() - first).count();
        onPiece({text, count, rate(count - 1, seconds), m_cache->length()});
        if (m_sliding || slideWaits()) {
            // Stopping the answer does not give up the slide: it ends after the answer.
            const Result<bool> slid =
                slideOn(kSlideShare * tokenSeconds, JobContext{{}, context.onProgress});
            if (onSlid && (!slid || slid.value()))
                onSlid(slid ? Result<void>() : Result<void>(slid.error()));
        }
        began = Clock::now();
    };
    Result<Generated> generated = generate(*m_engine, *m_cache, std::span(prompt).subspan(kept),
                                           generateOptions, onToken, context);
    if (!generated) {
        resetContext();
        return std::move(generated).error();
    }
    remember(prompt, generated.value().ids);
    const std::string rest = decoder.finish();
    if (!rest.empty()) onPiece({rest, count, 0, m_cache->length()});
    answer.text += rest;
    answer.ids = std::move(generated.value().ids);
    answer.reason = generated.value().reason;
    answer.promptSeconds = generated.value().promptSeconds;
    answer.tokensPerSecond =
        rate(std::max<std::size_t>(answer.ids.size(), 1) - 1, generated.value().generateSeconds);
    answer.contextUsed = m_cache->length();
    answer.weightBytes = m_engine->weightBytes();
    answer.mixed = mixed();
    answer.promptIds = std::move(prompt);
    updateState();
    return answer;
}

} // namespace bs
