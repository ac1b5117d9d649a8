#pragma once

namespace bs {

/// OpenBLAS as Debian 12 has it (0.3.21) knows no processor that is younger than itself: on AMD ones with AVX-512 it takes its AVX2 kernels (matrix
/// products run at 90 instead of 130 to 177 GFLOP/s a core of an AMD EPYC, family 26), on Intel's fourth Xeons and later those of SSE3. The kernels are
/// chosen when the library is loaded, so the program starts itself once more with OPENBLAS_CORETYPE set. Does nothing where they are as
/// wide as the processor, where the variable is set already, or where starting again fails.
void preferWideBlas(char** argv);

} // namespace bs
