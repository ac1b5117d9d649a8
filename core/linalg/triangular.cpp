#include "core/linalg/triangular.h"

#include "core/linalg/blas.h"

#include <cblas.h>

namespace bs {

void solveUnitUpper(const float* A, std::size_t stride, std::size_t n, float* X, std::size_t count)
{
    useOneBlasThread();
    cblas_strsm(CblasRowMajor, CblasRight, CblasUpper, CblasNoTrans, CblasUnit, static_cast<int>(count),
                static_cast<int>(n), 1.0F, A, static_cast<int>(stride), X, static_cast<int>(n));
}

} // namespace bs
