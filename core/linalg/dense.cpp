#include "core/linalg/dense.h"

#include "core/base/result.h"
#include "core/linalg/blas.h"
#include "core/linalg/cpu/kernels.h"
#include "core/tensor/block_formats.h"

#include <cblas.h>

#include <algorithm>

namespace bs {

namespace {

/// Up to this many rows of x each is multiplied by dot products with the stored rows.
constexpr std::size_t kDotRows = 4;
/// Rows of W turned to f32 at a time for the GEMM. Fixed, so that results do not depend on threads.
constexpr std::size_t kTileRows = 96;

std::size_t rowBytes(const DenseView& W)
{
    const DTypeInfo& info = infoOf(W.dtype);
    return W.cols / info.blockElements * info.blockBytes;
}

const std::byte* rowAt(const DenseView& W, std::size_t row)
{
    return W.data + row * rowBytes(W);
}

using DotStored = float (*)(const void* w, const float* x, std::size_t n);

/// The kernel that multiplies rows as stored, or null if they are turned to f32 first.
DotStored dotFor(DType type)
{
    const Kernels& table = kernels();
    switch (type) {
    case DType::F16:
        return table.dotF16;
    case DType::BF16:
        return table.dotBF16;
    case DType::Q4_0:
        return table.dotQ4_0;
    case DType::Q4_1:
        return table.dotQ4_1;
    case DType::Q5_0:
        return table.dotQ5_0;
    case DType::Q5_1:
        return table.dotQ5_1;
    case DType::Q8_0:
        return table.dotQ8_0;
    default:
        return nullptr;
    }
}

/// `count` rows as f32 in `space`, or in place if they are f32 already (and aligned as floats).
const float* floatRows(const DenseView& W, std::size_t first, std::size_t count,
                       std::vector<float>& space)
{
    const std::byte* from = rowAt(W, first);
    if (W.dtype == DType::F32 && reinterpret_cast<std::uintptr_t>(from) % alignof(float) == 0)
        return reinterpret_cast<const float*>(from);
    space.resize(std::max(space.size(), count * W.cols));
    if (W.dtype == DType::F16)
        kernels().halfToFloat(reinterpret_cast<const std::uint16_t*>(from), space.data(),
                              count * W.cols);
    else
        toFloat(W.dtype, from, count * W.cols, space.data());
    return space.data();
}

void multiplyByDots(const DenseView& W, const float* x, std::size_t n, float* y, ThreadPool& pool)
{
    const DotStored dotStored = dotFor(W.dtype);
    pool.parallelRanges(W.rows, 16, [&](std::size_t begin, std::size_t end) {
        std::vector<float> space;
        for (std::size_t i = begin; i < end; ++i) {
            const float* row = dotStored == nullptr ? floatRows(W, i, 1, space) : nullptr;
            for (std::size_t t = 0; t < n; ++t) {
                const float* xt = x + t * W.cols;
                y[t * W.rows + i] = row != nullptr ? kernels().dot(row, xt, W.cols)
                                                   : dotStored(rowAt(W, i), xt, W.cols);
            }
        }
    });
}

void multiplyByTiles(const DenseView& W, const float* x, std::size_t n, float* y, ThreadPool& pool)
{
    const std::size_t tiles = (W.rows + kTileRows - 1) / kTileRows;
    pool.parallelFor(tiles, [&](std::size_t tile) {
        thread_local std::vector<float> space;
        const std::size_t first = tile * kTileRows;
        const std::size_t count = std::min(kTileRows, W.rows - first);
        const float* rows = floatRows(W, first, count, space);
        gemmNT(n, count, W.cols, x, W.cols, rows, W.cols, y + first, W.rows);
    });
}

} // namespace

void multiply(const DenseView& W, const float* x, std::size_t n, float* y, ThreadPool& pool)
{
    BS_ASSERT(isWeightType(W.dtype) && W.cols % infoOf(W.dtype).blockElements == 0);
    if (n <= kDotRows)
        multiplyByDots(W, x, n, y, pool);
    else
        multiplyByTiles(W, x, n, y, pool);
}

void denseRow(const DenseView& W, std::size_t row, float* values)
{
    BS_ASSERT(row < W.rows);
    toFloat(W.dtype, rowAt(W, row), W.cols, values);
}

void gemmNT(std::size_t m, std::size_t n, std::size_t k, const float* A, std::size_t lda,
            const float* B, std::size_t ldb, float* C, std::size_t ldc)
{
    useOneBlasThread();
    const auto size = [](std::size_t value) { return static_cast<blasint>(value); };
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, size(m), size(n), size(k), 1.0F, A,
                size(lda), B, size(ldb), 0.0F, C, size(ldc));
}

} // namespace bs
