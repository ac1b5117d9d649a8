#include "ui/models/answer_note.h"

#include "ui/models/translate.h"
#include "ui/models/words.h"

#include <QStringList>

namespace bs::ui {

namespace {

/// A slider that is dragged changes the size often: the last few tell enough in one line.
constexpr std::size_t kMostSizes = 4;

QString bytesText(std::uint64_t bytes)
{
    return sizeText(static_cast<qint64>(bytes));
}

QString sizesText(const AnswerRecord& answer)
{
    const auto& sizes = answer.sizes;
    if (sizes.size() < 2) return answer.fileBytes > 0 ? bytesText(answer.fileBytes) : QString();
    QStringList parts{bytesText(sizes.front().fileBytes)};
    const std::size_t first = sizes.size() > kMostSizes ? sizes.size() - kMostSizes + 1 : 1;
    if (first > 1) parts.append(tr("%1 more").arg(first - 1));
    for (std::size_t i = first; i < sizes.size(); ++i)
        parts.append(tr("%1 from token %2").arg(bytesText(sizes[i].fileBytes)).arg(sizes[i].token));
    return parts.join(QStringLiteral(", "));
}

QString endText(const AnswerRecord& answer)
{
    if (answer.stopReason == "length") return tr("ended at the token limit");
    if (answer.stopReason == "context") return tr("ended because the context is full");
    if (answer.stopReason == "stopped") return tr("stopped");
    if (answer.stopReason == "failed")
        return tr("broken off: %1").arg(QString::fromStdString(answer.error));
    return {};
}

} // namespace

QString answerNote(const AnswerRecord& answer)
{
    QStringList parts{sizesText(answer)};
    if (answer.tokens > 0) parts.append(tr("%1 tokens").arg(answer.tokens));
    if (answer.tokensPerSecond > 0)
        parts.append(tr("%1 tokens/s").arg(numberText(answer.tokensPerSecond, 'f', 1)));
    if (answer.context > 0)
        parts.append(tr("context %1 of %2").arg(answer.contextUsed).arg(answer.context));
    if (answer.seed && answer.temperature > 0) parts.append(tr("seed %1").arg(*answer.seed));
    parts.append(endText(answer));
    parts.append(QString::fromStdString(answer.notice));
    if (answer.mixed) parts.append(tr("mixed sizes, Regenerate makes it whole"));
    if (answer.droppedMessages > 0)
        parts.append(tr("messages that no longer fit the context: %1").arg(answer.droppedMessages));
    parts.removeAll(QString());
    return parts.join(QStringLiteral(" · "));
}

} // namespace bs::ui
