#pragma once

namespace bs {

/// Tells OpenBLAS to stay on the calling thread, once; the pool of core/base is what splits work.
/// Everything that calls BLAS or LAPACK does this first. Throws std::bad_alloc where there is no room for the
/// thread's buffers. Thread-safe.
void useOneBlasThread();

/// Processor whose kernels OpenBLAS has chosen, as it calls it: "SkylakeX".
const char* blasKernels();

} // namespace bs
