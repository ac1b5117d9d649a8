#include "gpu/device/gemm.h"

#include <cublas_v2.h>

#include <string>

namespace bs::gpu {

namespace {

Result<void> blasResult(cublasStatus_t status, const char* what)
{
    if (status == CUBLAS_STATUS_SUCCESS) return {};
    const ErrorCode code =
        status == CUBLAS_STATUS_ALLOC_FAILED ? ErrorCode::Memory
        : status == CUBLAS_STATUS_NOT_INITIALIZED || status == CUBLAS_STATUS_ARCH_MISMATCH
            ? ErrorCode::Unsupported
            : ErrorCode::Internal;
    return Error{code, std::string(what) + ": " + cublasGetStatusString(status)};
}

Result<void> scalesOn(void* handle, cublasPointerMode_t side)
{
    return blasResult(cublasSetPointerMode(static_cast<cublasHandle_t>(handle), side),
                      "setting up cuBLAS");
}

} // namespace

Result<Gemm> Gemm::create(const Stream& stream)
{
    Gemm gemm;
    cublasHandle_t handle = nullptr;
    BS_CHECK(blasResult(cublasCreate(&handle), "starting cuBLAS"));
    gemm.m_handle = handle;
    BS_CHECK(blasResult(cublasSetStream(handle, static_cast<cudaStream_t>(stream.handle())),
                        "giving cuBLAS a stream"));
    return Result<Gemm>(std::move(gemm));
}

Gemm::~Gemm()
{
    if (m_handle != nullptr) cublasDestroy(static_cast<cublasHandle_t>(m_handle));
}

Result<void> Gemm::multiply(const Half* W, std::size_t rows, std::size_t cols, const Half* x,
                            std::size_t n, const float* scale, float* y, std::size_t yStride) const
{
    // To cuBLAS, which counts down columns, y is [rows, n], W [cols, rows] and x [cols, n]. With
    // the scale on the device, so must be what it adds to: zero lies behind the scale.
    const auto size = [](std::size_t value) { return static_cast<int>(value); };
    BS_CHECK(scalesOn(m_handle, CUBLAS_POINTER_MODE_DEVICE));
    return blasResult(cublasGemmEx(static_cast<cublasHandle_t>(m_handle), CUBLAS_OP_T, CUBLAS_OP_N,
                                   size(rows), size(n), size(cols), scale, W, CUDA_R_16F,
                                   size(cols), x, CUDA_R_16F, size(cols), scale + 1, y, CUDA_R_32F,
                                   size(yStride), CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT),
                      "a matrix product");
}

Result<void> Gemm::product(std::size_t m, std::size_t n, std::size_t k, float alpha,
                           const Operand& A, const Operand& B, float beta, float* C,
                           std::size_t cStride) const
{
    // To cuBLAS, which counts down columns, all are transposed: C^T = B^T A^T.
    const auto size = [](std::size_t value) { return static_cast<int>(value); };
    const auto form = [](const Operand& x) { return x.transposed ? CUBLAS_OP_T : CUBLAS_OP_N; };
    BS_CHECK(scalesOn(m_handle, CUBLAS_POINTER_MODE_HOST));
    return blasResult(cublasSgemm(static_cast<cublasHandle_t>(m_handle), form(B), form(A), size(n),
                                  size(m), size(k), &alpha, B.values, size(B.stride), A.values,
                                  size(A.stride), &beta, C, size(cStride)),
                      "a matrix product in f32");
}

} // namespace bs::gpu
