#pragma once

#include "core/base/result.h"

#include <functional>
#include <memory>

namespace bs::gpu::emulation {

/// When the work of streams is done. A card promises nothing but the order within a stream and what
/// events hold back, so results must not depend on it.
enum class Pace {
    AtOnce,      ///< when it is queued
    Late,        ///< a stream's when it is waited for, other ones' when they hold that up
    OthersFirst, ///< the same, but all that is queued elsewhere and need not wait comes before
};
/// Only while nothing is queued. The environment variable BITSTACK_EMULATED_STREAMS ("late",
/// "others-first") says how the program begins.
void setPace(Pace pace);
bool isLate();

struct EmulatedStream;

/// A place in a stream that may have been passed.
struct Mark
{
    EmulatedStream* stream = nullptr; ///< nullptr: none, passed
    bool passed = true;
};

/// Does `work` in the order of the stream. Errors: as `work`, if it is done at once.
Result<void> queue(void* stream, std::function<Result<void>()> work);
/// The same for what must happen whatever has become of the stream and the card.
void queueCleanup(void* stream, std::function<void()> cleanup);
/// The stream goes on behind the mark.
void holdBack(void* stream, std::shared_ptr<const Mark> mark);
/// A mark behind all that the stream has been given.
std::shared_ptr<Mark> markOf(void* stream);
/// Does what there is of a stream. Errors: of the first work that failed; what was behind it is
/// left out.
Result<void> finish(void* stream);
/// .. until a mark is passed.
Result<void> finish(const Mark& mark);

void* newStream();
void deleteStream(void* stream); ///< does what there is of it

} // namespace bs::gpu::emulation
