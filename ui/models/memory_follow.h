#pragma once

#include "ui/jobs/records.h"

#include <optional>

namespace bs::ui {

/// Which size fits the memory that is free, for a model whose size may follow it.
struct MemoryFollow
{
    static constexpr double kScarce =
        0.10; ///< of what is held and free together: below it, give back
    static constexpr double kAfter = 0.20;    ///< what is to be free afterwards
    static constexpr double kRoomy = 0.30;    ///< above it, take back what was given
    static constexpr double kPressure = 0.10; ///< share of the time spent waiting for memory

    qint64 wish = 0; ///< what a person chose: never more than that
    qint64 smallest = 0;

    /// The size to go to; none: stay. A byte of the file counts as a byte of memory.
    std::optional<qint64> next(const EngineState& state) const;
};

} // namespace bs::ui
