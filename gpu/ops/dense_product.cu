#include "gpu/kernels/dense_product.cuh"
#include "gpu/kernels/launch.h"
#include "gpu/ops/dense_product.h"

namespace bs::gpu {

namespace {

/// From so many rows on a warp takes four: then there are 16 warps for each multiprocessor of a
/// large card all the same, each with 2 KiB or more on its way, and x is read for four rows. Below
/// it bandwidth needs all the warps there are.
constexpr std::size_t kManyRows = 8192;

Grid gridOf(std::size_t rows, std::size_t rowsOfWarp)
{
    const std::size_t ofBlock = kDenseWarps * rowsOfWarp;
    return Grid{dim3(static_cast<unsigned>((rows + ofBlock - 1) / ofBlock)),
                dim3(kDenseWarps * 32)};
}

bool aligned(const void* at)
{
    return reinterpret_cast<std::uintptr_t>(at) % 16 == 0;
}

template <int kTokens>
Result<void> multiply(const DenseArguments& of, const Stream& stream)
{
    if (of.cols % 8 != 0 || !aligned(of.W) || !aligned(of.x))
        return launchBehind(denseProductAnywhereKernel<kTokens>, gridOf(of.rows, 1), stream, of);
    if (of.rows >= kManyRows)
        return launchBehind(denseProductKernel<kTokens, 4>, gridOf(of.rows, 4), stream, of);
    return launchBehind(denseProductKernel<kTokens, 1>, gridOf(of.rows, 1), stream, of);
}

} // namespace

Result<void> denseProduct(const Half* W, std::size_t rows, std::size_t cols, const float* x,
                          std::size_t n, float* y, std::size_t yStride, const Stream& stream)
{
    BS_ASSERT(n >= 1 && n <= kDenseTokens);
    if (rows == 0) return {};
    const DenseArguments of{W,
                            x,
                            y,
                            yStride,
                            static_cast<std::uint32_t>(rows),
                            static_cast<std::uint32_t>(cols),
                            static_cast<std::uint32_t>(n)};
    if (n == 1) return multiply<1>(of, stream);
    if (n == 2) return multiply<2>(of, stream);
    if (n <= 4) return multiply<4>(of, stream);
    return multiply<8>(of, stream);
}

} // namespace bs::gpu
