#pragma once

#include <QString>

namespace bs::ui {

/// "105.5 MB", as core/base/sizes.h writes it.
QString sizeText(qint64 bytes);
/// "105,512,960 bytes"
QString exactBytesText(qint64 bytes);
/// "134.5 million"
QString countText(qint64 count);
/// "about 2 min", "45 s"; empty if unknown (< 0).
QString durationText(double seconds);
/// A size a person typed, in bytes; -1 and why in `problem` if it is none.
qint64 parseSizeText(const QString& text, QString* problem);

} // namespace bs::ui
