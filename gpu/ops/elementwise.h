#pragma once

#include "gpu/device/runtime.h"
#include "gpu/kernels/cuda.h"

#include <cstddef>
#include <cstdint>

namespace bs::gpu {

/// gate [count] = gate / (1 + exp(-gate)) * up [count]
Result<void> swiglu(float* gate, const float* up, std::size_t count, const Stream& stream);

/// to [count] = from [count], rounded to nearest even: what is too large becomes infinity, NaN
/// stays NaN.
Result<void> toHalves(const float* from, Half* to, std::size_t count, const Stream& stream);

/// out [n, width] = rows tokens [n] of matrix [.., width]; tokens lie on the device and are rows
/// that the matrix has.
Result<void> gatherRows(const Half* matrix, const std::int32_t* tokens, std::size_t n,
                        std::size_t width, float* out, const Stream& stream);

} // namespace bs::gpu
