#include "ui/jobs/answer_log.h"

#include <algorithm>

namespace bs::ui {

namespace {

std::uint64_t unsignedOf(qint64 number)
{
    return static_cast<std::uint64_t>(std::max<qint64>(number, 0));
}

} // namespace

void AnswerLog::begin(const AnswerSettings& settings, const EngineState& state)
{
    m_record = {};
    m_record.modelPath = state.path.toStdString();
    m_record.maxTokens = unsignedOf(settings.maxTokens);
    m_record.temperature = settings.temperature;
    m_record.topK = unsignedOf(settings.topK);
    m_record.topP = settings.topP;
    m_record.minP = settings.minP;
    m_record.repeatPenalty = settings.repeatPenalty;
    m_record.seed = unsignedOf(settings.seed);
    m_record.fileBytes = unsignedOf(state.fileBytes);
    m_record.weightBytes = unsignedOf(state.weightBytes);
    m_record.context = unsignedOf(state.context);
    m_record.sizes = {{0, m_record.fileBytes}};
}

void AnswerLog::takePiece(const TokenPiece& piece)
{
    m_record.tokens = unsignedOf(piece.count);
    m_record.contextUsed = unsignedOf(piece.contextUsed);
    m_record.tokensPerSecond = piece.tokensPerSecond;
}

void AnswerLog::noteSize(const EngineState& state)
{
    const std::uint64_t bytes = unsignedOf(state.fileBytes);
    m_record.fileBytes = bytes;
    m_record.weightBytes = unsignedOf(state.weightBytes);
    SizeChange& last = m_record.sizes.back();
    if (last.fileBytes == bytes) return;
    if (last.token == m_record.tokens)
        last.fileBytes = bytes;
    else
        m_record.sizes.push_back({m_record.tokens, bytes});
}

void AnswerLog::finish(const Answer& answer)
{
    m_record.tokens = unsignedOf(answer.tokens);
    m_record.tokensPerSecond = answer.tokensPerSecond;
    m_record.contextUsed = unsignedOf(answer.contextUsed);
    m_record.weightBytes = unsignedOf(answer.weightBytes);
    m_record.stopReason = answer.stopReason.toStdString();
    m_record.mixed = answer.mixed;
    m_record.droppedMessages = unsignedOf(answer.droppedMessages);
    m_record.notice = answer.notice.toStdString();
}

void AnswerLog::breakOff(const WorkerError& error)
{
    m_record.stopReason = "failed";
    m_record.error = error.message.toStdString();
}

} // namespace bs::ui
