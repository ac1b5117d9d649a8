#include "core/linalg/cpu/kernels.h"

#include "core/base/log.h"
#include "core/linalg/cpu/kernel_tables.h"
#include "core/linalg/cpu/kernels_avx512.h"

#include <array>
#include <atomic>
#include <cstdlib>
#include <string>
#include <string_view>

#include <cpuid.h>

namespace bs {

namespace {

/// Clang 14 has no name for this one in __builtin_cpu_supports.
bool hasF16c()
{
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
    return __get_cpuid(1, &eax, &ebx, &ecx, &edx) != 0 && (ecx & bit_F16C) != 0;
}

struct TableList
{
    std::array<const Kernels*, 3> tables{};
    std::size_t count = 0;

    void add(const Kernels& table) { tables[count++] = &table; }
};

/// AVX2's table with what AVX-512 does better in its place.
const Kernels& avx512Kernels()
{
    static const Kernels table = [] {
        Kernels made = kAvx2Kernels;
        made.name = "avx512";
        made.dotRows = avx512DotRows;
        made.mixRows = avx512MixRows;
        made.softmax = avx512Softmax;
        made.swiglu = avx512Swiglu;
        made.gather = avx512Gather;
        made.narrowDots = avx512NarrowDots;
        made.narrowMix = avx512NarrowMix;
        made.nestedPrepare = avx512NestedPrepare;
        made.nestedProduct = avx512NestedProduct;
        made.nestedDecode = avx512NestedDecode;
        made.nestedBatch = avx512NestedBatch;
        return made;
    }();
    return table;
}

const TableList& listOfTables()
{
    static const TableList list = [] {
        TableList found;
        found.add(kScalarKernels);
        __builtin_cpu_init();
        if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !hasF16c()) return found;
        found.add(kAvx2Kernels);
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
            __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vnni"))
            found.add(avx512Kernels());
        return found;
    }();
    return list;
}

const Kernels* choose()
{
    const TableList& list = listOfTables();
    const Kernels* best = list.tables[list.count - 1];
    const char* wanted =
        std::getenv("BS_CPU"); // NOLINT(concurrency-mt-unsafe): nothing here sets it
    if (wanted == nullptr || *wanted == '\0') return best;
    std::string names;
    for (std::size_t i = 0; i < list.count; ++i) {
        if (std::string_view(wanted) == list.tables[i]->name) return list.tables[i];
        names += std::string(i == 0 ? "" : ", ") + list.tables[i]->name;
    }
    logWarning("BS_CPU=" + std::string(wanted) + " is not available here (available: " + names +
               "); using " + best->name);
    return best;
}

std::atomic<const Kernels*>& current()
{
    static std::atomic<const Kernels*> table{choose()};
    return table;
}

} // namespace

const Kernels& kernels()
{
    return *current().load(std::memory_order_relaxed);
}

std::size_t availableKernels(const Kernels* const*& tables)
{
    const TableList& list = listOfTables();
    tables = list.tables.data();
    return list.count;
}

void useKernels(const Kernels& table)
{
    current().store(&table);
}

} // namespace bs
