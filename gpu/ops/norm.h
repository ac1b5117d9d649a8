#pragma once

#include "gpu/device/runtime.h"

#include <cstddef>

namespace bs::gpu {

/// hidden [n, width] += delta [n, width] (nullptr: nothing), then normed [n, width] = its rows' RMS
/// norm times weight [width]. One pass: a block of threads keeps its row in registers. `weight`
/// is read while the kernel in front may still run, so it must not come from that one.
Result<void> addAndNorm(float* hidden, const float* delta, const float* weight, float epsilon,
                        std::size_t n, std::size_t width, float* normed, const Stream& stream);

/// hidden [count] += delta [count]
Result<void> addTo(float* hidden, const float* delta, std::size_t count, const Stream& stream);

} // namespace bs::gpu
