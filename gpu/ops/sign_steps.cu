#include "gpu/kernels/launch.h"
#include "gpu/kernels/sign_steps.cuh"
#include "gpu/ops/sign_steps.h"

#include <algorithm>

namespace bs::gpu {

namespace {

/// A thread for each of `count`.
Grid threadsFor(std::size_t count)
{
    return {dim3(static_cast<unsigned>((count + kSignThreads - 1) / kSignThreads)),
            dim3(kSignThreads)};
}

} // namespace

Result<void> takeSigns(const float* R, float* S, std::size_t count, const Stream& stream)
{
    return launch(takeSignsKernel, threadsFor(count), stream, R, S, count);
}

Result<void> magnitudesOf(const float* R, const float* weight, float* A, std::size_t count,
                          std::size_t n, const Stream& stream)
{
    return launch(magnitudesKernel, threadsFor(count), stream, R, weight, A, count,
                  static_cast<std::uint32_t>(n));
}

Result<void> signedError(const float* R, const float* S, const float* M, float* out,
                         std::size_t count, const Stream& stream)
{
    return launch(signedErrorKernel, threadsFor(count), stream, R, S, M, out, count);
}

Result<void> signedGradient(const float* S, const float* E, const float* power, float damping,
                            float* G, std::size_t count, std::size_t n, const Stream& stream)
{
    return launch(signedGradientKernel, threadsFor(count), stream, S, E, power, damping, G, count,
                  static_cast<std::uint32_t>(n));
}

Result<void> packSigns(const float* S, const std::uint32_t* place, std::uint8_t* packed,
                       std::size_t count, std::size_t n, const Stream& stream)
{
    return launch(packSignsKernel, threadsFor(count / 8), stream, S, place, packed, count,
                  static_cast<std::uint32_t>(n));
}

std::size_t dotBlocks(std::size_t count)
{
    return std::min(threadsFor(count).blocks.x, kSumBlocks);
}

Result<void> dotShares(const float* a, const float* b, std::size_t count, double* sums,
                       const Stream& stream)
{
    return launch(dotKernel, {dim3(static_cast<unsigned>(dotBlocks(count))), dim3(kSignThreads)},
                  stream, a, b, count, sums);
}

Result<void> chooseSigns(const SignPanel& panel, const Stream& stream)
{
    const Grid grid{dim3((panel.rows + kSignRows - 1) / kSignRows), dim3(kSignRows),
                    kSignPanelBytes};
    return launch(chooseSignsKernel, grid, stream, panel);
}

std::size_t columnStepBlocks(std::size_t rows)
{
    return threadsFor(rows).blocks.x;
}

Result<void> refitColumn(const ColumnStep& step, const Stream& stream)
{
    Grid grid = threadsFor(step.rows);
    grid.sharedBytes = columnStepBytes(step.k);
    return launch(refitColumnKernel, grid, stream, step);
}

} // namespace bs::gpu
