#include "core/linalg/symmetric.h"

#include "core/linalg/blas.h"

#include <cblas.h>

#include <algorithm>
#include <string>

extern "C" void spotrf_(const char* uplo, const int* n, float* a, const int* lda, int* info);

namespace bs {

namespace {

constexpr std::size_t kTileRows = 96;

} // namespace

void addGram(const float* X, std::size_t n, std::size_t cols, float* C, ThreadPool& pool)
{
    useOneBlasThread();
    const auto size = [](std::size_t value) { return static_cast<blasint>(value); };
    pool.parallelFor((cols + kTileRows - 1) / kTileRows, [&](std::size_t tile) {
        const std::size_t first = tile * kTileRows;
        const std::size_t count = std::min(kTileRows, cols - first);
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, size(count), size(first + count),
                    size(n), 1.0F, X + first, size(cols), X, size(cols), 1.0F, C + first * cols,
                    size(cols));
    });
}

void mirrorLower(float* A, std::size_t n)
{
    constexpr std::size_t kSquare = 32; // both sides of a square stay in the first cache
    for (std::size_t top = 0; top < n; top += kSquare)
        for (std::size_t left = 0; left <= top; left += kSquare)
            for (std::size_t i = top; i < std::min(n, top + kSquare); ++i)
                for (std::size_t j = left; j < std::min(i, left + kSquare); ++j)
                    A[j * n + i] = A[i * n + j];
}

Result<void> choleskyLower(std::span<float> A, std::size_t n)
{
    BS_ASSERT(A.size() == n * n);
    useOneBlasThread();
    const int order = static_cast<int>(n);
    int info = 0;
    spotrf_("U", &order, A.data(), &order, &info); // columns first: upper is our lower
    if (info != 0)
        return Error{ErrorCode::Numeric, "matrix of " + std::to_string(n) + " x " +
                                             std::to_string(n) + " is not positive definite (row " +
                                             std::to_string(info - 1) + ")"};
    return {};
}

} // namespace bs
