#include "gpu/device/gemm.h"

#include "core/linalg/blas.h"
#include "gpu/emulation/streams.h"

#include <cblas.h>

namespace bs::gpu {

Result<Gemm> Gemm::create(const Stream& stream)
{
    Gemm gemm;
    gemm.m_handle = stream.handle();
    return Result<Gemm>(std::move(gemm));
}

Gemm::~Gemm() = default;

Result<void> Gemm::multiply(const Half* W, std::size_t rows, std::size_t cols, const Half* x,
                            std::size_t n, const float* scale, float* y, std::size_t yStride) const
{
    return emulation::queue(m_handle, [=]() -> Result<void> {
        BS_ASSERT(scale[1] == 0.0F);
        for (std::size_t t = 0; t < n; ++t)
            for (std::size_t i = 0; i < rows; ++i) {
                float sum = 0;
                for (std::size_t j = 0; j < cols; ++j)
                    sum += toFloat(W[i * cols + j]) * toFloat(x[t * cols + j]);
                y[t * yStride + i] = *scale * sum;
            }
        return {};
    });
}

Result<void> Gemm::product(std::size_t m, std::size_t n, std::size_t k, float alpha,
                           const Operand& A, const Operand& B, float beta, float* C,
                           std::size_t cStride) const
{
    useOneBlasThread();
    return emulation::queue(m_handle, [=]() -> Result<void> {
        const auto size = [](std::size_t value) { return static_cast<blasint>(value); };
        const auto form = [](const Operand& x) { return x.transposed ? CblasTrans : CblasNoTrans; };
        cblas_sgemm(CblasRowMajor, form(A), form(B), size(m), size(n), size(k), alpha, A.values,
                    size(A.stride), B.values, size(B.stride), beta, C, size(cStride));
        return {};
    });
}

} // namespace bs::gpu
