#pragma once

#include "core/base/result.h"
#include "gpu/device/runtime.h"
#include "gpu/kernels/cuda.h"

#include <cstddef>
#include <utility>

namespace bs::gpu {

/// Products of whole matrices: cuBLAS on a card, the processor's in the emulation. Belongs to a
/// stream.
class Gemm
{
public:
    Gemm() = default;
    /// Errors: Unsupported (cuBLAS cannot be used: its words).
    static Result<Gemm> create(const Stream& stream);
    Gemm(Gemm&& other) noexcept { *this = std::move(other); }
    Gemm& operator=(Gemm&& other) noexcept
    {
        std::swap(m_handle, other.m_handle);
        return *this;
    }
    ~Gemm();

    /// y [n, yStride] f32 = *scale times x [n, cols] f16 times the transposed W [rows, cols] f16,
    /// sums in f32; `scale` lies on the device, a zero behind it. Columns [rows, yStride) of y stay
    /// as they are.
    Result<void> multiply(const Half* W, std::size_t rows, std::size_t cols, const Half* x,
                          std::size_t n, const float* scale, float* y, std::size_t yStride) const;

    /// f32, row-major: `values` with `stride` from row to row, or its transpose.
    struct Operand
    {
        const float* values;
        std::size_t stride;
        bool transposed = false;
    };
    /// C [m, n] = alpha A [m, k] B [k, n] + beta C, in f32 throughout; A, B as they are after
    /// transposing.
    Result<void> product(std::size_t m, std::size_t n, std::size_t k, float alpha, const Operand& A,
                         const Operand& B, float beta, float* C, std::size_t cStride) const;

private:
    void* m_handle = nullptr;
};

} // namespace bs::gpu
