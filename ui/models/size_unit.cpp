#include "ui/models/size_unit.h"

#include "ui/models/translate.h"
#include "ui/models/words.h"

#include <QLocale>

namespace bs::ui {

namespace {

constexpr double kMegabyte = 1e6;
constexpr double kMebibyte = 1024.0 * 1024.0;

} // namespace

SizeUnit SizeAxis::effective() const
{
    return unit == SizeUnit::BitsPerWeight && parameters <= 0 ? SizeUnit::Megabytes : unit;
}

double SizeAxis::valueOf(qint64 bytes) const
{
    const auto value = static_cast<double>(bytes);
    switch (effective()) {
    case SizeUnit::Mebibytes:
        return value / kMebibyte;
    case SizeUnit::Bytes:
        return value;
    case SizeUnit::BitsPerWeight:
        return value * 8 / static_cast<double>(parameters);
    case SizeUnit::Megabytes:
        break;
    }
    return value / kMegabyte;
}

QString SizeAxis::label() const
{
    switch (effective()) {
    case SizeUnit::Mebibytes:
        return tr("Size (MiB)");
    case SizeUnit::Bytes:
        return tr("Size (bytes)");
    case SizeUnit::BitsPerWeight:
        return tr("Size (bits per weight, every byte of the file)");
    case SizeUnit::Megabytes:
        break;
    }
    return tr("Size (MB)");
}

QString SizeAxis::tick(double value) const
{
    return QLocale().toString(value, 'g', effective() == SizeUnit::Bytes ? 12 : 7);
}

QString SizeAxis::text(qint64 bytes) const
{
    switch (effective()) {
    case SizeUnit::Mebibytes:
        return tr("%1 MiB").arg(QLocale().toString(valueOf(bytes), 'f', 1));
    case SizeUnit::Bytes:
        return exactBytesText(bytes);
    case SizeUnit::BitsPerWeight:
        return tr("%1 bits per weight").arg(QLocale().toString(valueOf(bytes), 'f', 2));
    case SizeUnit::Megabytes:
        break;
    }
    return sizeText(bytes);
}

} // namespace bs::ui
