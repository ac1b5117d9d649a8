#include "gpu/kernels/elementwise.cuh"
#include "gpu/kernels/launch.h"
#include "gpu/ops/elementwise.h"
#include "gpu/ops/norm.h"

namespace bs::gpu {

namespace {

bool aligned(const void* at, std::size_t bytes)
{
    return reinterpret_cast<std::uintptr_t>(at) % bytes == 0;
}

unsigned blocksOf(std::size_t count, std::size_t each)
{
    return static_cast<unsigned>((count + each - 1) / each);
}

Grid gridOf(std::size_t count)
{
    return Grid{dim3(blocksOf(count, std::size_t{kElementThreads} * 4)), dim3(kElementThreads)};
}

} // namespace

Result<void> addTo(float* hidden, const float* delta, std::size_t count, const Stream& stream)
{
    if (count == 0) return {};
    const bool vector = aligned(hidden, 16) && aligned(delta, 16);
    return launchBehind(vector ? addToKernel<true> : addToKernel<false>, gridOf(count), stream,
                        hidden, delta, count);
}

Result<void> swiglu(float* gate, const float* up, std::size_t count, const Stream& stream)
{
    if (count == 0) return {};
    const bool vector = aligned(gate, 16) && aligned(up, 16);
    return launchBehind(vector ? swigluKernel<true> : swigluKernel<false>, gridOf(count), stream,
                        gate, up, count);
}

Result<void> toHalves(const float* from, Half* to, std::size_t count, const Stream& stream)
{
    if (count == 0) return {};
    const bool vector = aligned(from, 16) && aligned(to, 8);
    return launchBehind(vector ? toHalvesKernel<true> : toHalvesKernel<false>, gridOf(count),
                        stream, from, to, count);
}

Result<void> gatherRows(const Half* matrix, const std::int32_t* tokens, std::size_t n,
                        std::size_t width, float* out, const Stream& stream)
{
    if (n == 0 || width == 0) return {};
    const Grid grid{dim3(static_cast<unsigned>(n), blocksOf(width, kElementThreads)),
                    dim3(kElementThreads)};
    return launchBehind(gatherRowsKernel, grid, stream, matrix, tokens, width, out);
}

} // namespace bs::gpu
