#pragma once

#include "ui/jobs/records.h"

namespace bs::ui {

/// "NVIDIA H200, 120.4 GB of 141.0 GB free"; of the processor its name.
QString deviceText(const ComputeDevice& device);

/// A device that can be chosen: the id that is kept and sent, and what a person reads.
struct DeviceChoice
{
    QString id;
    QString text;
    bool operator==(const DeviceChoice&) const = default;
};

/// "Automatic", the processor, each card; `chosen` is one of them even if there is no such card
/// (any more). `devices` empty: the engine has not said yet what there is.
QList<DeviceChoice> deviceChoices(const QList<ComputeDevice>& devices, const QString& chosen);

/// What there is to know beside the name of the device a model runs on: `notice` (may be empty),
/// and the cards with their memory. Empty without both.
QString deviceDetails(const QList<ComputeDevice>& devices, const QString& notice);

} // namespace bs::ui
