#include "gpu/device/runtime.h"
#include "gpu/emulation/device_memory.h"
#include "gpu/emulation/streams.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

// The runtime over host memory. When the work of streams is done, streams.h says.

namespace bs::gpu {

namespace {

constexpr std::size_t kAlignment = 256;
std::atomic<std::uint64_t> totalBytes = std::uint64_t{1} << 40;
std::atomic<std::uint64_t> usedBytes = 0;
constexpr int kNever = -1;
std::atomic<bool> isLost = false;
std::atomic<int> untilLost = kNever; ///< operations

using Clock = std::chrono::steady_clock;

} // namespace

void emulation::setDeviceMemory(std::uint64_t bytes)
{
    totalBytes = bytes;
}

std::uint64_t emulation::usedDeviceMemory()
{
    return usedBytes;
}

void emulation::loseDevice(bool lost)
{
    untilLost = kNever;
    isLost = lost;
}

void emulation::loseDeviceAfter(int operations)
{
    isLost = false;
    untilLost = operations;
}

Result<void> emulation::deviceIsThere()
{
    if (untilLost != kNever && untilLost-- == 0) loseDevice();
    return deviceIsLeft();
}

Result<void> emulation::deviceIsLeft()
{
    if (isLost) return Error{ErrorCode::Io, "the card is lost: made so"};
    return {};
}

Result<void> emulation::takeDeviceMemory(std::uint64_t bytes)
{
    BS_CHECK(deviceIsThere());
    const std::uint64_t before = usedBytes.fetch_add(bytes);
    if (before + bytes <= totalBytes) return {};
    usedBytes -= bytes;
    return Error{ErrorCode::Memory, "the device has no room for " + std::to_string(bytes) +
                                        " bytes: " + std::to_string(totalBytes - before) + " of " +
                                        std::to_string(totalBytes) + " are free"};
}

void emulation::giveDeviceMemory(std::uint64_t bytes)
{
    usedBytes -= bytes;
}

Result<int> deviceCount()
{
    return 1;
}

Result<DeviceInfo> deviceInfo(int device)
{
    BS_CHECK(useDevice(device));
    return DeviceInfo{"emulation",
                      9,
                      0,
                      2,
                      totalBytes - std::min(usedBytes.load(), totalBytes.load()),
                      totalBytes,
                      std::uint64_t{1} << 20};
}

Result<std::uint64_t> freeMemory(int device)
{
    BS_TRY(const DeviceInfo info, deviceInfo(device));
    return info.freeBytes;
}

Result<void> useDevice(int device)
{
    if (device != 0)
        return Error{ErrorCode::Usage, "there is no device " + std::to_string(device) +
                                           "; the emulation is device 0"};
    return {};
}

Result<Stream> Stream::create()
{
    Stream stream;
    stream.m_handle = emulation::newStream();
    return stream;
}
Stream::~Stream()
{
    emulation::deleteStream(m_handle);
}
Result<void> Stream::wait() const
{
    return emulation::finish(m_handle);
}

namespace {

struct EventState
{
    std::shared_ptr<emulation::Mark> mark = std::make_shared<emulation::Mark>();
    Clock::time_point at = Clock::now();
};

EventState& stateOf(void* handle)
{
    return *static_cast<EventState*>(handle);
}

} // namespace

Result<Event> Event::create()
{
    Event event;
    event.m_handle = new EventState;
    return event;
}
Event::~Event()
{
    delete static_cast<EventState*>(m_handle);
}
Result<void> Event::record(const Stream& stream)
{
    stateOf(m_handle) = {emulation::markOf(stream.handle()), Clock::now()};
    return {};
}
Result<void> Event::waitFor() const
{
    return emulation::finish(*stateOf(m_handle).mark);
}
Result<void> Event::holdBack(const Stream& stream) const
{
    emulation::holdBack(stream.handle(), stateOf(m_handle).mark);
    return {};
}
Result<bool> Event::passed() const
{
    BS_CHECK(waitFor());
    return true;
}
Result<double> Event::since(const Event& earlier) const
{
    return std::chrono::duration<double>(stateOf(m_handle).at - stateOf(earlier.m_handle).at)
        .count();
}

Result<Buffer> Buffer::create(std::size_t bytes, const Stream& stream)
{
    BS_CHECK(emulation::takeDeviceMemory(bytes));
    Buffer buffer;
    // exactly so large, for the sanitizer to see what lies behind it
    if (posix_memalign(&buffer.m_data, kAlignment, std::max<std::size_t>(bytes, 1)) != 0) {
        emulation::giveDeviceMemory(bytes);
        return Error{ErrorCode::Memory,
                     "no memory for " + std::to_string(bytes) + " bytes of the emulated device"};
    }
    std::memset(buffer.m_data, 0xFF, bytes);
    buffer.m_bytes = bytes;
    buffer.m_stream = stream.handle();
    return buffer;
}
Buffer::~Buffer()
{
    if (m_data == nullptr) return;
    emulation::giveDeviceMemory(m_bytes);
    emulation::queueCleanup(m_stream, [data = m_data] { std::free(data); });
}

namespace {

/// Where pinned memory begins, and how much of it there is: copies from it read it when they are done.
std::map<const std::byte*, std::size_t> pinnedMemory;
std::mutex pinnedMutex;

bool isPinned(const void* at)
{
    const std::lock_guard lock(pinnedMutex);
    const auto* place = static_cast<const std::byte*>(at);
    const auto behind = pinnedMemory.upper_bound(place);
    if (behind == pinnedMemory.begin()) return false;
    const auto& [begin, bytes] = *std::prev(behind);
    return place < begin + bytes;
}

} // namespace

Result<PinnedMemory> PinnedMemory::create(std::size_t bytes)
{
    PinnedMemory memory;
    memory.m_data = std::malloc(std::max<std::size_t>(bytes, 1));
    if (memory.m_data == nullptr)
        return Error{ErrorCode::Memory, "no memory for " + std::to_string(bytes) + " bytes"};
    memory.m_bytes = bytes;
    {
        const std::lock_guard lock(pinnedMutex);
        pinnedMemory[memory.as<std::byte>()] = bytes;
    }
    return memory;
}
PinnedMemory::~PinnedMemory()
{
    if (m_data == nullptr) return;
    {
        const std::lock_guard lock(pinnedMutex);
        pinnedMemory.erase(as<std::byte>());
    }
    std::free(m_data);
}

namespace {

Result<void> queueCopy(void* to, const void* from, std::size_t bytes, const Stream& stream)
{
    return emulation::queue(stream.handle(), [=]() -> Result<void> {
        if (bytes > 0) std::memmove(to, from, bytes);
        return {};
    });
}

} // namespace

Result<void> copyToDevice(void* device, const void* host, std::size_t bytes, const Stream& stream)
{
    if (!emulation::isLate() || isPinned(host)) return queueCopy(device, host, bytes, stream);
    const auto* begin = static_cast<const std::byte*>(host);
    return emulation::queue(stream.handle(),
                            [device, kept = std::vector<std::byte>(begin, begin + bytes)]() -> Result<void> {
                                std::copy(kept.begin(), kept.end(), static_cast<std::byte*>(device));
                                return {};
                            });
}
Result<void> copyToHost(void* host, const void* device, std::size_t bytes, const Stream& stream)
{
    return queueCopy(host, device, bytes, stream);
}
Result<void> copyOnDevice(void* to, const void* from, std::size_t bytes, const Stream& stream)
{
    return queueCopy(to, from, bytes, stream);
}
Result<void> fillBytes(void* device, int byte, std::size_t bytes, const Stream& stream)
{
    return emulation::queue(stream.handle(), [=]() -> Result<void> {
        std::memset(device, byte, bytes);
        return {};
    });
}

Result<Graph> Graph::recordAny(const Stream&, Erased work)
{
    Graph graph;
    graph.m_handle = new std::shared_ptr<const Erased>(new Erased(work), [](const Erased* recorded) {
        recorded->destroy(recorded->held);
        delete recorded;
    });
    return graph;
}
Graph::~Graph()
{
    delete static_cast<std::shared_ptr<const Erased>*>(m_handle);
}
Result<void> Graph::launch(const Stream& stream) const
{
    return emulation::queue(
        stream.handle(), [work = *static_cast<std::shared_ptr<const Erased>*>(m_handle)] {
            return work->run(work->held);
        });
}

} // namespace bs::gpu
