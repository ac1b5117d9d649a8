#include "ui/models/memory_follow.h"

#include <algorithm>

namespace bs::ui {

namespace {

constexpr qint64 kLeastStepShare =
    20; ///< moves are at least a 20th of the size, or they would never end

} // namespace

std::optional<qint64> MemoryFollow::next(const EngineState& state) const
{
    const auto all = static_cast<double>(state.heldBytes() + state.freeMemoryBytes);
    const auto free = static_cast<double>(state.freeMemoryBytes);
    const qint64 step = state.fileBytes / kLeastStepShare;
    const auto spare = static_cast<qint64>(free - kAfter * all);
    if (free < kScarce * all || state.memoryPressure > kPressure) {
        const qint64 target = std::max(smallest, state.fileBytes - std::max(step, -spare));
        if (target < state.fileBytes) return target;
    } else if (free > kRoomy * all && state.memoryPressure < kPressure / 2) {
        const qint64 target = std::min(wish, state.fileBytes + spare);
        if (target > state.fileBytes + (target == wish ? 0 : step)) return target;
    }
    return std::nullopt;
}

} // namespace bs::ui
