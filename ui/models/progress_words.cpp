#include "ui/models/progress_words.h"

#include "ui/models/translate.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace bs::ui {

namespace {

/// Phases, and the parts of a detail with their numbers left out: what jobs in core/ report.
constexpr std::array kKnown{
    QT_TRANSLATE_NOOP("bs::ui", "calibrating"),
    QT_TRANSLATE_NOOP("bs::ui", "compressing"),
    QT_TRANSLATE_NOOP("bs::ui", "decoding"),
    QT_TRANSLATE_NOOP("bs::ui", "evaluating"),
    QT_TRANSLATE_NOOP("bs::ui", "measuring"),
    QT_TRANSLATE_NOOP("bs::ui", "reading"),
    QT_TRANSLATE_NOOP("bs::ui", "sorting blocks by perplexity"),
    QT_TRANSLATE_NOOP("bs::ui", "timing"),
    QT_TRANSLATE_NOOP("bs::ui", "trying sizes"),
    QT_TRANSLATE_NOOP("bs::ui", "writing"),
    QT_TRANSLATE_NOOP("bs::ui", "writing calibration text"),
    QT_TRANSLATE_NOOP("bs::ui", "embedding"),
    QT_TRANSLATE_NOOP("bs::ui", "from the last to the first"),
    QT_TRANSLATE_NOOP("bs::ui", "layer %1"),
    QT_TRANSLATE_NOOP("bs::ui", "layer %1 of %2"),
    QT_TRANSLATE_NOOP("bs::ui", "reference (%1 of %2)"),
    QT_TRANSLATE_NOOP("bs::ui", "repetition %1 of %2"),
    QT_TRANSLATE_NOOP("bs::ui", "size %1 of %2"),
    QT_TRANSLATE_NOOP("bs::ui", "size (%1 of %2)"),
    QT_TRANSLATE_NOOP("bs::ui", "tokens (%1 of %2)"),
    QT_TRANSLATE_NOOP("bs::ui", "uncompressed (%1 of %2)"),
    QT_TRANSLATE_NOOP("bs::ui", "window %1 of %2"),
};

QString partText(const QString& part)
{
    static const QRegularExpression number(QStringLiteral("[0-9]+"));
    QString words = part;
    QStringList numbers;
    for (auto hit = number.match(words); hit.hasMatch();
         hit = number.match(words, hit.capturedStart() + 2)) {
        numbers.append(hit.captured());
        words.replace(hit.capturedStart(), hit.capturedLength(),
                      QStringLiteral("%%1").arg(numbers.size()));
    }
    const QByteArray key = words.toUtf8();
    if (std::find(kKnown.begin(), kKnown.end(), key) == kKnown.end()) return part;
    QString text = tr(key.constData());
    for (const QString& each : numbers)
        text = text.arg(each);
    return text;
}

} // namespace

QString progressText(const QString& english)
{
    QStringList parts = english.split(QStringLiteral(", "));
    for (QString& part : parts)
        part = partText(part);
    return parts.join(QStringLiteral(", "));
}

QStringList progressParts(const JobProgress& progress)
{
    QStringList parts;
    for (const QString& part : {progress.phase, progress.detail})
        if (!part.isEmpty()) parts.append(progressText(part));
    return parts;
}

} // namespace bs::ui
