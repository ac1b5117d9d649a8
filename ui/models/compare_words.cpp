#include "ui/models/compare_words.h"

#include "ui/models/translate.h"
#include "ui/models/words.h"

#include <QFileInfo>
#include <QLocale>

#include <algorithm>

namespace bs::ui {

namespace {

/// The token at a place as part of a sentence.
QString said(const TokenAnswer& answer, qsizetype index)
{
    if (index >= answer.tokens.size()) return tr("nothing more");
    return tokenText(answer.tokens.at(index));
}

/// Text as a block of Markdown that nothing in it can end.
QString quoted(const QString& text)
{
    const QStringList lines = text.split(QLatin1Char('\n'));
    return QStringLiteral("> ") + lines.join(QStringLiteral("\n> "));
}

} // namespace

QString sideName(Side side)
{
    return side == Side::A ? QStringLiteral("A") : QStringLiteral("B");
}

QString pinName(const Pin& pin, const PinWeight& weight)
{
    const QString file = QFileInfo(pin.path).fileName();
    if (!pin.label.isEmpty()) return tr("%1 of %2").arg(pin.label, file);
    const bool stack =
        weight.isKnown() ? weight.card.stack.has_value() : pin.budgetBytes.has_value();
    if (!stack) return file;
    const qint64 bytes = weight.isKnown() ? weight.fileBytes : pin.budgetBytes.value_or(0);
    return tr("%1 of %2").arg(sizeText(bytes), file);
}

std::optional<qsizetype> firstDifference(const QList<int>& a, const QList<int>& b)
{
    const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    if (x == a.end() && y == b.end()) return std::nullopt;
    return x - a.begin();
}

QString differenceSentence(const TokenAnswer& a, const TokenAnswer& b)
{
    if (!a.isDone() || !b.isDone()) return {};
    if (a.promptIds != b.promptIds)
        return tr("The two read the prompt as different tokens, so their answers are not compared "
                  "token by token.");
    const std::optional<qsizetype> at = firstDifference(a.ids, b.ids);
    if (!at)
        return a.ids.size() == 1
                   ? tr("The one token of both answers is the same.")
                   : tr("All %1 tokens are the same.").arg(QLocale().toString(a.ids.size()));
    if (*at == 0)
        return tr("They differ from the first token on: A says %1 and B %2.")
            .arg(said(a, 0), said(b, 0));
    const QString same = *at == 1
                             ? tr("The first token is the same")
                             : tr("The first %1 tokens are the same").arg(QLocale().toString(*at));
    return tr("%1; then A says %2 and B %3.").arg(same, said(a, *at), said(b, *at));
}

QString keepSentence(const KeepFound& found)
{
    const QLocale locale;
    const QString tokens = found.tokens == 1
                               ? tr("this one token")
                               : tr("these %1 tokens").arg(locale.toString(found.tokens));
    if (found.fileBytes == 0)
        return tr("Not even %1 keeps %2: token %3 comes out differently.")
            .arg(sizeText(found.largestBytes), tokens, locale.toString(found.largestKept + 1));
    QString text = tr("%1 keeps %2.").arg(sizeText(found.fileBytes), tokens);
    text +=
        found.belowBytes > 0
            ? tr(" With one block less (%1) token %2 comes out differently; %3 sizes were tried.")
                  .arg(sizeText(found.fileBytes - found.belowBytes),
                       locale.toString(found.belowKept + 1), locale.toString(found.tried))
            : tr(" There is no smaller size.");
    if (found.written < found.tokens)
        text += tr(" Written one after another, token %1 comes out as another there: two are "
                   "about as likely.")
                    .arg(locale.toString(found.written + 1));
    return text;
}

QString comparisonMarkdown(const QString& prompt, const Both<QString>& names,
                           const Both<TokenAnswer>& answers, const QString& sentence,
                           const QString& figures)
{
    QString text =
        tr("**Prompt**") + QStringLiteral("\n\n") + quoted(prompt) + QStringLiteral("\n\n");
    for (const Side side : kSides)
        text += QStringLiteral("**%1: %2**\n\n%3\n\n")
                    .arg(sideName(side), names[side], quoted(answers[side].text()));
    if (!sentence.isEmpty()) text += sentence + QStringLiteral("\n\n");
    return text + figures;
}

} // namespace bs::ui
