#include "app/cli/version_text.h"

#include "core/base/sizes.h"
#include "core/base/thread_pool.h"
#include "core/infer/devices.h"
#include "core/jobs/version.h"
#include "core/linalg/blas.h"
#include "core/linalg/cpu/kernels.h"

namespace bs::cli {

std::string cpuName(int threads)
{
    return "cpu (" + std::string(kernels().name) + ", " +
           std::to_string(threads > 0 ? threads : availableCores()) + " threads)";
}

namespace {

/// A line for each card, or why there is none.
std::string cardsText(const Result<void>& plugin)
{
    if (!plugin) return "\ncards: none, " + plugin.error().message;
    const Result<std::vector<GpuCard>> cards = gpuDevices()->cards();
    if (!cards) return "\ncards: none, " + cards.error().message;
    std::string lines;
    for (std::size_t i = 0; i < cards.value().size(); ++i) {
        const GpuCard& card = cards.value()[i];
        lines += "\ndevice: cuda:" + std::to_string(i) + " (" + card.name + ", " +
                 formatSize(card.freeBytes) + " of " + formatSize(card.totalBytes) + " free)";
    }
    return lines;
}

} // namespace

std::string versionText(const Result<void>& plugin)
{
    return "bitstack " + std::string(programVersion()) + "\ncommit: " + programCommit() +
           "\nkernels: " + kernels().name + "\nmatrix products: OpenBLAS, " + blasKernels() +
           "\ndevice: " + cpuName(0) +
           cardsText(plugin);
}

} // namespace bs::cli
