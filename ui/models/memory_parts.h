#pragma once

#include "ui/jobs/records.h"

#include <QCoreApplication>
#include <QList>
#include <QString>

namespace bs::ui {

/// One part of the engine's memory.
struct MemoryPart
{
    QString name;
    qint64 bytes = 0;
};

/// What the engine holds, in the order of a bar: weights, KV cache, working memory. What they leave
/// of what there is for it, the machine's free memory or a limit below that, is free.
struct MemoryParts
{
    enum class Level { Fine, Scarce, Critical };
    static constexpr double kScarce = .8;
    static constexpr double kCritical = .9;

    explicit MemoryParts(const EngineState& state = {});

    QList<MemoryPart> parts;
    qint64 used = 0;
    qint64 free = 0;

    /// Of all that there is for the engine, 0 to 1.
    double share() const;
    Level level() const;
    /// "Weights 60.9 MB, KV cache 23.6 MB, working memory 41.0 MB; 18.8 GB free"
    QString sentence() const;

    Q_DECLARE_TR_FUNCTIONS(bs::ui::MemoryParts)
};

} // namespace bs::ui
