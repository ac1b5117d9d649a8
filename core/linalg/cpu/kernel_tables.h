#pragma once

// Included by the instruction-set islands, as kernels.h.
#include "core/linalg/cpu/kernels.h"

namespace bs {

/// The tables themselves, constant-initialised; only kernels.cpp may pick among them.
extern const Kernels kScalarKernels;
extern const Kernels kAvx2Kernels; ///< needs AVX2, FMA and F16C

} // namespace bs
