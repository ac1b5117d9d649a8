#include "core/jobs/part_progress.h"

#include <chrono>

namespace bs {

JobContext partOf(const JobContext& whole, std::size_t index, std::size_t count,
                  const std::string& what)
{
    const auto start = std::chrono::steady_clock::now();
    JobContext part{whole.stop, {}};
    part.onProgress = [&whole, index, count, what, start](const Progress& p) {
        const double share = p.total > 0 ? p.done / p.total : 0;
        const double elapsed =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        const double each = share > 0 ? elapsed / share : -1;
        const double left = each < 0 ? -1 : each * (static_cast<double>(count - index) - share);
        const std::string place = count > 1 ? what + " (" + std::to_string(index + 1) + " of " +
                                                  std::to_string(count) + "), " + p.detail
                                            : p.detail;
        whole.report(
            {p.phase, static_cast<double>(index) + share, static_cast<double>(count), left, place});
    };
    return part;
}

} // namespace bs
