#pragma once

#include "core/base/result.h"
#include "gpu/device/runtime.h"
#include "gpu/kernels/cuda.h"

namespace bs::gpu {

/// How many blocks of how many threads, and the dynamic shared memory of each.
struct Grid
{
    dim3 blocks;
    dim3 threads;
    std::size_t sharedBytes = 0;
};

#ifdef __CUDACC__
Error launchError(cudaError_t error, const char* what);

/// Queues a kernel: launch(kernel<4>, {blocks, threads, shared}, stream, arguments ..). Errors: Internal (refused: CUDA's words).
template <class... Parameters, class... Arguments>
Result<void> launch(void (*kernel)(Parameters...), const Grid& grid, const Stream& stream, Arguments... arguments)
{
    if (grid.sharedBytes > 48 * 1024)
        if (const cudaError_t failed = cudaFuncSetAttribute(reinterpret_cast<const void*>(kernel), cudaFuncAttributeMaxDynamicSharedMemorySize,
                                                            static_cast<int>(grid.sharedBytes)))
            return launchError(failed, "shared memory of a kernel");
    kernel<<<grid.blocks, grid.threads, grid.sharedBytes, static_cast<cudaStream_t>(stream.handle())>>>(Parameters(arguments)...);
    if (const cudaError_t failed = cudaGetLastError())
        return launchError(failed, "a kernel");
    return {};
}
#else
/// The same in the emulation: runs at once, block after block.
template <class... Parameters, class... Arguments>
Result<void> launch(void (*kernel)(Parameters...), const Grid& grid, const Stream&, Arguments... arguments)
{
    return emulation::run(grid.blocks, grid.threads, grid.sharedBytes, [&] { kernel(Parameters(arguments)...); });
}
#endif

} // namespace bs::gpu
