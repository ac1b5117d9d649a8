#pragma once

#include "core/base/result.h"

#include <cuda_runtime.h>

namespace bs::gpu {

/// What a refused call means for the one who asked: `what` says what was tried.
Error cudaErrorOf(cudaError_t error, const char* what);
/// The same for any call: nothing if it went well.
Result<void> cudaResult(cudaError_t error, const char* what);

} // namespace bs::gpu
