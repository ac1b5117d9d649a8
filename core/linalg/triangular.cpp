#include "core/linalg/triangular.h"

#include "core/linalg/blas.h"

#include <cblas.h>

extern "C" void strtri_(const char* uplo, const char* diagonal, const int* n, float* a, const int* lda, int* info);

namespace bs {

void invertUnitUpper(float* A, std::size_t n)
{
    useOneBlasThread();
    const int order = static_cast<int>(n);
    int info = 0;
    strtri_("L", "U", &order, A, &order, &info); // columns first: lower is our upper; a unit diagonal cannot fail
}

void addProductTN(std::size_t m, std::size_t n, std::size_t k, const float* A, std::size_t lda, const float* B, std::size_t ldb,
                  float* C, std::size_t ldc)
{
    useOneBlasThread();
    const auto size = [](std::size_t value) { return static_cast<blasint>(value); };
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, size(m), size(n), size(k), 1.0F, A, size(lda), B, size(ldb), 1.0F, C,
                size(ldc));
}

} // namespace bs
