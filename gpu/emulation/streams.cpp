#include "gpu/emulation/streams.h"

#include "gpu/emulation/device_memory.h"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace bs::gpu::emulation {

/// What a stream has been given and has not done.
struct EmulatedStream
{
    struct Task
    {
        std::shared_ptr<const Mark> behind; ///< any of the three may be empty
        std::function<Result<void>()> work;
        std::shared_ptr<Mark> passes;
        std::function<void()> cleanup; ///< done even where the stream has failed or the card is lost
    };
    std::deque<Task> tasks;
    Result<void> failed;
};

namespace {

Pace firstPace()
{
    const char* named = std::getenv("BITSTACK_EMULATED_STREAMS");
    if (named != nullptr && std::strcmp(named, "late") == 0) return Pace::Late;
    if (named != nullptr && std::strcmp(named, "others-first") == 0) return Pace::OthersFirst;
    return Pace::AtOnce;
}

std::atomic<Pace> pace = firstPace();
std::recursive_mutex mutex; ///< of all that is below
std::vector<EmulatedStream*> streams;
thread_local bool working = false; ///< what a task queues is a part of it

EmulatedStream& streamOf(void* handle)
{
    return *static_cast<EmulatedStream*>(handle);
}

bool isBlocked(const EmulatedStream::Task& task)
{
    return task.behind && !task.behind->passed;
}

void doFirst(EmulatedStream& stream);

/// All that the other streams need not wait for.
void advanceOthers(const EmulatedStream& stream)
{
    for (EmulatedStream* other : streams)
        while (other != &stream && !other->tasks.empty() && !isBlocked(other->tasks.front()))
            doFirst(*other);
}

void doFirst(EmulatedStream& stream)
{
    EmulatedStream::Task task = std::move(stream.tasks.front());
    stream.tasks.pop_front();
    if (isBlocked(task))
        if (auto held = finish(*task.behind); !held && stream.failed)
            stream.failed = std::move(held);
    if (task.cleanup) task.cleanup();
    if (task.work && stream.failed) stream.failed = deviceIsLeft();
    if (task.work && stream.failed) {
        const bool before = std::exchange(working, true);
        stream.failed = task.work();
        working = before;
    }
    // Even where work before it has failed: nobody must wait for ever.
    if (task.passes) task.passes->passed = true;
}

template <class Done>
Result<void> doUntil(EmulatedStream& stream, const Done& done)
{
    while (!stream.tasks.empty() && !done()) {
        if (pace == Pace::OthersFirst) advanceOthers(stream);
        doFirst(stream);
    }
    return stream.failed;
}

} // namespace

void setPace(Pace wanted)
{
    pace = wanted;
}

bool isLate()
{
    return pace != Pace::AtOnce && !working;
}

Result<void> queue(void* stream, std::function<Result<void>()> work)
{
    BS_CHECK(deviceIsThere());
    if (!isLate()) return work();
    const std::lock_guard lock(mutex);
    streamOf(stream).tasks.push_back({nullptr, std::move(work), nullptr, {}});
    return {};
}

void queueCleanup(void* stream, std::function<void()> cleanup)
{
    if (!isLate()) return cleanup();
    const std::lock_guard lock(mutex);
    streamOf(stream).tasks.push_back({nullptr, {}, nullptr, std::move(cleanup)});
}

void holdBack(void* stream, std::shared_ptr<const Mark> mark)
{
    if (!isLate()) return;
    const std::lock_guard lock(mutex);
    streamOf(stream).tasks.push_back({std::move(mark), {}, nullptr, {}});
}

std::shared_ptr<Mark> markOf(void* stream)
{
    auto mark = std::make_shared<Mark>();
    if (!isLate()) return mark;
    const std::lock_guard lock(mutex);
    mark->stream = &streamOf(stream);
    mark->passed = false;
    streamOf(stream).tasks.push_back({nullptr, {}, mark, {}});
    return mark;
}

Result<void> finish(void* stream)
{
    const std::lock_guard lock(mutex);
    BS_CHECK(doUntil(streamOf(stream), [] { return false; }));
    return deviceIsThere();
}

Result<void> finish(const Mark& mark)
{
    const std::lock_guard lock(mutex);
    if (mark.passed) return {};
    return doUntil(*mark.stream, [&] { return mark.passed; });
}

void* newStream()
{
    const std::lock_guard lock(mutex);
    return streams.emplace_back(new EmulatedStream);
}

void deleteStream(void* stream)
{
    if (stream == nullptr) return;
    const std::lock_guard lock(mutex);
    static_cast<void>(finish(stream));
    std::erase(streams, static_cast<EmulatedStream*>(stream));
    delete static_cast<EmulatedStream*>(stream);
}

} // namespace bs::gpu::emulation
