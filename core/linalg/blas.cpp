#include "core/linalg/blas.h"

#include <cblas.h>

#include <cstddef>
#include <mutex>
#include <new>

#include <sys/mman.h>

namespace bs {

namespace {

/// Of address space, which OpenBLAS takes for a thread's first product; where it is refused (`ulimit -v`) it would ask for it for ever.
constexpr std::size_t kBlasBytes = 136'000'000; // 134,225,920 of version 0.3.21

} // namespace

void useOneBlasThread()
{
    static std::once_flag once;
    std::call_once(once, [] { openblas_set_num_threads(1); });
    thread_local bool hasRoom = false;
    if (hasRoom)
        return;
    void* const room = ::mmap(nullptr, kBlasBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED)
        throw std::bad_alloc();
    ::munmap(room, kBlasBytes);
    hasRoom = true;
}

const char* blasKernels()
{
    return openblas_get_corename();
}

} // namespace bs
