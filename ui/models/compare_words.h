#pragma once

#include "ui/jobs/compare_records.h"

#include <optional>

namespace bs::ui {

/// "A" or "B".
QString sideName(Side side);
/// "60.8 MB of demo.bitstack", "demo.gguf", or a plan's name and file. `weight` as far as it is
/// known.
QString pinName(const Pin& pin, const PinWeight& weight);

/// The place of the first token in which two answers differ; none if they are the same.
std::optional<qsizetype> firstDifference(const QList<int>& a, const QList<int>& b);
/// What two answers have in common, in a sentence.
QString differenceSentence(const TokenAnswer& a, const TokenAnswer& b);
/// What became of the search for the smallest size.
QString keepSentence(const KeepFound& found);
/// Prompt, answers, what they have in common and the figures, as Markdown. `figures`: a table as
/// Markdown; may be empty.
QString comparisonMarkdown(const QString& prompt, const Both<QString>& names,
                           const Both<TokenAnswer>& answers, const QString& sentence,
                           const QString& figures);

} // namespace bs::ui
