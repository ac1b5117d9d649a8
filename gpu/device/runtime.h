#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace bs::gpu {

// What the GPU side needs of CUDA's runtime, behind one interface with two implementations:
// runtime_cuda.cu speaks to a card, and gpu/emulation/runtime_emulated.cpp does the same with host
// memory (at once or later: gpu/emulation/streams.h), so that everything above runs without one.

struct DeviceInfo
{
    std::string name;
    int major = 0; ///< compute capability
    int minor = 0;
    int multiprocessors = 0;
    std::uint64_t freeBytes = 0;
    std::uint64_t totalBytes = 0;
    std::uint64_t l2Bytes = 0;
};

/// Errors: NotFound (no driver, no card), Unsupported (a driver that is too old: both versions
/// named).
Result<int> deviceCount();
/// Errors: Usage (no such device), and as deviceCount.
Result<DeviceInfo> deviceInfo(int device);
/// Errors: Unsupported (a card that the kernels are not compiled for: both figures named).
Result<void> checkCapability(const DeviceInfo& info);
/// Free on a device now. Errors: as deviceInfo.
Result<std::uint64_t> freeMemory(int device);
/// Makes it the calling thread's device. Errors: as deviceInfo.
Result<void> useDevice(int device);

/// An ordered queue of work. Movable; waits for its work when destroyed.
class Stream
{
public:
    static Result<Stream> create();
    Stream(Stream&& other) noexcept
        : m_handle(std::exchange(other.m_handle, nullptr))
    {
    }
    Stream& operator=(Stream&& other) noexcept
    {
        std::swap(m_handle, other.m_handle);
        return *this;
    }
    ~Stream();

    void* handle() const { return m_handle; } ///< cudaStream_t
    /// Waits for all its work. Errors: Io (the card is lost), Internal (a kernel failed: which
    /// error).
    Result<void> wait() const;

private:
    Stream() = default;
    void* m_handle = nullptr;
};

/// A mark in a stream that another one can wait for, and times between two of them.
class Event
{
public:
    static Result<Event> create();
    Event(Event&& other) noexcept
        : m_handle(std::exchange(other.m_handle, nullptr))
    {
    }
    Event& operator=(Event&& other) noexcept
    {
        std::swap(m_handle, other.m_handle);
        return *this;
    }
    ~Event();

    Result<void> record(const Stream& stream);
    Result<void> waitFor() const;                      ///< on the host
    Result<void> holdBack(const Stream& stream) const; ///< `stream` goes on after the event
    Result<bool> passed() const;
    /// Seconds from `earlier` to this one; both passed.
    Result<double> since(const Event& earlier) const;

private:
    Event() = default;
    void* m_handle = nullptr;
};

/// Bytes of device memory, aligned to 256. Movable.
class Buffer
{
public:
    Buffer() = default;
    /// From the stream-ordered pool; what `stream` does next may use it. Errors: Memory (bytes
    /// wanted and free named).
    static Result<Buffer> create(std::size_t bytes, const Stream& stream);
    /// Makes it at least so large; what a smaller one held is gone. Errors: as create; it is empty
    /// then.
    Result<void> reserve(std::size_t bytes, const Stream& stream);
    Buffer(Buffer&& other) noexcept { *this = std::move(other); }
    Buffer& operator=(Buffer&& other) noexcept
    {
        std::swap(m_data, other.m_data);
        std::swap(m_bytes, other.m_bytes);
        std::swap(m_stream, other.m_stream);
        return *this;
    }
    ~Buffer(); ///< gives it back behind what its stream has been given so far; the stream must
               ///< outlive it

    template <class T = std::byte>
    T* as() const
    {
        return static_cast<T*>(m_data);
    }
    std::size_t bytes() const { return m_bytes; }
    explicit operator bool() const { return m_data != nullptr; }

private:
    void* m_data = nullptr;
    std::size_t m_bytes = 0;
    void* m_stream = nullptr;
};

/// Host memory that copies to and from the device need not be staged for.
class PinnedMemory
{
public:
    PinnedMemory() = default;
    static Result<PinnedMemory> create(std::size_t bytes);
    PinnedMemory(PinnedMemory&& other) noexcept { *this = std::move(other); }
    PinnedMemory& operator=(PinnedMemory&& other) noexcept
    {
        std::swap(m_data, other.m_data);
        std::swap(m_bytes, other.m_bytes);
        return *this;
    }
    ~PinnedMemory();

    template <class T = std::byte>
    T* as() const
    {
        return static_cast<T*>(m_data);
    }
    std::size_t bytes() const { return m_bytes; }

private:
    void* m_data = nullptr;
    std::size_t m_bytes = 0;
};

/// In the order of the stream. Host memory that is not pinned may be reused at once; pinned memory
/// once the copy is done.
Result<void> copyToDevice(void* device, const void* host, std::size_t bytes, const Stream& stream);
Result<void> copyToHost(void* host, const void* device, std::size_t bytes, const Stream& stream);
Result<void> copyOnDevice(void* to, const void* from, std::size_t bytes, const Stream& stream);
Result<void> fillBytes(void* device, int byte, std::size_t bytes, const Stream& stream);

/// Work of a stream, recorded once and repeated. Between begin and end the stream must not be
/// waited for. In the emulation `work` runs anew at each launch, so it must not depend on anything
/// but memory and its captures.
class Graph
{
public:
    template <class Work>
    static Result<Graph> record(const Stream& stream, Work work)
    {
        return recordAny(stream, Erased{[](void* held) { return (*static_cast<Work*>(held))(); },
                                        [](void* held) { delete static_cast<Work*>(held); },
                                        new Work(std::move(work))});
    }
    Graph() = default;
    Graph(Graph&& other) noexcept { *this = std::move(other); }
    Graph& operator=(Graph&& other) noexcept
    {
        std::swap(m_handle, other.m_handle);
        return *this;
    }
    ~Graph();

    explicit operator bool() const { return m_handle != nullptr; }
    Result<void> launch(const Stream& stream) const;

private:
    struct Erased
    {
        Result<void> (*run)(void*);
        void (*destroy)(void*);
        void* held;
    };
    static Result<Graph> recordAny(const Stream& stream, Erased work);
    void* m_handle = nullptr;
};

} // namespace bs::gpu
