#include "gpu/device/runtime.h"
#include "gpu/emulation/device_memory.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>

// The runtime over host memory: everything is done at once, so streams and events have nothing to
// keep but the time.

namespace bs::gpu {

namespace {

constexpr std::size_t kAlignment = 256;
std::atomic<std::uint64_t> totalBytes = std::uint64_t{1} << 40;
std::atomic<std::uint64_t> usedBytes = 0;

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

Result<void> emulation::takeDeviceMemory(std::uint64_t bytes)
{
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
    stream.m_handle = new char;
    return stream;
}
Stream::~Stream()
{
    delete static_cast<char*>(m_handle);
}
Result<void> Stream::wait() const
{
    return {};
}

Result<Event> Event::create()
{
    Event event;
    event.m_handle = new Clock::time_point;
    return event;
}
Event::~Event()
{
    delete static_cast<Clock::time_point*>(m_handle);
}
Result<void> Event::record(const Stream&)
{
    *static_cast<Clock::time_point*>(m_handle) = Clock::now();
    return {};
}
Result<void> Event::waitFor() const
{
    return {};
}
Result<void> Event::holdBack(const Stream&) const
{
    return {};
}
Result<bool> Event::passed() const
{
    return true;
}
Result<double> Event::since(const Event& earlier) const
{
    return std::chrono::duration<double>(*static_cast<Clock::time_point*>(m_handle) -
                                         *static_cast<Clock::time_point*>(earlier.m_handle))
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
    std::free(m_data);
    if (m_data != nullptr) emulation::giveDeviceMemory(m_bytes);
}

Result<PinnedMemory> PinnedMemory::create(std::size_t bytes)
{
    PinnedMemory memory;
    memory.m_data = std::malloc(std::max<std::size_t>(bytes, 1));
    if (memory.m_data == nullptr)
        return Error{ErrorCode::Memory, "no memory for " + std::to_string(bytes) + " bytes"};
    memory.m_bytes = bytes;
    return memory;
}
PinnedMemory::~PinnedMemory()
{
    std::free(m_data);
}

Result<void> copyToDevice(void* device, const void* host, std::size_t bytes, const Stream&)
{
    if (bytes > 0) std::memcpy(device, host, bytes);
    return {};
}
Result<void> copyToHost(void* host, const void* device, std::size_t bytes, const Stream&)
{
    if (bytes > 0) std::memcpy(host, device, bytes);
    return {};
}
Result<void> copyOnDevice(void* to, const void* from, std::size_t bytes, const Stream&)
{
    std::memmove(to, from, bytes);
    return {};
}
Result<void> fillBytes(void* device, int byte, std::size_t bytes, const Stream&)
{
    std::memset(device, byte, bytes);
    return {};
}

Result<Graph> Graph::recordAny(const Stream&, Erased work)
{
    Graph graph;
    graph.m_handle = new Erased(work);
    return graph;
}
Graph::~Graph()
{
    if (auto* work = static_cast<Erased*>(m_handle); work != nullptr) {
        work->destroy(work->held);
        delete work;
    }
}
Result<void> Graph::launch(const Stream&) const
{
    const auto* work = static_cast<Erased*>(m_handle);
    return work->run(work->held);
}

} // namespace bs::gpu
