#pragma once

#include "core/store/records.h"

#include <QString>

namespace bs::ui {

/// The line below an answer: its size (each one, if that changed), tokens, speed, context, seed,
/// and why it ended if that was not by itself.
QString answerNote(const AnswerRecord& answer);

} // namespace bs::ui
