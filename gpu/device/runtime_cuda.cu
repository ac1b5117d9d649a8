#include "gpu/device/cuda_error.h"
#include "gpu/device/runtime.h"

namespace bs::gpu {

namespace {

std::string versionText(int version)
{
    return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

cudaStream_t handleOf(const Stream& stream)
{
    return static_cast<cudaStream_t>(stream.handle());
}

} // namespace

Error cudaErrorOf(cudaError_t error, const char* what)
{
    const std::string words = cudaGetErrorString(error);
    switch (error) {
    case cudaErrorNoDevice:
        return Error{ErrorCode::NotFound, "there is no NVIDIA card that CUDA can use"};
    case cudaErrorInsufficientDriver: {
        int driver = 0;
        int runtime = 0;
        cudaDriverGetVersion(&driver);
        cudaRuntimeGetVersion(&runtime);
        if (driver == 0) return Error{ErrorCode::NotFound, "there is no NVIDIA driver"};
        return Error{ErrorCode::Unsupported, "the NVIDIA driver is too old: it knows CUDA " +
                                                 versionText(driver) + ", this program needs " +
                                                 versionText(runtime)};
    }
    case cudaErrorMemoryAllocation:
        return Error{ErrorCode::Memory, std::string(what) + ": the card is full"};
    case cudaErrorIllegalAddress:
    case cudaErrorLaunchFailure:
    case cudaErrorAssert:
        return Error{ErrorCode::Internal, std::string(what) + ": " + words};
    case cudaErrorNoKernelImageForDevice:
    case cudaErrorUnsupportedPtxVersion:
    case cudaErrorInvalidDeviceFunction:
        return Error{ErrorCode::Unsupported, std::string(what) + ": " + words};
    case cudaErrorECCUncorrectable:
    case cudaErrorHardwareStackError:
    case cudaErrorDevicesUnavailable:
    case cudaErrorSystemNotReady:
        return Error{ErrorCode::Io, "the card is lost: " + words};
    default:
        return Error{ErrorCode::Internal, std::string(what) + ": " + words};
    }
}

Result<void> cudaResult(cudaError_t error, const char* what)
{
    if (error != cudaSuccess) return cudaErrorOf(error, what);
    return {};
}

Result<int> deviceCount()
{
    int count = 0;
    BS_CHECK(cudaResult(cudaGetDeviceCount(&count), "looking for cards"));
    return count;
}

Result<DeviceInfo> deviceInfo(int device)
{
    BS_CHECK(useDevice(device));
    cudaDeviceProp properties{};
    BS_CHECK(cudaResult(cudaGetDeviceProperties(&properties, device), "asking a card what it is"));
    std::size_t free = 0;
    std::size_t total = 0;
    BS_CHECK(cudaResult(cudaMemGetInfo(&free, &total), "asking a card for its memory"));
    return DeviceInfo{properties.name,
                      properties.major,
                      properties.minor,
                      properties.multiProcessorCount,
                      free,
                      total,
                      static_cast<std::uint64_t>(properties.l2CacheSize)};
}

Result<std::uint64_t> freeMemory(int device)
{
    BS_CHECK(useDevice(device));
    std::size_t free = 0;
    std::size_t total = 0;
    BS_CHECK(cudaResult(cudaMemGetInfo(&free, &total), "asking a card for its memory"));
    return free;
}

Result<void> useDevice(int device)
{
    BS_TRY(const int count, deviceCount());
    if (device < 0 || device >= count)
        return Error{ErrorCode::Usage, "there is no card " + std::to_string(device) +
                                           "; there are " + std::to_string(count) +
                                           ", counted from 0"};
    return cudaResult(cudaSetDevice(device), "choosing a card");
}

Result<Stream> Stream::create()
{
    Stream stream;
    cudaStream_t made = nullptr;
    BS_CHECK(
        cudaResult(cudaStreamCreateWithFlags(&made, cudaStreamNonBlocking), "making a stream"));
    stream.m_handle = made;
    return Result<Stream>(std::move(stream));
}
Stream::~Stream()
{
    if (m_handle == nullptr) return;
    cudaStreamSynchronize(handleOf(*this));
    cudaStreamDestroy(handleOf(*this));
}
Result<void> Stream::wait() const
{
    return cudaResult(cudaStreamSynchronize(handleOf(*this)), "work on the card");
}

Result<Event> Event::create()
{
    Event event;
    cudaEvent_t made = nullptr;
    BS_CHECK(cudaResult(cudaEventCreate(&made), "making an event"));
    event.m_handle = made;
    return Result<Event>(std::move(event));
}
Event::~Event()
{
    if (m_handle != nullptr) cudaEventDestroy(static_cast<cudaEvent_t>(m_handle));
}
Result<void> Event::record(const Stream& stream)
{
    return cudaResult(cudaEventRecord(static_cast<cudaEvent_t>(m_handle), handleOf(stream)),
                      "recording an event");
}
Result<void> Event::waitFor() const
{
    return cudaResult(cudaEventSynchronize(static_cast<cudaEvent_t>(m_handle)), "work on the card");
}
Result<void> Event::holdBack(const Stream& stream) const
{
    return cudaResult(cudaStreamWaitEvent(handleOf(stream), static_cast<cudaEvent_t>(m_handle), 0),
                      "waiting for an event");
}
Result<bool> Event::passed() const
{
    const cudaError_t state = cudaEventQuery(static_cast<cudaEvent_t>(m_handle));
    if (state == cudaErrorNotReady) return false;
    BS_CHECK(cudaResult(state, "work on the card"));
    return true;
}
Result<double> Event::since(const Event& earlier) const
{
    float milliseconds = 0;
    BS_CHECK(
        cudaResult(cudaEventElapsedTime(&milliseconds, static_cast<cudaEvent_t>(earlier.m_handle),
                                        static_cast<cudaEvent_t>(m_handle)),
                   "the time between events"));
    return static_cast<double>(milliseconds) * 1e-3;
}

Result<Buffer> Buffer::create(std::size_t bytes, const Stream& stream)
{
    Buffer buffer;
    const cudaError_t failed =
        cudaMallocAsync(&buffer.m_data, bytes > 0 ? bytes : 1, handleOf(stream));
    if (failed == cudaErrorMemoryAllocation) {
        cudaGetLastError(); // taken note of: what follows must not find it
        std::size_t free = 0;
        std::size_t total = 0;
        cudaMemGetInfo(&free, &total);
        return Error{ErrorCode::Memory, "the card has no room for " + std::to_string(bytes) +
                                            " bytes: " + std::to_string(free) + " of " +
                                            std::to_string(total) + " are free"};
    }
    BS_CHECK(cudaResult(failed, "memory on the card"));
    buffer.m_bytes = bytes;
    buffer.m_stream = stream.handle();
    return Result<Buffer>(std::move(buffer));
}
Buffer::~Buffer()
{
    if (m_data != nullptr) cudaFreeAsync(m_data, static_cast<cudaStream_t>(m_stream));
}

Result<PinnedMemory> PinnedMemory::create(std::size_t bytes)
{
    PinnedMemory memory;
    BS_CHECK(cudaResult(cudaHostAlloc(&memory.m_data, bytes > 0 ? bytes : 1, cudaHostAllocDefault),
                        "pinned memory"));
    memory.m_bytes = bytes;
    return Result<PinnedMemory>(std::move(memory));
}
PinnedMemory::~PinnedMemory()
{
    if (m_data != nullptr) cudaFreeHost(m_data);
}

namespace {

/// Whether a copy from here may go on reading after its call has returned although the memory is not
/// pinned: where cards read all of a process's memory, drivers need not stage it.
bool mayReadLater(const void* host)
{
    int device = 0;
    int readsAll = 0;
    cudaPointerAttributes attributes{};
    return cudaGetDevice(&device) == cudaSuccess &&
           cudaDeviceGetAttribute(&readsAll, cudaDevAttrPageableMemoryAccess, device) ==
               cudaSuccess &&
           readsAll != 0 && cudaPointerGetAttributes(&attributes, host) == cudaSuccess &&
           attributes.type == cudaMemoryTypeUnregistered;
}

} // namespace

Result<void> copyToDevice(void* device, const void* host, std::size_t bytes, const Stream& stream)
{
    BS_CHECK(cudaResult(
        cudaMemcpyAsync(device, host, bytes, cudaMemcpyHostToDevice, handleOf(stream)),
        "copying to the card"));
    return mayReadLater(host) ? stream.wait() : Result<void>();
}
Result<void> copyToHost(void* host, const void* device, std::size_t bytes, const Stream& stream)
{
    return cudaResult(
        cudaMemcpyAsync(host, device, bytes, cudaMemcpyDeviceToHost, handleOf(stream)),
        "copying from the card");
}
Result<void> copyOnDevice(void* to, const void* from, std::size_t bytes, const Stream& stream)
{
    return cudaResult(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToDevice, handleOf(stream)),
                      "copying on the card");
}
Result<void> fillBytes(void* device, int byte, std::size_t bytes, const Stream& stream)
{
    return cudaResult(cudaMemsetAsync(device, byte, bytes, handleOf(stream)),
                      "filling memory on the card");
}

Result<Graph> Graph::recordAny(const Stream& stream, Erased work)
{
    const cudaError_t began =
        cudaStreamBeginCapture(handleOf(stream), cudaStreamCaptureModeThreadLocal);
    auto recorded = began == cudaSuccess ? work.run(work.held) : Result<void>();
    work.destroy(work.held);
    BS_CHECK(cudaResult(began, "recording a graph"));
    cudaGraph_t graph = nullptr;
    const cudaError_t ended = cudaStreamEndCapture(handleOf(stream), &graph);
    if (!recorded) {
        if (graph != nullptr) cudaGraphDestroy(graph);
        return std::move(recorded).error();
    }
    BS_CHECK(cudaResult(ended, "recording a graph"));
    cudaGraphExec_t made = nullptr;
    const cudaError_t failed = cudaGraphInstantiate(&made, graph, 0);
    cudaGraphDestroy(graph);
    BS_CHECK(cudaResult(failed, "making a graph"));
    Graph result;
    result.m_handle = made;
    return Result<Graph>(std::move(result));
}
Graph::~Graph()
{
    if (m_handle != nullptr) cudaGraphExecDestroy(static_cast<cudaGraphExec_t>(m_handle));
}
Result<void> Graph::launch(const Stream& stream) const
{
    return cudaResult(cudaGraphLaunch(static_cast<cudaGraphExec_t>(m_handle), handleOf(stream)),
                      "launching a graph");
}

} // namespace bs::gpu
