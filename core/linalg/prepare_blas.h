#pragma once

namespace bs {

/// Has OpenBLAS start no threads and take the widest kernels. Both are settled when the library is loaded, by the environment, so the program
/// starts itself once more with OPENBLAS_NUM_THREADS and OPENBLAS_CORETYPE set; does nothing where they are set already or starting again fails.
///
/// Threads: all our products run on one (useOneBlasThread), and those it starts all the same never end where their memory is refused
/// (`ulimit -v`): then neither does the program.
///
/// Kernels: OpenBLAS as Debian 12 has it (0.3.21) knows no processor that is younger than itself: on AMD ones with AVX-512 it takes its AVX2 kernels (matrix
/// products run at 90 instead of 130 to 177 GFLOP/s a core of an AMD EPYC, family 26), on Intel's fourth Xeons and later those of SSE3.
void prepareBlas(char** argv);

} // namespace bs
