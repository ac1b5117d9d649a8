#include "ui/models/words.h"

#include "core/base/sizes.h"
#include "ui/models/translate.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace bs::ui {

QString sizeText(qint64 bytes)
{
    return QString::fromStdString(
               formatSize(static_cast<std::uint64_t>(std::max<qint64>(bytes, 0))))
        .replace(QLatin1Char('.'), QLocale().decimalPoint());
}

QString exactBytesText(qint64 bytes)
{
    return tr("%1 bytes").arg(QLocale().toString(bytes));
}

QString countText(qint64 count)
{
    const double n = static_cast<double>(count);
    const QLocale locale;
    if (count >= 1'000'000'000) return tr("%1 billion").arg(locale.toString(n / 1e9, 'f', 2));
    if (count >= 1'000'000) return tr("%1 million").arg(locale.toString(n / 1e6, 'f', 1));
    return QLocale().toString(count);
}

QString numberText(double value, char format, int precision)
{
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    return locale.toString(value, format, precision);
}

QString durationText(double seconds)
{
    if (!(seconds >= 0) || seconds > 1e7) return {};
    const auto whole = static_cast<qint64>(std::ceil(seconds));
    if (whole < 90) return tr("%1 s").arg(whole);
    if (whole < 5400) return tr("%1 min").arg((whole + 30) / 60);
    return tr("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60);
}

QString whenText(const QString& utc, const QDateTime& now)
{
    const QDateTime when = QDateTime::fromString(utc, Qt::ISODateWithMs).toLocalTime();
    if (!when.isValid()) return {};
    const QDate today = (now.isValid() ? now.toLocalTime() : QDateTime::currentDateTime()).date();
    const qint64 days = when.date().daysTo(today);
    const QLocale locale;
    const QString time = locale.toString(when.time(), QLocale::ShortFormat);
    if (days == 0) return time;
    if (days == 1) return tr("yesterday %1").arg(time);
    if (days > 1 && days < 7)
        return QStringLiteral("%1 %2").arg(locale.dayName(when.date().dayOfWeek()), time);
    return locale.toString(when.date(), QLocale::ShortFormat);
}

QString tokenText(const QString& text)
{
    if (text.isEmpty()) return tr("the end");
    QString shown = text;
    shown.replace(QLatin1Char('\n'), QStringLiteral("↵"))
        .replace(QLatin1Char('\t'), QStringLiteral("⇥"));
    return tr("“%1”").arg(shown);
}

QString clockText(const QDateTime& when)
{
    return QLocale().toString(when.toLocalTime().time(), QStringLiteral("HH:mm:ss"));
}

qint64 parseSizeText(const QString& text, QString* problem)
{
    const QString plain = text.trimmed().replace(QLocale().decimalPoint(), QLatin1String("."));
    const Result<std::uint64_t> bytes = parseSize(plain.toStdString());
    if (bytes) return static_cast<qint64>(bytes.value());
    if (problem != nullptr) *problem = QString::fromStdString(bytes.error().message);
    return -1;
}

} // namespace bs::ui
