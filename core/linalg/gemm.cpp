#include "core/linalg/gemm.h"

#include "core/linalg/blas.h"

#include <cblas.h>

#include <algorithm>

namespace bs {

namespace {

/// Rows of x that are one piece of work: each prepares all of W for the GEMM, which larger pieces
/// do less often (7 % of the time at 128). Fixed, so that results do not depend on threads.
constexpr std::size_t kPieceRows = 256;

blasint blasSize(std::size_t value)
{
    return static_cast<blasint>(value);
}

struct Operand
{
    const float* values;
    std::size_t stride;
};

void gemm(CBLAS_TRANSPOSE transposeA, std::size_t m, std::size_t n, std::size_t k, Operand A,
          Operand B, float* C, std::size_t ldc, Into into)
{
    useOneBlasThread();
    cblas_sgemm(CblasRowMajor, transposeA, CblasNoTrans, blasSize(m), blasSize(n), blasSize(k), 1.0F,
                A.values, blasSize(A.stride), B.values, blasSize(B.stride),
                into == Into::Add ? 1.0F : 0.0F, C, blasSize(ldc));
}

} // namespace

void gemmNN(std::size_t m, std::size_t n, std::size_t k, const float* A, std::size_t lda,
            const float* B, std::size_t ldb, float* C, std::size_t ldc, Into into)
{
    gemm(CblasNoTrans, m, n, k, {A, lda}, {B, ldb}, C, ldc, into);
}

void gemmTN(std::size_t m, std::size_t n, std::size_t k, const float* A, std::size_t lda,
            const float* B, std::size_t ldb, float* C, std::size_t ldc, Into into)
{
    gemm(CblasTrans, m, n, k, {A, lda}, {B, ldb}, C, ldc, into);
}

void multiplyTransposed(const float* W, std::size_t rows, std::size_t cols, const float* x,
                        std::size_t n, float* y, Into into, ThreadPool& pool)
{
    pool.parallelFor((n + kPieceRows - 1) / kPieceRows, [&](std::size_t piece) {
        const std::size_t first = piece * kPieceRows;
        gemmNN(std::min(kPieceRows, n - first), cols, rows, x + first * rows, rows, W, cols,
               y + first * cols, cols, into);
    });
}

} // namespace bs
