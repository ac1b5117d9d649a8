#pragma once

#include "gpu/device/runtime.h"
#include "gpu/kernels/cuda.h"

#include <cstddef>

namespace bs::gpu {

/// Tokens that one product takes at most; more are a matter of a GEMM.
inline constexpr std::size_t kDenseTokens = 8;

/// y [n, yStride] = x [n, cols] times the transposed W [rows, cols]: rows of y in [0, rows). 1 <= n
/// <= kDenseTokens; W is read once, in any case. Fast where cols is a multiple of 8 and W and x are
/// aligned to 16 bytes. The same to the bit each time. W is read while the kernel in front may
/// still run, so it must not come from that one.
Result<void> denseProduct(const Half* W, std::size_t rows, std::size_t cols, const float* x,
                          std::size_t n, float* y, std::size_t yStride, const Stream& stream);

} // namespace bs::gpu
