#pragma once

#include <QDateTime>
#include <QString>

namespace bs::ui {

/// "105.5 MB", as core/base/sizes.h writes it.
QString sizeText(qint64 bytes);
/// "105,512,960 bytes"
QString exactBytesText(qint64 bytes);
/// "134.5 million"
QString countText(qint64 count);
/// A number with the language's decimal point and no separators of groups; format and precision as
/// QString::number().
QString numberText(double value, char format, int precision);
/// "about 2 min", "45 s"; empty if unknown (< 0).
QString durationText(double seconds);
/// When that was, from UTC as the database writes it, the shorter the nearer: "14:05", "yesterday
/// 14:05", "Tuesday 14:05", a date. `now` invalid: the clock's.
QString whenText(const QString& utc, const QDateTime& now = {});
/// A token's text so that it can be seen: “ force”, “↵”; what ends an answer is named.
QString tokenText(const QString& text);
/// "14:05:07", local.
QString clockText(const QDateTime& when);
/// A size a person typed, with the language's decimal point or a dot, in bytes; -1 and why in
/// `problem` if it is none.
qint64 parseSizeText(const QString& text, QString* problem);

} // namespace bs::ui
