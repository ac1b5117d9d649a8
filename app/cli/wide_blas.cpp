#include "app/cli/wide_blas.h"

#include <cstdlib>
#include <unistd.h>

namespace bs::cli {

void preferWideBlas(char** argv)
{
    constexpr const char* kVariable = "OPENBLAS_CORETYPE";
    __builtin_cpu_init();
    const bool wide = __builtin_cpu_is("amd") && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    if (!wide || std::getenv(kVariable) != nullptr) // NOLINT(concurrency-mt-unsafe): the first thing main does
        return;
    if (setenv(kVariable, "SkylakeX", 1) == 0) // NOLINT(concurrency-mt-unsafe)
        execv("/proc/self/exe", argv);
}

} // namespace bs::cli
