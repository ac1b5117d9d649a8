#include "gpu/kernels/factor_steps.cuh"
#include "gpu/kernels/launch.h"
#include "gpu/ops/factor_steps.h"

namespace bs::gpu {

namespace {

/// Rows can be more than a grid's second dimension takes.
dim3 blocksOf(std::size_t rows, std::size_t cols)
{
    return {static_cast<unsigned>(rows),
            static_cast<unsigned>((cols + kStepThreads - 1) / kStepThreads)};
}

std::uint32_t size(std::size_t value)
{
    return static_cast<std::uint32_t>(value);
}

} // namespace

Result<void> copyPart(const float* from, std::size_t fromStride, float* to, std::size_t toStride,
                      std::size_t rows, std::size_t cols, const Stream& stream)
{
    if (rows == 0 || cols == 0) return {};
    return launch(copyPartKernel, {blocksOf(rows, cols), dim3(kStepThreads)}, stream,
                  PartOfMatrix{const_cast<float*>(from), fromStride}, PartOfMatrix{to, toStride},
                  size(cols));
}

Result<void> addToDiagonal(float* A, const float* added, std::size_t n, const Stream& stream)
{
    return launch(addToDiagonalKernel, {blocksOf((n + kStepThreads - 1) / kStepThreads, 1), dim3(kStepThreads)}, stream, A, added,
                  size(n));
}

Result<void> scaleUpper(float* A, const float* factor, std::size_t n, const Stream& stream)
{
    return launch(scaleUpperKernel, {blocksOf(n, n), dim3(kStepThreads)}, stream, A, factor,
                  size(n));
}

Result<void> weightedSquares(const float* A, const float* weight, std::size_t n, float* sums,
                             const Stream& stream)
{
    return launch(weightedSquaresKernel, {dim3(size(n)), dim3(kStepThreads)}, stream, A, weight,
                  size(n), sums);
}

} // namespace bs::gpu
