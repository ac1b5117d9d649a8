#include "gpu/device/gemm.h"

namespace bs::gpu {

Result<Gemm> Gemm::create(const Stream&)
{
    return Result<Gemm>(Gemm());
}

Gemm::~Gemm() = default;

Result<void> Gemm::multiply(const Half* W, std::size_t rows, std::size_t cols, const Half* x,
                            std::size_t n, const float* scale, float* y, std::size_t yStride) const
{
    BS_ASSERT(scale[1] == 0.0F);
    for (std::size_t t = 0; t < n; ++t)
        for (std::size_t i = 0; i < rows; ++i) {
            float sum = 0;
            for (std::size_t j = 0; j < cols; ++j)
                sum += toFloat(W[i * cols + j]) * toFloat(x[t * cols + j]);
            y[t * yStride + i] = *scale * sum;
        }
    return {};
}

} // namespace bs::gpu
