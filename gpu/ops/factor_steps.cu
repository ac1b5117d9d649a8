#include "gpu/kernels/factor_steps.cuh"
#include "gpu/kernels/launch.h"
#include "gpu/ops/factor_steps.h"

#include <algorithm>

namespace bs::gpu {

namespace {

/// Rows that one launch can have.
constexpr std::size_t kMostRows = 65535;

dim3 acrossOf(std::size_t count, std::size_t rows = 1)
{
    return {static_cast<unsigned>((count + kStepThreads - 1) / kStepThreads),
            static_cast<unsigned>(rows)};
}

std::uint32_t size(std::size_t value)
{
    return static_cast<std::uint32_t>(value);
}

} // namespace

Result<void> copyPart(const float* from, std::size_t fromStride, float* to, std::size_t toStride,
                      std::size_t rows, std::size_t cols, const Stream& stream)
{
    if (cols == 0) return {};
    for (std::size_t first = 0; first < rows; first += kMostRows)
        BS_CHECK(launch(
            copyPartKernel,
            {acrossOf(cols, std::min(kMostRows, rows - first)), dim3(kStepThreads)}, stream,
            PartOfMatrix{const_cast<float*>(from) + first * fromStride, fromStride},
            PartOfMatrix{to + first * toStride, toStride}, size(cols)));
    return {};
}

Result<void> addToDiagonal(float* A, const float* added, std::size_t n, const Stream& stream)
{
    return launch(addToDiagonalKernel, {acrossOf(n), dim3(kStepThreads)}, stream, A, added,
                  size(n));
}

Result<void> scaleUpper(float* A, const float* factor, std::size_t n, const Stream& stream)
{
    BS_ASSERT(n <= kMostRows);
    return launch(scaleUpperKernel, {acrossOf(n, n), dim3(kStepThreads)}, stream, A, factor,
                  size(n));
}

Result<void> weightedSquares(const float* A, const float* weight, std::size_t n, float* sums,
                             const Stream& stream)
{
    return launch(weightedSquaresKernel, {dim3(size(n)), dim3(kStepThreads)}, stream, A, weight,
                  size(n), sums);
}

} // namespace bs::gpu
