#pragma once

namespace bs::cli {

/// OpenBLAS as Debian 12 has it (0.3.21) does not know AMD processors with AVX-512 and takes its AVX2 kernels there: matrix products
/// run at 90 instead of 130 to 177 GFLOP/s a core (AMD EPYC, family 26). The kernels are chosen when the library is loaded, so the program
/// starts itself once more with OPENBLAS_CORETYPE set. Does nothing on other processors, where the variable is set already, or where
/// starting again fails.
void preferWideBlas(char** argv);

} // namespace bs::cli
