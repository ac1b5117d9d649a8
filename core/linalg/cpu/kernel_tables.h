#pragma once

// Included by the instruction-set islands, as kernels.h.
#include "core/linalg/cpu/kernels.h"

namespace bs {

/// The tables themselves, constant-initialised; only kernels.cpp may pick among them.
extern const Kernels kScalarKernels;
extern const Kernels kAvx2Kernels; ///< needs AVX2, FMA and F16C

/// AVX2's as well: its gathers are no faster than loads one by one, and much slower on processors that are protected from GDS.
void scalarGather(const float* x, const std::uint16_t* at, const float* scale, std::size_t n, float* y);

} // namespace bs
