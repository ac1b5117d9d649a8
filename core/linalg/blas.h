#pragma once

namespace bs {

/// Tells OpenBLAS to stay on the calling thread, once; the pool of core/base is what splits work.
/// Everything that calls BLAS or LAPACK does this first. Thread-safe.
void useOneBlasThread();

/// Processor whose kernels OpenBLAS has chosen, as it calls it: "SkylakeX".
const char* blasKernels();

} // namespace bs
