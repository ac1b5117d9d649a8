#pragma once

#include "core/base/thread_pool.h"
#include "core/tensor/dtype.h"

#include <cstddef>
#include <vector>

namespace bs {

/// A weight matrix as a file stores it: rows one after another, each in the type's blocks.
struct DenseView
{
    DType dtype = DType::F32;
    std::size_t rows = 0;
    std::size_t cols = 0; ///< a multiple of the type's blockElements
    const std::byte* data = nullptr;
};

/// y [n, rows] = x [n, cols] W^T, multiplied in place: for few rows of x by dot products with the stored
/// rows, for many by tiles turned to f32 and a GEMM. Each y is computed by one thread in an order that
/// does not depend on the number of threads.
void multiply(const DenseView& W, const float* x, std::size_t n, float* y, ThreadPool& pool);

/// One row as f32 (embedding look-up).
void denseRow(const DenseView& W, std::size_t row, float* values);

/// C [m, n] = A [m, k] B [n, k]^T, f32 row-major with leading dimensions; OpenBLAS on the calling thread.
void gemmNT(std::size_t m, std::size_t n, std::size_t k, const float* A, std::size_t lda, const float* B,
            std::size_t ldb, float* C, std::size_t ldc);

} // namespace bs
