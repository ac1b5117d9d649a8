#include "gpu/device/arena.h"
#include "gpu/device/cuda_error.h"

#include <cuda.h>
#include <cuda_runtime.h>

#include <algorithm>
#include <string>

// CUDA's virtual memory management. Its functions belong to the driver's library, which the plugin
// must not need to be loaded: they are asked for by name.

namespace bs::gpu {

namespace {

struct Driver
{
    CUresult (*granularity)(size_t*, const CUmemAllocationProp*, CUmemAllocationGranularity_flags);
    CUresult (*reserve)(CUdeviceptr*, size_t, size_t, CUdeviceptr, unsigned long long);
    CUresult (*release)(CUdeviceptr, size_t);
    CUresult (*create)(CUmemGenericAllocationHandle*, size_t, const CUmemAllocationProp*,
                       unsigned long long);
    CUresult (*destroy)(CUmemGenericAllocationHandle);
    CUresult (*map)(CUdeviceptr, size_t, size_t, CUmemGenericAllocationHandle, unsigned long long);
    CUresult (*unmap)(CUdeviceptr, size_t);
    CUresult (*access)(CUdeviceptr, size_t, const CUmemAccessDesc*, size_t);
};

template <class Function>
bool find(const char* name, Function& function)
{
    void* found = nullptr;
    cudaDriverEntryPointQueryResult state{};
    // 11.2: what all of these have had since they came
    if (cudaGetDriverEntryPointByVersion(name, &found, 11020, cudaEnableDefault, &state) !=
            cudaSuccess ||
        state != cudaDriverEntryPointSuccess) {
        cudaGetLastError();
        return false;
    }
    function = reinterpret_cast<Function>(found);
    return true;
}

/// nullptr: this driver has no virtual memory.
const Driver* driver()
{
    static const Driver* const found = []() -> const Driver* {
        static Driver made{};
        const bool all = find("cuMemGetAllocationGranularity", made.granularity) &&
                         find("cuMemAddressReserve", made.reserve) &&
                         find("cuMemAddressFree", made.release) &&
                         find("cuMemCreate", made.create) && find("cuMemRelease", made.destroy) &&
                         find("cuMemMap", made.map) && find("cuMemUnmap", made.unmap) &&
                         find("cuMemSetAccess", made.access);
        return all ? &made : nullptr;
    }();
    return found;
}

CUmemAllocationProp propertiesOf(int device)
{
    CUmemAllocationProp properties{};
    properties.type = CU_MEM_ALLOCATION_TYPE_PINNED;
    properties.location.type = CU_MEM_LOCATION_TYPE_DEVICE;
    properties.location.id = device;
    return properties;
}

Error refused(const char* what, CUresult result)
{
    return Error{result == CUDA_ERROR_OUT_OF_MEMORY ? ErrorCode::Memory : ErrorCode::Internal,
                 std::string(what) + ": the driver gives error " + std::to_string(result)};
}

CUdeviceptr addressOf(const std::byte* data)
{
    return reinterpret_cast<CUdeviceptr>(data);
}

} // namespace

std::uint64_t arenaGranularity()
{
    return 2 << 20; // of every card so far; reserve asks
}

Result<DeviceArena> DeviceArena::reserve(std::uint64_t bytes, int device)
{
    BS_CHECK(cudaResult(cudaSetDevice(device), "choosing a card"));
    BS_CHECK(cudaResult(cudaFree(nullptr), "starting a card")); // makes its context
    if (driver() == nullptr)
        return Error{ErrorCode::Unsupported,
                     "the NVIDIA driver has no virtual memory (CUDA 11.2 and later do)"};
    const CUmemAllocationProp properties = propertiesOf(device);
    size_t granularity = 0;
    if (const CUresult failed =
            driver()->granularity(&granularity, &properties, CU_MEM_ALLOC_GRANULARITY_RECOMMENDED))
        return refused("asking a card for its pages", failed);
    DeviceArena arena;
    arena.m_device = device;
    arena.m_pageBytes = std::max<std::uint64_t>(arenaPageBytes(bytes), granularity);
    const std::size_t pages =
        std::max<std::size_t>((bytes + arena.m_pageBytes - 1) / arena.m_pageBytes, 1);
    CUdeviceptr at = 0;
    if (const CUresult failed = driver()->reserve(&at, pages * arena.m_pageBytes, 0, 0, 0))
        return refused("addresses on a card", failed);
    arena.m_data = reinterpret_cast<std::byte*>(at);
    arena.m_bytes = pages * arena.m_pageBytes;
    arena.m_pages.resize(pages);
    return Result<DeviceArena>(std::move(arena));
}

DeviceArena::~DeviceArena()
{
    if (m_data == nullptr) return;
    for (std::size_t page = 0; page < m_pages.size(); ++page)
        if (m_pages[page].users > 0) givePage(page);
    driver()->release(addressOf(m_data), m_bytes);
}

Result<void> DeviceArena::makePage(std::size_t page)
{
    const CUmemAllocationProp properties = propertiesOf(m_device);
    CUmemGenericAllocationHandle handle = 0;
    if (const CUresult failed = driver()->create(&handle, m_pageBytes, &properties, 0)) {
        std::size_t free = 0;
        std::size_t total = 0;
        cudaMemGetInfo(&free, &total);
        return Error{refused("", failed).code, "the card has no room for " +
                                                   std::to_string(m_pageBytes) +
                                                   " bytes of weights: " + std::to_string(free) +
                                                   " of " + std::to_string(total) + " are free"};
    }
    const CUdeviceptr at = addressOf(m_data) + page * m_pageBytes;
    CUmemAccessDesc access{};
    access.location = properties.location;
    access.flags = CU_MEM_ACCESS_FLAGS_PROT_READWRITE;
    CUresult failed = driver()->map(at, m_pageBytes, 0, handle, 0);
    if (failed == CUDA_SUCCESS) {
        failed = driver()->access(at, m_pageBytes, &access, 1);
        if (failed != CUDA_SUCCESS) driver()->unmap(at, m_pageBytes);
    }
    if (failed != CUDA_SUCCESS) {
        driver()->destroy(handle);
        return refused("a page of a card's memory", failed);
    }
    m_pages[page].handle = handle;
    return {};
}

void DeviceArena::givePage(std::size_t page)
{
    driver()->unmap(addressOf(m_data) + page * m_pageBytes, m_pageBytes);
    driver()->destroy(m_pages[page].handle);
    m_pages[page].handle = 0;
}

} // namespace bs::gpu
