#include "ui/models/memory_parts.h"

#include "ui/models/translate.h"
#include "ui/models/words.h"

#include <QStringList>

namespace bs::ui {

MemoryParts::MemoryParts(const EngineState& state)
{
    if (!state.loaded) return;
    used = state.heldBytes();
    parts = {{tr("Weights"), state.weightBytes}, {tr("KV cache"), state.kvBytes}};
    if (!state.isOnCard())
        parts.append({tr("Working memory"), used - state.weightBytes - state.kvBytes});
    free = state.freeMemoryBytes;
}

double MemoryParts::share() const
{
    const qint64 all = used + free;
    return all > 0 ? static_cast<double>(used) / static_cast<double>(all) : 0;
}

MemoryParts::Level MemoryParts::level() const
{
    const double taken = share();
    return taken >= kCritical ? Level::Critical : taken >= kScarce ? Level::Scarce : Level::Fine;
}

QString MemoryParts::sentence() const
{
    if (parts.isEmpty()) return {};
    QStringList held;
    for (const MemoryPart& part : parts)
        held.append(part.name + QLatin1Char(' ') + sizeText(part.bytes));
    const QString all =
        held.join(QStringLiteral(", ")) + QStringLiteral("; ") + tr("%1 free").arg(sizeText(free));
    switch (level()) {
    case Level::Critical:
        return all + QStringLiteral(". ") + tr("Memory is nearly used up: choose a smaller size.");
    case Level::Scarce:
        return all + QStringLiteral(". ") + tr("Memory is getting scarce.");
    case Level::Fine:
        break;
    }
    return all;
}

} // namespace bs::ui
