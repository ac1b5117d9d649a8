#pragma once

#include "core/store/records.h"
#include "ui/jobs/records.h"

namespace bs::ui {

/// What is written down of an answer while it is made: how it was asked for, and every size it was
/// made at.
class AnswerLog
{
public:
    void begin(const AnswerSettings& settings, const EngineState& state);
    void takePiece(const TokenPiece& piece);
    /// The size the next token is made at; several before one token count as the last of them.
    void noteSize(const EngineState& state);
    void finish(const Answer& answer);
    void breakOff(const WorkerError& error);
    /// The program goes while it is made.
    void leave() { m_record.stopReason = "stopped"; }

    const AnswerRecord& record() const { return m_record; }

private:
    AnswerRecord m_record;
};

} // namespace bs::ui
