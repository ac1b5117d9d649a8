#include "gpu/kernels/launch.h"
#include "gpu/kernels/norm.cuh"
#include "gpu/ops/norm.h"

#include <algorithm>

namespace bs::gpu {

Result<void> addAndNorm(float* hidden, const float* delta, const float* weight, float epsilon,
                        std::size_t n, std::size_t width, float* normed, const Stream& stream)
{
    if (n == 0) return {};
    const auto aligned = [](const void* at) {
        return reinterpret_cast<std::uintptr_t>(at) % 16 == 0;
    };
    const bool vector =
        width % 4 == 0 && aligned(hidden) && aligned(delta) && aligned(weight) && aligned(normed);
    const std::size_t warps = std::clamp<std::size_t>((width + 127) / 128, 1, kNormThreads / 32);
    const Grid grid{dim3(static_cast<unsigned>(n)), dim3(static_cast<unsigned>(warps * 32))};
    return launchBehind(vector ? addAndNormKernel<true> : addAndNormKernel<false>, grid, stream,
                        hidden, delta, weight, epsilon, width, normed);
}

} // namespace bs::gpu
