#include "ui/models/device_words.h"

#include "ui/models/translate.h"
#include "ui/models/words.h"

#include <algorithm>

namespace bs::ui {

namespace {

/// Several cards are told apart by their ids: those of one machine are often of one kind.
QString textAmong(const ComputeDevice& device, qsizetype cards)
{
    const QString text = deviceText(device);
    return device.isCard() && cards > 1 ? QStringLiteral("%1: %2").arg(device.id, text) : text;
}

qsizetype cardsAmong(const QList<ComputeDevice>& devices)
{
    return std::count_if(devices.begin(), devices.end(),
                         [](const ComputeDevice& device) { return device.isCard(); });
}

} // namespace

QString deviceText(const ComputeDevice& device)
{
    if (!device.isCard() || device.totalBytes <= 0) return device.name;
    return tr("%1, %2 of %3 free")
        .arg(device.name, sizeText(device.freeBytes), sizeText(device.totalBytes));
}

QList<DeviceChoice> deviceChoices(const QList<ComputeDevice>& devices, const QString& chosen)
{
    QList<DeviceChoice> choices{{QStringLiteral("auto"), tr("Automatic")}};
    if (devices.isEmpty()) choices.append({QStringLiteral("cpu"), tr("Processor")});
    const qsizetype cards = cardsAmong(devices);
    for (const ComputeDevice& device : devices)
        choices.append({device.id, textAmong(device, cards)});
    const bool there = std::any_of(choices.begin(), choices.end(),
                                   [&](const DeviceChoice& choice) { return choice.id == chosen; });
    if (!there)
        choices.append({chosen, devices.isEmpty() ? chosen : tr("%1 (not found)").arg(chosen)});
    return choices;
}

QString deviceDetails(const QList<ComputeDevice>& devices, const QString& notice)
{
    QStringList lines;
    const qsizetype cards = cardsAmong(devices);
    if (!notice.isEmpty()) lines.append(notice);
    if (!notice.isEmpty() && cards > 0) lines.append(QString()); // a paragraph of its own
    if (cards > 0) lines.append(tr("When the engine was last asked:"));
    for (const ComputeDevice& device : devices)
        if (device.isCard()) lines.append(textAmong(device, cards));
    return lines.join(QLatin1Char('\n'));
}

} // namespace bs::ui
