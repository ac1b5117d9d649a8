#include "core/linalg/prepare_blas.h"

#include "core/linalg/blas.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <unistd.h>

namespace bs {

namespace {

/// Names of what OpenBLAS has kernels for, and which of them it should take where it has taken another.
struct Width
{
    std::array<std::string_view, 4> enough;
    const char* other;

    bool has(std::string_view name) const
    {
        for (const std::string_view one : enough)
            if (one == name)
                return true;
        return false;
    }
};

constexpr Width kAvx512{{"SkylakeX", "Cooperlake", "SapphireRapids", "Zen4"}, "SkylakeX"};
constexpr Width kAvx2{{"Haswell", "Zen", "Excavator", "SkylakeX"}, "Haswell"};

/// nullptr: what it has taken is as wide as the processor.
const char* widerKernels()
{
    __builtin_cpu_init();
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                        __builtin_cpu_supports("avx512vl");
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (!avx2)
        return nullptr;
    const Width& wanted = avx512 ? kAvx512 : kAvx2;
    return wanted.has(blasKernels()) ? nullptr : wanted.other;
}

/// Whether it was not set and is now.
bool setFirst(const char* variable, const char* value)
{
    // NOLINTNEXTLINE(concurrency-mt-unsafe): the first thing main does
    return value != nullptr && std::getenv(variable) == nullptr && setenv(variable, value, 1) == 0;
}

} // namespace

void prepareBlas(char** argv)
{
    const bool threads = setFirst("OPENBLAS_NUM_THREADS", "1");
    const bool kernels = setFirst("OPENBLAS_CORETYPE", widerKernels());
    if (!threads && !kernels)
        return;
    // By its own name, which is what the system shows of it.
    std::error_code failed;
    const std::string self = std::filesystem::read_symlink("/proc/self/exe", failed).string();
    if (!failed)
        execv(self.c_str(), argv);
}

} // namespace bs
