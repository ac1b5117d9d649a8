#include "app/cli/version_text.h"

#include "core/base/thread_pool.h"
#include "core/jobs/version.h"
#include "core/linalg/blas.h"
#include "core/linalg/cpu/kernels.h"

namespace bs::cli {

std::string cpuName(int threads)
{
    return "cpu (" + std::string(kernels().name) + ", " +
           std::to_string(threads > 0 ? threads : availableCores()) + " threads)";
}

std::string versionText()
{
    return "bitstack " + std::string(programVersion()) + "\ncommit: " + programCommit() +
           "\nkernels: " + kernels().name + "\nmatrix products: OpenBLAS, " + blasKernels() +
           "\ndevice: " + cpuName(0);
}

} // namespace bs::cli
