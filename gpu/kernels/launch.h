#pragma once

#include "core/base/result.h"
#include "gpu/device/runtime.h"
#include "gpu/kernels/cuda.h"

#ifdef __CUDACC__
#include "gpu/device/cuda_error.h"
#else
#include "gpu/emulation/streams.h"
#endif

namespace bs::gpu {

/// How many blocks of how many threads, and the dynamic shared memory of each.
struct Grid
{
    dim3 blocks;
    dim3 threads;
    std::size_t sharedBytes = 0;
};

#ifdef __CUDACC__
/// Allows a kernel all the shared memory that the card gives a block. Always the same, as recorded
/// graphs may hold launches that need more than the one at hand.
inline cudaError_t allowMostShared(const void* kernel)
{
    cudaFuncAttributes own{};
    int device = 0;
    int most = 0;
    if (const cudaError_t failed = cudaFuncGetAttributes(&own, kernel)) return failed;
    if (const cudaError_t failed = cudaGetDevice(&device)) return failed;
    if (const cudaError_t failed =
            cudaDeviceGetAttribute(&most, cudaDevAttrMaxSharedMemoryPerBlockOptin, device))
        return failed;
    return cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                most - static_cast<int>(own.sharedSizeBytes));
}

/// Whether the calling thread's card lets a kernel begin before what it follows has ended: from
/// sm_90 on. Asked once for each card.
inline bool cardStartsEarly()
{
    constexpr int kUnknown = -1;
    thread_local int known = kUnknown; ///< card that `early` is of
    thread_local bool early = false;
    int device = 0;
    if (cudaGetDevice(&device) != cudaSuccess || device == known) return early;
    int major = 0;
    early = cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device) ==
                cudaSuccess &&
            major >= 9;
    known = device;
    return early;
}

template <class... Parameters>
Result<void> launchWith(bool early, void (*kernel)(Parameters...), const Grid& grid,
                        const Stream& stream, Parameters... arguments)
{
    // 48 KiB without asking, but of the kernel's own and this together
    if (grid.sharedBytes > 32 * 1024)
        if (const cudaError_t failed = allowMostShared(reinterpret_cast<const void*>(kernel)))
            return cudaErrorOf(failed, "shared memory of a kernel");
    cudaLaunchAttribute attribute{};
    attribute.id = cudaLaunchAttributeProgrammaticStreamSerialization;
    attribute.val.programmaticStreamSerializationAllowed = 1;
    cudaLaunchConfig_t config{};
    config.gridDim = grid.blocks;
    config.blockDim = grid.threads;
    config.dynamicSmemBytes = grid.sharedBytes;
    config.stream = static_cast<cudaStream_t>(stream.handle());
    config.attrs = &attribute;
    config.numAttrs = early && cardStartsEarly() ? 1 : 0;
    if (const cudaError_t failed = cudaLaunchKernelEx(&config, kernel, arguments...))
        return cudaErrorOf(failed, "a kernel");
    return {};
}

/// Queues a kernel: launch(kernel<4>, {blocks, threads, shared}, stream, arguments ..). Errors:
/// Internal (refused: CUDA's words).
template <class... Parameters, class... Arguments>
Result<void> launch(void (*kernel)(Parameters...), const Grid& grid, const Stream& stream,
                    Arguments... arguments)
{
    return launchWith(false, kernel, grid, stream, Parameters(arguments)...);
}

/// The same for a kernel that waits for what it follows itself (waitForEarlier).
template <class... Parameters, class... Arguments>
Result<void> launchBehind(void (*kernel)(Parameters...), const Grid& grid, const Stream& stream,
                          Arguments... arguments)
{
    return launchWith(true, kernel, grid, stream, Parameters(arguments)...);
}
#else
/// The same in the emulation: block after block.
template <class... Parameters, class... Arguments>
Result<void> launch(void (*kernel)(Parameters...), const Grid& grid, const Stream& stream,
                    Arguments... arguments)
{
    return emulation::queue(stream.handle(), [=] {
        return emulation::run(grid.blocks, grid.threads, grid.sharedBytes,
                              [&] { kernel(Parameters(arguments)...); });
    });
}

template <class... Parameters, class... Arguments>
Result<void> launchBehind(void (*kernel)(Parameters...), const Grid& grid, const Stream& stream,
                          Arguments... arguments)
{
    return launch(kernel, grid, stream, arguments...);
}
#endif

} // namespace bs::gpu
