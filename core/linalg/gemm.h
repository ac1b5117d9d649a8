#pragma once

#include "core/base/thread_pool.h"

#include <cstddef>

namespace bs {

/// What a product does with what C holds already.
enum class Into { Replace, Add };

/// C [m, n] = A [m, k] B [k, n], f32 row-major with leading dimensions; on the calling thread.
void gemmNN(std::size_t m, std::size_t n, std::size_t k, const float* A, std::size_t lda,
            const float* B, std::size_t ldb, float* C, std::size_t ldc, Into into);

/// C [m, n] = A^T B of A [k, m], B [k, n]; on the calling thread.
void gemmTN(std::size_t m, std::size_t n, std::size_t k, const float* A, std::size_t lda,
            const float* B, std::size_t ldb, float* C, std::size_t ldc, Into into);

/// y [n, cols] = x [n, rows] W of W [rows, cols]: what a linear's gradient at its output is at its
/// input. Results do not depend on the number of threads.
void multiplyTransposed(const float* W, std::size_t rows, std::size_t cols, const float* x,
                        std::size_t n, float* y, Into into, ThreadPool& pool);

} // namespace bs
