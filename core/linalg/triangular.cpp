#include "core/linalg/triangular.h"

#include "core/linalg/blas.h"

extern "C" void strtri_(const char* uplo, const char* diagonal, const int* n, float* a, const int* lda, int* info);

namespace bs {

void invertUnitUpper(float* A, std::size_t n)
{
    useOneBlasThread();
    const int order = static_cast<int>(n);
    int info = 0;
    strtri_("L", "U", &order, A, &order, &info); // columns first: lower is our upper; a unit diagonal cannot fail
}

} // namespace bs
